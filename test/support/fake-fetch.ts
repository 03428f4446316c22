/** A request as it was sent. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
  readonly init: RequestInit;
  /** The body as JSON. */
  json<T>(): T;
}

export type Answer = Response | Error | ((sent: Sent) => Response | Error | Promise<Response>);

/**
 * A `fetch` for tests that keeps what it was asked and answers from a function or a list; an Error is thrown as a
 * failed connection is.
 */
export class FakeFetch {
  constructor(answers: readonly Answer[] | ((sent: Sent) => Answer)) {
    this.#answers = answers;
  }

  readonly sent: Sent[] = [];

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = String(input);
    const body = (init.body ?? null) as string | Uint8Array | null;
    const sent: Sent = {
      method: init.method ?? 'GET',
      url,
      path: new URL(url).pathname + new URL(url).search,
      headers: Object.fromEntries(new Headers(init.headers)),
      body,
      init,
      json: () => JSON.parse(String(body))
    };
    const index = this.sent.push(sent) - 1;
    const given = typeof this.#answers === 'function' ? this.#answers(sent) : this.#answers[index];
    const answer = typeof given === 'function' ? await given(sent) : given;
    if (answer === undefined) {
      throw new Error(`an unexpected request: ${sent.method} ${sent.path}`);
    }
    if (answer instanceof Error) {
      throw answer;
    }
    // One answer of a list or a route may be given more than once.
    return answer === given ? answer.clone() : answer;
  };

  readonly #answers: readonly Answer[] | ((sent: Sent) => Answer);
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers }
  });
}

export function refused(
  status: number,
  code: string,
  details: object = {},
  headers: Record<string, string> = {}
): Response {
  return json({ error: { code, message: `said ${code}`, ...details } }, status, headers);
}

/** An answer that never comes, until the request is aborted. */
export function never(sent: Sent): Promise<Response> {
  return new Promise((_, reject) => {
    const { signal } = sent.init;
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}
