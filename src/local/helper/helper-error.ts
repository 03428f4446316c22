import { ReplicaError } from '../../sync/problem';

/**
 * The helper kernel could not do it: nothing is known to be wrong with the files, and the contents API may well be able to.
 */
export class HelperError extends ReplicaError {
  /**
   * @param reason - `lost`: it does not answer any more; `off`: there is none; else the program's own code
   */
  constructor(
    readonly reason: string,
    message: string,
    options?: ErrorOptions
  ) {
    super('failed', message, options);
    this.name = 'HelperError';
  }
}

/** For what the program puts away by itself when it starts the next time: that it could not be asked to is no failure. */
export function unlessHelperFailed(error: unknown): void {
  if (!(error instanceof HelperError)) {
    throw error;
  }
}
