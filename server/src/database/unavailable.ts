import { systemCode } from '../errors';

/** No connection to the database could be had: nothing was asked of it. */
export class DatabaseUnreachable extends Error {
  constructor(cause: unknown) {
    super('No connection to the database could be had.', { cause });
    this.name = 'DatabaseUnreachable';
  }
}

/**
 * True where the database is away, or went away in the midst of it: the same call may work in a while. What was asked last may have
 * been done.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnreachable) {
    return true;
  }
  // PostgreSQL's: a connection's failure, a shutdown, a crash of another one, a start under way.
  if (/^(08...|57P0[123])$/.test(systemCode(error) ?? '')) {
    return true;
  }
  return error instanceof Error && BROKEN.test(error.message);
}

/** What pg says, which gives it no code. */
const BROKEN = /^(Connection terminated|Client has encountered a connection error)/;
