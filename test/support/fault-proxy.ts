import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** A request that has come to the proxy. */
export interface Passing {
  readonly method: string;
  /** With its query, as the client wrote it. */
  readonly path: string;
}

/** What happens to a request on its way. Shares are from 0 up to, not including, 1. */
export type Fault =
  | { readonly kind: 'none' }
  /** It comes later; ms. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It never reaches the server. */
  | { readonly kind: 'drop' }
  /** The server gets its head and a share of its body. */
  | { readonly kind: 'cut-request'; readonly share: number }
  /** The server does it and answers; the client hears nothing. */
  | { readonly kind: 'lose-answer' }
  /** The connection breaks within the answer. */
  | { readonly kind: 'cut-answer'; readonly share: number }
  /** The answer is cut short and looks whole. */
  | { readonly kind: 'short-answer'; readonly share: number }
  /**
   * Something is done at a moment, and then the connections break: when the server has got half of the body, or all of the
   * request, or when its answer came here.
   */
  | {
      readonly kind: 'strike';
      readonly moment: StrikeMoment;
      readonly strike: () => Promise<void>;
    };

export type StrikeMoment = 'begun' | 'sent' | 'answered';

/**
 * Stands between a page and a server that may come and go: drops, delays and cuts what passes. Websockets pass as they are.
 */
export class FaultProxy {
  private constructor(target: () => string) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @param target - where the server is now, as `http://127.0.0.1:8888/…`; only its port counts */
  static async start(target: () => string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Decides on each request as it comes. */
  faultFor: (passing: Passing) => Fault = () => ({ kind: 'none' });

  /** The target's address as a page is given it. */
  get url(): string {
    const url = new URL(this.#target());
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Lets nothing pass any more: what is under way breaks. */
  async stop(): Promise<void> {
    this.faultFor = () => ({ kind: 'drop' });
    this.#sockets.forEach(socket => socket.destroy());
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    const fault = this.faultFor({ method, path });
    let passed: ClientRequest | null = null;
    try {
      if (fault.kind === 'drop') {
        return void response.destroy();
      }
      if (fault.kind === 'delay') {
        await delay(fault.ms);
      }
      const body = await bytesOf(request);
      const { port } = new URL(this.#target());
      passed = ask({
        port,
        method,
        path,
        headers: request.headers,
        host: '127.0.0.1',
        agent: false
      });
      const answered = once(passed, 'response') as Promise<[IncomingMessage]>;
      // Where the request is cut, nobody waits for it.
      answered.catch(() => undefined);
      if (!(await send(passed, body, fault))) {
        return void response.destroy();
      }
      const [answer] = await answered;
      if (fault.kind === 'strike') {
        await fault.strike();
        return void response.destroy();
      }
      await give(response, answer, fault);
    } catch {
      // As a gate does whose other side is gone.
      response.destroy();
    } finally {
      if (!response.writableEnded) {
        passed?.destroy();
      }
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const upstream = connect(Number(new URL(this.#target()).port), '127.0.0.1');
    const { rawHeaders } = request;
    const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`));
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket]
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
  }

  readonly #target: () => string;
  readonly #server: Server;
  /** Those of websockets, which the server does not count. */
  readonly #sockets = new Set<Duplex>();
}

/** Tells whether an answer is to be waited for. */
async function send(passed: ClientRequest, body: Buffer, fault: Fault): Promise<boolean> {
  const write = (bytes: Buffer) =>
    new Promise<void>((done, failed) => {
      passed.once('error', failed);
      passed.write(bytes, error => (error ? failed(error) : done()));
    });
  if (fault.kind === 'cut-request' || (fault.kind === 'strike' && fault.moment === 'begun')) {
    const share = fault.kind === 'cut-request' ? fault.share : 0.5;
    passed.flushHeaders();
    await write(body.subarray(0, Math.floor(body.length * share)));
    if (fault.kind === 'strike') {
      await fault.strike();
    }
    return false;
  }
  if (body.length > 0) {
    await write(body);
  }
  passed.end();
  if (fault.kind === 'strike' && fault.moment === 'sent') {
    await fault.strike();
    return false;
  }
  return true;
}

async function give(response: ServerResponse, answer: IncomingMessage, fault: Fault) {
  const { statusCode = 502, headers } = answer;
  const body = await bytesOf(answer);
  switch (fault.kind) {
    case 'lose-answer':
      response.destroy();
      return;
    case 'cut-answer':
      response.writeHead(statusCode, headers);
      response.write(part(body, fault.share), () => response.socket?.destroySoon());
      return;
    case 'short-answer': {
      const short = part(body, fault.share);
      const { 'content-length': length, ...others } = headers;
      response.writeHead(statusCode, {
        ...others,
        ...(length === undefined ? {} : { 'content-length': String(short.length) })
      });
      response.end(short);
      return;
    }
    default:
      response.writeHead(statusCode, headers);
      response.end(body);
  }
}

function part(body: Buffer, share: number): Buffer {
  return body.subarray(0, Math.floor(body.length * share));
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
