/** What becomes one string of characters at once; bytes, a multiple of 3, small enough for a call's arguments. */
const STEP = 3 * 8192;
/** After how much the page gets to breathe; bytes. */
const BREATH = 64 * STEP;

/** The bytes as base64 (RFC 4648, padded), without blocking the page for long. */
export async function encodeBase64(bytes: Uint8Array): Promise<string> {
  const native = bytes as Uint8Array & { toBase64?: () => string };
  if (native.toBase64) {
    return native.toBase64();
  }
  const parts: string[] = [];
  for (let start = 0; start < bytes.byteLength; start += STEP) {
    if (start > 0 && start % BREATH === 0) {
      await new Promise<void>(resume => setTimeout(resume));
    }
    parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + STEP))));
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
