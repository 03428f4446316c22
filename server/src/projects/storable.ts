import { invalidRequest } from '../errors';

/** Levels of objects and lists in what a client may have stored. */
const MAX_DEPTH = 100;

/** Throws 422 for what PostgreSQL can't hold, at any depth: a NUL, half of a surrogate pair, too many levels. */
export function checkStorable(value: unknown, what: string, depth = 0): void {
  if (depth > MAX_DEPTH) {
    throw invalidRequest(`${what} has more than ${MAX_DEPTH} levels.`);
  }
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) {
    throw invalidRequest(`${what} holds text that is not valid Unicode, or a NUL character.`);
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkStorable(key, what, depth + 1);
      checkStorable(item, what, depth + 1);
    }
  }
}
