import { invalidRequest } from '../errors';

/** Throws 422 for text that PostgreSQL can't hold, at any depth: a NUL, or half of a surrogate pair. */
export function checkStorable(value: unknown, what: string): void {
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) {
    throw invalidRequest(`${what} holds text that is not valid Unicode, or a NUL character.`);
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkStorable(key, what);
      checkStorable(item, what);
    }
  }
}
