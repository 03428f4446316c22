import type { z } from 'zod';

import { CloudError } from './errors';
import type { Http } from './http';
import { trans } from '../sync/words';

/**
 * Requests to one cloud, signed with the person's key.
 */
export class Wire {
  constructor(
    baseUrl: string,
    token: () => string | null,
    readonly http: Http
  ) {
    const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
    if (
      !url ||
      !/^https?:$/.test(url.protocol) ||
      url.username + url.password + url.search + url.hash !== ''
    ) {
      throw new CloudError(
        'failed',
        trans.__(
          'The cloud URL must be a web address such as https://example.org/api/projects, with no name, key or query in it.'
        )
      );
    }
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.#token = token;
  }

  /** Without a closing slash. */
  readonly baseUrl: string;

  /** A path below the base, with a query of what is given. */
  url(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
    const url = new URL(this.baseUrl + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    return url.href;
  }

  /** A path at the base's origin, not below the base. */
  atOrigin(path: string): string {
    return new URL(path, this.baseUrl).href;
  }

  async json<T extends z.ZodType>(request: Wire.IRequest, schema: T): Promise<z.infer<T>> {
    return this.http.json(this.#signed(request), schema);
  }

  async send(request: Wire.IRequest): Promise<Http.IAnswer> {
    return this.http.send(this.#signed(request));
  }

  #signed({ anonymous, body, headers, repeat, ...request }: Wire.IRequest): Http.IRequest {
    return {
      ...request,
      repeat: repeat ?? (request.method === 'GET' || request.method === 'HEAD'),
      headers: {
        ...headers,
        ...(anonymous === true ? {} : { Authorization: `Bearer ${this.#key()}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    };
  }

  #key(): string {
    const key = this.#token()?.trim();
    if (!key) {
      throw new CloudError('signed-out', trans.__('Sign in to the cloud first.'));
    }
    // Other characters would make the browser refuse the request, as if the cloud could not be reached.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new CloudError(
        'signed-out',
        trans.__(
          'The API key holds characters that no key has. Copy it again, and sign in with it.'
        )
      );
    }
    return key;
  }

  readonly #token: () => string | null;
}

export namespace Wire {
  export interface IRequest extends Omit<Http.IRequest, 'body' | 'repeat' | 'signed'> {
    /** Sent as JSON. */
    readonly body?: object;
    /** Default: for GET and HEAD only. */
    readonly repeat?: boolean;
    /** True for what needs no key. */
    readonly anonymous?: boolean;
  }
}
