import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way to the cloud. */
export interface Passing {
  readonly method: string;
  /** With its query, as the client wrote it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Asks the cloud. Rejects where it can't be reached. */
  pass(): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /**
   * How it ends: whole; or after `body` the connection breaks, of an answer that announced its length (`cut`) or did
   * not (`cut-chunked`).
   */
  readonly end?: 'cut' | 'cut-chunked';
  /** What `cut` announces, in bytes. */
  readonly announced?: number;
}

/** An answer that never comes: the connection breaks. */
export const NO_ANSWER = null;

/** A request that was answered, or whose connection broke. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  /** Bytes of its body. */
  readonly sent: number;
  /** null: none came. */
  readonly status: number | null;
}

/**
 * Stands between a page and a running cloud: keeps what was asked, and may answer something else, or nothing.
 */
export class CloudProxy {
  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  /** @param target - the API base of the cloud */
  static async start(target: string): Promise<CloudProxy> {
    const proxy = new CloudProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** What gives the answers; what it throws breaks the connection. */
  handle: (passing: Passing) => Promise<Answer | typeof NO_ANSWER> = passThrough;

  /** In the order in which they ended. */
  readonly seen: Seen[] = [];

  /** The API base that the page is given. */
  get url(): string {
    return `http://${this.#host}${this.#target.pathname}`;
  }

  /** Answers as the cloud does, and forgets what was asked. */
  reset(): void {
    this.handle = passThrough;
    this.seen.length = 0;
  }

  /** The contents that arrived whole by signed URLs. */
  uploads(): Seen[] {
    return this.seen.filter(each => isUpload(each) && each.status === 200);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get #host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    let status: number | null = null;
    try {
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
      const body = Buffer.concat(chunks);
      const headers = plain(request.headers);
      const pass = () => this.#ask(method, path, headers, body);
      const answer = await this.handle({ method, path, headers, body, pass });
      status = answer?.status ?? null;
      if (answer) {
        give(response, answer);
      } else {
        response.destroy();
      }
    } catch {
      // As a gate does whose other side is gone.
      response.destroy();
    } finally {
      const sent = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      this.seen.push({ method, path, sent, status });
    }
  }

  async #ask(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: Buffer
  ): Promise<Answer> {
    const answer = await fetch(this.#target.origin + path, {
      method,
      headers: { ...without(headers, HOP_BY_HOP), 'x-forwarded-host': this.#host },
      redirect: 'manual',
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {})
    });
    return {
      status: answer.status,
      headers: without(Object.fromEntries(answer.headers), HOP_BY_HOP),
      body: Buffer.from(await answer.arrayBuffer())
    };
  }

  readonly #target: URL;
  readonly #server: Server;
}

/** What concerns one connection, or is worked out anew. */
const HOP_BY_HOP = [
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding'
];

export function passThrough(passing: Passing): Promise<Answer> {
  return passing.pass();
}

/** The answer with its JSON changed. */
export function changed(answer: Answer, change: (value: Json) => unknown): Answer {
  const value = JSON.parse(answer.body.toString()) as Json;
  return { ...answer, body: Buffer.from(JSON.stringify(change(value))) };
}

/** A JSON object of whatever form. */
export type Json = Record<string, unknown> & { items: Record<string, unknown>[] };

export function isUpload({ method, path }: { method: string; path: string }): boolean {
  return method === 'PUT' && path.startsWith('/api/storage/uploads/');
}

/** Whether it asks for the content of a file. */
export function isDownload({ method, path }: { method: string; path: string }): boolean {
  return method === 'GET' && /^\/api\/projects\/[^/]+\/files\/[^?]/.test(path);
}

/** Whether it asks for the files of a project. */
export function isListing({ method, path }: { method: string; path: string }): boolean {
  return method === 'GET' && /^\/api\/projects\/[^/]+\/files(\?|$)/.test(path);
}

/** Whether it asks for the feed of changes of a project. */
export function isFeed({ method, path }: { method: string; path: string }): boolean {
  return method === 'GET' && /^\/api\/projects\/[^/]+\/changes(\?|$)/.test(path);
}

/** What a network that wants to be signed in to gives in place of everything. */
export const LOGIN_PAGE: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from('<!doctype html><title>Welcome</title><form>Sign in to the network</form>')
};

function give(response: ServerResponse, answer: Answer): void {
  const { status, headers, body, end, announced } = answer;
  const length = end === 'cut-chunked' ? null : (announced ?? body.length);
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...headers,
    ...(hasBody && length !== null ? { 'content-length': String(length) } : {})
  });
  if (end === undefined) {
    response.end(hasBody ? body : undefined);
  } else {
    response.write(body, () => response.socket?.destroySoon());
  }
}

function plain(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  );
}

function without(headers: Record<string, string>, names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
