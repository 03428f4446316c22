import { invalidRequest } from './errors';

/** Opaque to the client: where in a list the next page starts. */
export function encodeCursor(value: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Throws 422 for what this server never gave out. */
export function decodeCursor(cursor: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof value === 'object' && value !== null) {
      return value as Record<string, unknown>;
    }
  } catch (error) {
    throw invalidCursor(error);
  }
  throw invalidCursor();
}

export function invalidCursor(cause?: unknown) {
  const refusal = invalidRequest('The cursor is not one that this list gave out.', {
    field: 'cursor'
  });
  refusal.cause = cause;
  return refusal;
}

/** A page, and the cursors of those beside it. */
export interface Slice<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly next: string | null;
  readonly previous: string | null;
}

/** The standard envelope, as the wire has it. */
export interface Envelope<T> {
  items: readonly T[];
  total_count: number;
  num_items: number;
  next_page_url: string | null;
  prev_page_url: string | null;
}

/** @param url - the absolute URL of this page: the others differ in its cursor only. */
export function envelope<T>({ items, total, next, previous }: Slice<T>, url: URL): Envelope<T> {
  const at = (cursor: string | null) => {
    if (cursor === null) {
      return null;
    }
    const other = new URL(url);
    other.searchParams.set('cursor', cursor);
    return other.href;
  };
  return {
    items,
    total_count: total,
    num_items: items.length,
    next_page_url: at(next),
    prev_page_url: at(previous)
  };
}
