import { createCipheriv, createHash } from 'node:crypto';

import type { Random } from '../simulation/random';

export const KB = 1024;
export const MB = 1024 * KB;

/** Bytes that follow from a seed, and that nothing else holds; no text, so that nothing merges them. */
export function bytesFrom(random: Random, size: number): Buffer {
  const key = Buffer.alloc(16);
  for (let at = 0; at < key.length; at += 4) {
    key.writeUInt32LE(random.below(2 ** 32), at);
  }
  const bytes = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
  bytes[0] = 0;
  return bytes;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
