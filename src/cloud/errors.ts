import type { z } from 'zod';

import type { ReplicaErrorCode } from '../sync/problem';
import { ReplicaError } from '../sync/problem';
import type { CloudFile } from './schemas';
import { ErrorBody } from './schemas';
import { trans } from '../sync/words';

/** Characters of a message from outside that are shown. */
const MAX_QUOTED = 300;

/**
 * A call to the cloud that failed. Its message is for a person and holds no key, no signed URL and no content.
 */
export class CloudError extends ReplicaError {
  constructor(code: ReplicaErrorCode, message: string, details: CloudError.IDetails = {}) {
    super(code, message, { cause: details.cause });
    this.name = 'CloudError';
    this.status = details.status ?? 0;
    this.reason = details.reason ?? '';
    this.current = details.current;
    this.retryAfter = details.retryAfter ?? null;
  }

  /** The HTTP status; 0 when no answer came. */
  readonly status: number;

  /** The code in the answer's body, as `precondition_failed`; '' when there was none. */
  readonly reason: string;

  /** What the path holds now, where a condition failed; null: nothing; undefined: the answer did not say. */
  readonly current: CloudFile | null | undefined;

  /** In ms, as the cloud asked; null when it did not. */
  readonly retryAfter: number | null;
}

export namespace CloudError {
  export interface IDetails {
    readonly status?: number;
    readonly reason?: string;
    readonly current?: CloudFile | null | undefined;
    readonly retryAfter?: number | null;
    readonly cause?: unknown;
  }
}

/** The answer of `call` (as `GET /{id}/changes`) was none that the Projects API may give. */
export function unexpectedAnswer(call: string, what: string, status = 0): CloudError {
  return new CloudError(
    'unexpected-answer',
    trans.__('The cloud gave an answer that does not fit the Projects API. %1: %2', call, what),
    { status }
  );
}

/** Names the call and the first field that does not fit. */
export function misfit(call: string, error: z.ZodError, status: number): CloudError {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  const text = (issue?.message ?? trans.__('it does not fit')).replace(/^Invalid input: /, '');
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return unexpectedAnswer(call, `${field === '' ? '' : `${field}: `}${text}${more}`, status);
}

/** An answer other than 2xx. */
export interface Refused {
  readonly call: string;
  readonly status: number;
  /** The body. */
  readonly text: string;
  /** Ms; null where the cloud did not ask for a wait. */
  readonly retryAfter: number | null;
  /** The URL was a signed one: what the storage says may quote it, and concerns the URL, not the person. */
  readonly signed: boolean;
}

/** The error that the answer means. */
export function refusal({ call, status, text, retryAfter, signed }: Refused): CloudError {
  const body = parseErrorBody(text);
  const reason = /^\w{1,64}$/.exec(body?.error.code ?? '')?.[0] ?? '';
  const said = body && !signed ? quoted(body.error.message) : '';
  const details = { status, reason, current: body?.error.current, retryAfter };
  if (!signed && (status === 401 || reason === 'auth_required')) {
    return new CloudError('signed-out', keyRefused(body?.error.reason ?? ''), details);
  }
  if (!signed && status === 403) {
    const message = trans.__(
      'You are not allowed to do this in the cloud%1 (%2)',
      said && `: ${said}`,
      call
    );
    return new CloudError('forbidden', message, details);
  }
  if (status === 429) {
    const message = trans.__('The cloud is asked too often just now. Try again in a while.');
    return new CloudError('offline', message, details);
  }
  if (status === 502 || status === 503 || status === 504) {
    const message = trans.__(
      'The cloud is not available just now (%1). Try again in a while.',
      status
    );
    return new CloudError('offline', message, details);
  }
  return new CloudError(
    'failed',
    trans.__('The cloud refused %1 with %2%3', call, status, said && `: ${said}`),
    details
  );
}

/** @param reason - as the cloud gave it; '' when it gave none */
function keyRefused(reason: string): string {
  switch (reason) {
    case 'expired':
      return trans.__('This API key has expired. Sign in again with another one.');
    case 'revoked':
      return trans.__('This API key was revoked. Sign in again with another one.');
    default:
      return trans.__('The cloud did not accept the API key. Sign in again with a valid key.');
  }
}

function parseErrorBody(text: string): ErrorBody | null {
  try {
    return ErrorBody.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

/** One line, cut, and without the queries of URLs: they may be signatures. */
function quoted(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/(https?:\/\/[^\s?#]*)[?#]\S*/g, '$1')
    .trim();
  return line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line;
}
