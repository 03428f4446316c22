import type { IncomingMessage } from 'node:http';

/** Where the API is on its host. */
export const BASE_PATH = '/api/projects';

/** What the Node adapter adds to a request; absent where the server is called in process. */
export interface Env {
  readonly incoming?: Pick<IncomingMessage, 'url'>;
}

/** What a request is for, as the client wrote it. */
export interface Target {
  /** For the router: the path, where a file's path is replaced by `_`. */
  readonly route: string;
  /** The file's path as it stands in the URL; null where the route has none. */
  readonly tail: string | null;
  /** With query, absolute, as the client knows it. */
  readonly url: URL;
  /** As `https://host`; with the prefix under which a proxy serves this host. */
  readonly origin: string;
}

const WITH_TAIL = new RegExp(`^(${BASE_PATH}/[0-9a-fA-F-]{36}/(?:files|file-preload))/(.*)$`, 's');

/**
 * #### Notes
 * The path is taken from the request line where there is one: what makes a `Request` of it resolves `..` on the way.
 */
export function targetOf(request: Request, env: Env | undefined): Target {
  const parsed = new URL(request.url);
  const line = env?.incoming?.url ?? `${parsed.pathname}${parsed.search}`;
  const [path = '', ...query] = line.replace(/^https?:\/\/[^/]*/, '').split('?');
  const origin = originOf(request, parsed);
  const url = new URL(origin);
  url.pathname = `${url.pathname === '/' ? '' : url.pathname}${path}`;
  url.search = query.join('?');
  const [, start, tail] = WITH_TAIL.exec(path) ?? [];
  return start === undefined || tail === undefined
    ? { route: path.length > 1 ? path.replace(/\/$/, '') : path, tail: null, url, origin }
    : { route: `${start}/_`, tail, url, origin };
}

function originOf(request: Request, parsed: URL): string {
  const forwarded = (name: string) =>
    request.headers.get(`x-forwarded-${name}`)?.split(',')[0]?.trim();
  const proto = forwarded('proto') === 'https' ? 'https:' : parsed.protocol;
  const given = forwarded('host') ?? request.headers.get('host') ?? parsed.host;
  const host = /^[A-Za-z0-9._~[\]:-]+$/.test(given) ? given : parsed.host;
  const prefix = forwarded('prefix')?.replace(/\/+$/, '') ?? '';
  return `${proto}//${host}${/^(\/[\w.~-]+)*$/.test(prefix) ? prefix : ''}`;
}
