import { createHmac, timingSafeEqual } from 'node:crypto';

import { Refusal } from '../errors';

/** What a signed URL lets its holder do: send this version's bytes, or one part of them (from 1; 0: all). */
export interface UploadGrant {
  readonly version: string;
  readonly part: number;
}

/**
 * Makes and checks the URLs that take content without another credential.
 */
export class UploadSigner {
  readonly #secret: Buffer;
  readonly #lifetime: number;

  /** @param lifetime - ms. */
  constructor(secret: Buffer, lifetime: number) {
    this.#secret = secret;
    this.#lifetime = lifetime;
  }

  /** @param origin - as `https://host`. */
  sign(origin: string, grant: UploadGrant, now = Date.now()): string {
    const expires = Math.floor((now + this.#lifetime) / 1000);
    const signature = this.#signature(grant, expires).toString('base64url');
    return `${origin}/api/storage/uploads/${grant.version}/${grant.part}?expires=${expires}&signature=${signature}`;
  }

  /** Throws a 403 unless the URL is one that was made here, for just this, and not too long ago. */
  check(grant: UploadGrant, query: URLSearchParams, now = Date.now()): void {
    const expires = Number(query.get('expires'));
    const given = Buffer.from(query.get('signature') ?? '', 'base64url');
    const expected = this.#signature(grant, expires);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new Refusal(403, 'invalid_signature', 'This upload URL is not one that was given out.');
    }
    if (now >= expires * 1000) {
      throw new Refusal(
        403,
        'signature_expired',
        'This upload URL has expired: ask for a new one.'
      );
    }
  }

  #signature({ version, part }: UploadGrant, expires: number): Buffer {
    return createHmac('sha256', this.#secret).update(`${version}\n${part}\n${expires}`).digest();
  }
}
