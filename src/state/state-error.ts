export type StateErrorCode =
  /** The saved state could not be read now; nothing was changed. */
  | 'unreadable'
  /** It was written by a newer version of the extension; it is left as it is. */
  | 'newer-version'
  /** The change could not be saved, and was not kept. */
  | 'not-saved'
  | 'already-linked'
  | 'not-found'
  | 'disposed';

/** A failure of what is remembered; `code` is stable, the message is for a person. */
export class StateError extends Error {
  constructor(
    readonly code: StateErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
    this.name = 'StateError';
  }
}

/** An error's own words, whatever was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
