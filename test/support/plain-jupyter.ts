import { createHash } from 'node:crypto';

import { ContentsManager, ServerConnection } from '@jupyterlab/services';

import { isWithin, nameOf, parentOf } from '../../src/sync/path';

const BASE_URL = 'http://jupyter.test/';

interface Stored {
  /** null: a folder. */
  readonly bytes: Buffer<ArrayBuffer> | null;
  /** Ms since the epoch, by the server's clock. */
  readonly modified: number;
}

/** A Jupyter server in memory that answers requests as the real one does, with a clock of its own. */
export class PlainJupyter {
  /** How far its clock is ahead of the page's; ms. */
  skew = 0;
  /** What was asked for, such as `GET api/contents/p?type=directory`. */
  readonly requests: string[] = [];
  /** Called before each request: what it throws is a network error, a number is the status of the answer. */
  before: ((request: string) => number | void) | null = null;

  readonly settings = ServerConnection.makeSettings({
    baseUrl: BASE_URL,
    appendToken: false,
    token: '',
    fetch: async (input, init) => this.#answer(new Request(input, init))
  });

  readonly contents = new ContentsManager({ serverSettings: this.settings });

  /** As a person would. Parents are made; the time stamp is now's, if none is given. */
  write(path: string, text: string, modified = this.#now()): void {
    this.mkdir(parentOf(path));
    this.#nodes.set(path, { bytes: Buffer.from(text), modified });
  }

  mkdir(path: string): void {
    if (path !== '' && !this.#nodes.has(path)) {
      this.mkdir(parentOf(path));
      this.#nodes.set(path, { bytes: null, modified: this.#now() });
    }
  }

  remove(path: string): void {
    for (const below of [...this.#nodes.keys()].filter(each => isWithin(each, path))) {
      this.#nodes.delete(below);
    }
  }

  /** Ms since the epoch; undefined where nothing is. */
  modified(path: string): number | undefined {
    return this.#nodes.get(path)?.modified;
  }

  /** Gives every file this time stamp. */
  age(modified: number): void {
    for (const [path, { bytes }] of this.#nodes) {
      this.#nodes.set(path, { bytes, modified });
    }
  }

  /** Every file's content as text. */
  texts(top: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [path, { bytes }] of [...this.#nodes].sort()) {
      if (bytes && isWithin(path, top)) {
        found[path.slice(top.length + 1)] = bytes.toString();
      }
    }
    return found;
  }

  #now(): number {
    return Date.now() + this.skew;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const asked = `${request.method} ${decodeURIComponent(pathname).slice(1)}`;
    const query = ['type', 'content', 'hash'].flatMap(key =>
      searchParams.has(key) ? [`${key}=${searchParams.get(key)}`] : []
    );
    const told = query.length > 0 ? `${asked}?${query.join('&')}` : asked;
    this.requests.push(told);
    let status: number | void;
    try {
      status = this.before?.(told);
    } catch {
      throw new TypeError('Failed to fetch');
    }
    if (typeof status === 'number') {
      return Response.json({ message: 'made up by the test' }, { status });
    }
    const path = decodeURIComponent(pathname).replace(/^\/(api\/contents|files)\/?/, '');
    if (pathname === '/api') {
      const headers = { Date: new Date(this.#now()).toUTCString() };
      return Response.json({ version: '2' }, { headers });
    }
    if (pathname.startsWith('/files/')) {
      const bytes = this.#nodes.get(path)?.bytes;
      return bytes ? new Response(bytes) : new Response(null, { status: 404 });
    }
    switch (request.method) {
      case 'GET':
        return this.#get(path, searchParams);
      case 'PUT':
        return this.#put(path, (await request.json()) as Saved);
      case 'PATCH':
        return this.#rename(path, ((await request.json()) as { path: string }).path);
      default:
        this.remove(path);
        return new Response(null, { status: 204 });
    }
  }

  #get(path: string, query: URLSearchParams): Response {
    const node = path === '' ? { bytes: null, modified: 0 } : this.#nodes.get(path);
    if (!node) {
      return refusal(404);
    }
    const type = query.get('type');
    if (type && (type === 'directory') !== (node.bytes === null)) {
      return refusal(400);
    }
    const model = modelOf(path, node);
    if (node.bytes && query.get('hash') === '1') {
      const hash = createHash('sha256').update(node.bytes).digest('hex');
      return Response.json({ ...model, hash, hash_algorithm: 'sha256' });
    }
    if (query.get('content') === '0') {
      return Response.json(model);
    }
    if (node.bytes) {
      return Response.json({ ...model, format: 'base64', content: node.bytes.toString('base64') });
    }
    const children = [...this.#nodes].filter(([each]) => parentOf(each) === path);
    const content = children.map(([each, child]) => modelOf(each, child));
    return Response.json({ ...model, format: 'json', content });
  }

  #put(path: string, saved: Saved): Response {
    if (parentOf(path) !== '' && !this.#nodes.has(parentOf(path))) {
      return refusal(500);
    }
    const bytes = saved.type === 'directory' ? null : Buffer.from(saved.content ?? '', 'base64');
    const node = { bytes, modified: this.#now() };
    this.#nodes.set(path, node);
    return Response.json(modelOf(path, node), { status: 201 });
  }

  #rename(from: string, to: string): Response {
    if (!this.#nodes.has(from)) {
      return refusal(404);
    }
    if (this.#nodes.has(to)) {
      return refusal(409);
    }
    for (const [path, node] of [...this.#nodes].filter(([each]) => isWithin(each, from))) {
      this.#nodes.delete(path);
      this.#nodes.set(to + path.slice(from.length), node);
    }
    return Response.json(modelOf(to, this.#nodes.get(to)!));
  }

  readonly #nodes = new Map<string, Stored>();
}

interface Saved {
  readonly type: string;
  readonly content?: string;
}

function modelOf(path: string, { bytes, modified }: Stored) {
  const time = new Date(modified).toISOString();
  return {
    name: nameOf(path),
    path,
    type: bytes ? 'file' : 'directory',
    created: time,
    last_modified: time,
    writable: true,
    mimetype: null,
    format: null,
    content: null,
    ...(bytes && { size: bytes.length })
  };
}

function refusal(status: number): Response {
  return Response.json({ message: 'refused' }, { status });
}
