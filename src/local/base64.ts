import { nextTask } from '../sync/breathe';

const ALPHABET = new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
);
const PADDING = '='.charCodeAt(0);

/** What is encoded before the page gets to breathe; bytes, a multiple of 3. */
const STEP = 3 * 512 * 1024;

/** The bytes as base64 (RFC 4648, padded), without blocking the page for long. */
export async function encodeBase64(bytes: Uint8Array): Promise<string> {
  const native = bytes as Uint8Array & { toBase64?: () => string };
  if (native.toBase64) {
    return native.toBase64();
  }
  const parts: string[] = [];
  for (let start = 0; start < bytes.byteLength; start += STEP) {
    if (start > 0) {
      await nextTask();
    }
    parts.push(encodeStep(bytes.subarray(start, start + STEP)));
  }
  return parts.join('');
}

/** The bytes of base64, which may be broken into lines. Throws on what is no base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) {
    bytes[index] = binary.charCodeAt(index);
  }
  return bytes;
}

function encodeStep(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const bits = (at(bytes, from) << 16) | (at(bytes, from + 1) << 8) | at(bytes, from + 2);
    codes[to] = at(ALPHABET, bits >> 18);
    codes[to + 1] = at(ALPHABET, (bits >> 12) & 63);
    codes[to + 2] = from + 1 < bytes.length ? at(ALPHABET, (bits >> 6) & 63) : PADDING;
    codes[to + 3] = from + 2 < bytes.length ? at(ALPHABET, bits & 63) : PADDING;
  }
  return new TextDecoder().decode(codes);
}

/** 0 past the end. */
function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
