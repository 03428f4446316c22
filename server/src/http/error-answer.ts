import { isUnavailable } from '../database/unavailable';
import { Refusal } from '../errors';
import { json } from './answer';

const databaseAway = new Refusal(
  503,
  'unavailable',
  "The server's database can't be reached just now."
);

/**
 * The error envelope.
 *
 * @param what - the method and path, for the log; a query is left out, as it may hold a signature.
 */
export function answerError(error: unknown, what = ''): Response {
  if (error instanceof Refusal) {
    const { status, code, message, details, headers } = error;
    return json({ error: { ...details, code, message } }, status, headers);
  }
  console.error(`${new Date().toISOString()} ${what} failed:`, error);
  if (isUnavailable(error)) {
    return answerError(databaseAway);
  }
  return json(
    { error: { code: 'internal', message: 'The server failed. Its log says why.' } },
    500
  );
}
