/** The HTTP statuses that the API refuses with. */
export type RefusalStatus =
  401 | 403 | 404 | 409 | 410 | 412 | 413 | 416 | 422 | 426 | 429 | 503 | 507;

/** A request that is refused: it becomes `{error: {code, message, …details}}` with its status. */
export class Refusal extends Error {
  constructor(
    readonly status: RefusalStatus,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {}
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

export function notFound(what: string): Refusal {
  return new Refusal(404, 'not_found', `${what} was not found.`);
}

export function invalidRequest(message: string, details: Record<string, unknown> = {}): Refusal {
  return new Refusal(422, 'invalid_request', message, details);
}

export function forbidden(message: string): Refusal {
  return new Refusal(403, 'forbidden', message);
}

export function tooLarge(message: string): Refusal {
  return new Refusal(413, 'too_large', message);
}

/** What a command refuses to do, with what to do instead: printed without a stack. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}

/** The code of a system's error, as `ENOENT`; null where it has none. */
export function systemCode(error: unknown): string | null {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
    ? error.code
    : null;
}
