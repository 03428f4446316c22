/** A failure whose message is all that a person needs: it is shown without a stack. */
export class Failure extends Error {
  /**
   * @param {string} message What happened and what to do about it.
   * @param {{exitCode?: number, cause?: unknown}} [options] exitCode: 1 unless told.
   */
  constructor(message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

/** The work was ended by a signal; nothing went wrong. */
export class Interrupted extends Failure {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Ended by ${signal}.`, { exitCode: 128 + SIGNAL_NUMBERS[signal] });
    this.name = 'Interrupted';
  }
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
