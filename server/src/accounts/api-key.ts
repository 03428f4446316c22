import { createHash, randomBytes } from 'node:crypto';

/** A new key: 256 random bits, with a prefix that secret scanners can look for. */
export function makeApiKey(): string {
  return `projects_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a key. A plain hash suffices: there is nothing to guess in 256 random bits. */
export function hashOfApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
