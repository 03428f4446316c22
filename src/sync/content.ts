import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The bytes of one file: in memory when small, a Blob (which a browser may keep on disk) when large. */
export type Content = Uint8Array<ArrayBuffer> | Blob;

/** How much of a Blob is in memory at once while it is hashed; bytes. */
const HASH_CHUNK = 4 * 1024 * 1024;

/** Bytes. */
export function sizeOf(content: Content): number {
  return content instanceof Blob ? content.size : content.byteLength;
}

/** The bytes from `start` up to, not including, `end`. */
export async function sliceOf(
  content: Content,
  start = 0,
  end = sizeOf(content)
): Promise<Uint8Array<ArrayBuffer>> {
  return content instanceof Blob
    ? new Uint8Array(await content.slice(start, end).arrayBuffer())
    : content.subarray(start, end);
}

/**
 * Lower-case hex of the content's sha256. Uses the platform's digest for what is in memory, and works without it:
 * a page on plain http has no `crypto.subtle`.
 */
export async function hashOf(content: Content): Promise<string> {
  if (!(content instanceof Blob)) {
    return hashOfBytes(content);
  }
  if (content.size <= HASH_CHUNK) {
    return hashOfBytes(await sliceOf(content));
  }
  const hash = sha256.create();
  for (let start = 0; start < content.size; start += HASH_CHUNK) {
    hash.update(await sliceOf(content, start, Math.min(start + HASH_CHUNK, content.size)));
  }
  return bytesToHex(hash.digest());
}

async function hashOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  return bytesToHex(subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : sha256(bytes));
}
