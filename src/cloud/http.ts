import type { z } from 'zod';

import type { Content } from '../sync/content';
import { sizeOf, sliceOf } from '../sync/content';
import type { Backoff } from './backoff';
import { DEFAULT_BACKOFF, delayBefore, parseRetryAfter, sleep } from './backoff';
import { Collector } from './collector';
import { CloudError, misfit, refusal, unexpectedAnswer } from './errors';
import { trans } from '../sync/words';

/** The slowest line that is waited for, in bytes per ms: a body of 1 MB gets 64 s more. */
const SLOWEST = 16;

const RETRIED = new Set([429, 502, 503, 504]);

/**
 * Sends requests: with timeouts, again where that is safe, and with errors that a person understands.
 *
 * #### Notes
 * Rejects with a `CloudError`, or with the signal's reason.
 */
export class Http {
  constructor(options: Http.IOptions = {}) {
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#onRequest = options.onRequest;
    this.#sleep = options.sleep ?? sleep;
    this.#random = options.random ?? Math.random;
    this.#now = options.now ?? Date.now;
    this.#backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    this.#idleTimeout = options.idleTimeout ?? 60_000;
  }

  /** The answer, when its status is 2xx. */
  async send(request: Http.IRequest): Promise<Http.IAnswer> {
    const collector = new Collector();
    for (let attempt = 1; ; attempt += 1) {
      request.signal?.throwIfAborted();
      const outcome = await this.#attempt(request, collector);
      if (!(outcome instanceof CloudError)) {
        return fromCloud(request, outcome);
      }
      const again =
        outcome.status === 429 ||
        (request.repeat && (outcome.status === 0 || RETRIED.has(outcome.status)));
      const delay = again
        ? delayBefore(attempt + 1, outcome.retryAfter, this.#random(), this.#backoff)
        : null;
      if (delay === null) {
        throw outcome;
      }
      await this.#sleep(delay, request.signal);
    }
  }

  /** The answer's JSON, when it fits the schema. */
  async json<T extends z.ZodType>(request: Http.IRequest, schema: T): Promise<z.infer<T>> {
    const { status, content, headers } = await this.send({
      ...request,
      headers: { Accept: 'application/json', ...request.headers }
    });
    let value: unknown;
    try {
      value = JSON.parse(await textOf(content));
    } catch (error) {
      if (!(error instanceof SyntaxError)) {
        throw error;
      }
      const type = headers.get('Content-Type')?.split(';')[0] ?? trans.__('something else');
      const what = type.endsWith('json')
        ? 'the JSON is broken or cut short'
        : `expected JSON, received ${type}`;
      throw unexpectedAnswer(request.call, what, status);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      throw misfit(request.call, parsed.error, status);
    }
    return parsed.data;
  }

  async #attempt(request: Http.IRequest, collector: Collector): Promise<Http.IAnswer | CloudError> {
    const { call, method, url, body, signal } = request;
    const watch = new Watch(signal);
    const etag = request.resumable === true && collector.size > 0 ? collector.etag : null;
    const resumed = etag !== null;
    if (!resumed) {
      collector.reset();
    }
    let answered = false;
    try {
      watch.arm(this.#idleTimeout + sizeOfBody(body) / SLOWEST);
      this.#onRequest?.();
      const response = await this.#fetch(url, {
        method,
        headers: {
          ...request.headers,
          ...(resumed ? { Range: `bytes=${collector.size}-`, 'If-Range': etag } : {})
        },
        ...(body === undefined ? {} : { body }),
        ...(method === 'GET' || method === 'HEAD' ? { cache: 'no-store' as const } : {}),
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: watch.signal
      });
      answered = true;
      const { status, headers } = response;
      if (!response.ok) {
        const refused = new Collector();
        await this.#drain(response, refused, watch);
        const error = refusal({
          call,
          status,
          text: await textOf(refused.content()),
          retryAfter: parseRetryAfter(headers.get('Retry-After'), this.#now()),
          signed: request.signed === true
        });
        return resumed && status === 416 ? this.#restart(call, collector) : error;
      }
      if (status === 206 && !continues(headers.get('Content-Range'), collector.size)) {
        watch.abandon();
        return this.#restart(call, collector);
      }
      if (status !== 206) {
        collector.reset();
        collector.etag = strong(headers.get('ETag'));
      }
      await this.#drain(response, collector, watch, request.onBytes);
      return { status, headers, content: collector.content() };
    } catch (error) {
      signal?.throwIfAborted();
      if (resumed && !answered) {
        // It may be the range itself that some gate on the way does not let through.
        collector.etag = null;
      }
      return new CloudError('offline', this.#unreachable(request, watch), {
        cause: request.signed === true ? undefined : error
      });
    } finally {
      watch.dispose();
    }
  }

  async #drain(
    response: Response,
    collector: Collector,
    watch: Watch,
    onBytes?: (bytes: number) => void
  ): Promise<void> {
    watch.arm(this.#idleTimeout);
    const reader = response.body?.getReader();
    if (!reader) {
      return;
    }
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      watch.arm(this.#idleTimeout);
      collector.add(value);
      onBytes?.(value.byteLength);
    }
  }

  /** The rest can't be had: the next try asks for all. */
  #restart(call: string, collector: Collector): CloudError {
    collector.reset();
    return new CloudError(
      'offline',
      trans.__('The cloud did not go on where it was cut off (%1).', call)
    );
  }

  #unreachable(request: Http.IRequest, watch: Watch): string {
    const { host } = new URL(request.url);
    const what =
      request.signed === true
        ? trans.__("The cloud's storage at %1", host)
        : trans.__('The cloud at %1', host);
    return watch.expired
      ? trans.__('%1 did not answer in time (%2).', what, request.call)
      : trans.__("%1 can't be reached. Check the connection and the cloud URL.", what);
  }

  readonly #fetch: typeof fetch;
  readonly #onRequest: (() => void) | undefined;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #backoff: Backoff;
  readonly #idleTimeout: number;
}

export namespace Http {
  export interface IOptions {
    readonly fetch?: typeof fetch;
    /** Called once for each HTTP request that is sent, those sent again included. */
    readonly onRequest?: (() => void) | undefined;
    /** Ms. */
    readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
    /** In [0, 1). */
    readonly random?: () => number;
    /** Ms since the epoch. */
    readonly now?: () => number;
    readonly backoff?: Partial<Backoff>;
    /** How long nothing may come, in ms; a request with a body gets more. Default 60,000. */
    readonly idleTimeout?: number;
  }

  export interface IRequest {
    /** Names the call in errors, as `GET /{id}/changes`. */
    readonly call: string;
    readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array<ArrayBuffer> | string;
    /** True when sending it twice does what sending it once does. */
    readonly repeat: boolean;
    /** True to ask for the rest of a content that broke off, where the cloud names what it is (a strong ETag). */
    readonly resumable?: boolean;
    /** True when the URL is a secret itself. */
    readonly signed?: boolean;
    readonly signal?: AbortSignal | undefined;
    /** Called with the bytes of the answer that came since the last call. */
    readonly onBytes?: ((bytes: number) => void) | undefined;
  }

  export interface IAnswer {
    readonly status: number;
    readonly headers: Headers;
    readonly content: Content;
  }
}

/** Aborts a request when the caller does, or when nothing came for too long. */
class Watch {
  constructor(signal: AbortSignal | undefined) {
    this.#caller = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when it was too long. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Starts the wait anew. */
  arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#expired = true;
      this.#controller.abort(new DOMException('Nothing came in time.', 'TimeoutError'));
    }, ms);
  }

  /** Lets go of an answer that is not wanted. */
  abandon(): void {
    this.#controller.abort();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = () => this.#controller.abort(this.#caller?.reason);
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #expired = false;
}

/**
 * A network that wants to be signed in to answers everything with a page of its own, and a write that it answered was never
 * done. Of what is read, its form or its hash will tell.
 */
function fromCloud({ call, method }: Http.IRequest, answer: Http.IAnswer): Http.IAnswer {
  const { headers, content, status } = answer;
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isRead && sizeOf(content) > 0 && headers.get('Content-Type')?.startsWith('text/html')) {
    throw unexpectedAnswer(call, 'expected JSON, received text/html', status);
  }
  return answer;
}

/** Whether the range that came goes on where we are. A header that CORS hides is trusted: the hash will tell. */
function continues(contentRange: string | null, offset: number): boolean {
  return contentRange === null || contentRange.startsWith(`bytes ${offset}-`);
}

function strong(etag: string | null): string | null {
  return etag?.startsWith('"') ? etag : null;
}

function sizeOfBody(body: Uint8Array | string | undefined): number {
  return body?.length ?? 0;
}

async function textOf(content: Content): Promise<string> {
  return new TextDecoder().decode(await sliceOf(content));
}
