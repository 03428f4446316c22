const EXPOSED = [
  'ETag',
  'Retry-After',
  'Content-Length',
  'Content-Range',
  'Accept-Ranges',
  'X-File-Id',
  'X-File-Kind',
  'X-File-Size',
  'X-File-Version-Id',
  'X-Sha256',
  'X-Revision',
  'X-Created-At',
  'X-Updated-At',
  'X-Updated-By-Id',
  'X-Updated-By-Name',
  'X-File-Description',
  'X-File-Metadata'
].join(', ');

const ALLOWED = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'If-Range',
  'Range'
].join(', ');

/** Which pages may call the API: those of this machine, and those of the given origins. */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  allows(origin: string): boolean {
    return this.#origins.has('*') || this.#origins.has(origin) || isLoopback(origin);
  }

  /** The answer to a browser's question before the call; null where the request is none. */
  preflight(request: Request): Response | null {
    const origin = request.headers.get('origin');
    if (
      request.method !== 'OPTIONS' ||
      origin === null ||
      !request.headers.has('access-control-request-method')
    ) {
      return null;
    }
    const headers = new Headers({ Vary: 'Origin' });
    if (this.allows(origin)) {
      headers.set('Access-Control-Allow-Origin', origin);
      headers.set('Access-Control-Allow-Methods', 'GET, HEAD, PUT, POST, PATCH, DELETE');
      headers.set('Access-Control-Allow-Headers', ALLOWED);
      headers.set('Access-Control-Max-Age', '600');
      if (request.headers.has('access-control-request-private-network')) {
        headers.set('Access-Control-Allow-Private-Network', 'true');
      }
    }
    return new Response(null, { status: 204, headers });
  }

  decorate(request: Request, response: Response): void {
    response.headers.append('Vary', 'Origin');
    const origin = request.headers.get('origin');
    if (origin !== null && this.allows(origin)) {
      response.headers.set('Access-Control-Allow-Origin', origin);
      response.headers.set('Access-Control-Expose-Headers', EXPOSED);
    }
  }
}

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(origin);
}
