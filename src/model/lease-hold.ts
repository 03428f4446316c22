import type { LeaseProgress } from './lease-file';
import { trans } from '../sync/words';

/** One use of the lease; it is given back when the last is released. */
export class LeaseHold {
  constructor(lease: LeaseHold.Keeper) {
    this.#lease = lease;
  }

  /** Aborted when the lease went to somebody else: nothing may be written any more. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * To be called before each write: renews the lease where time has passed, as in a hidden page, whose timers hardly run.
   *
   * @throws the signal's reason when it is lost
   */
  async check(): Promise<void> {
    await this.#lease.renewWhenDue(this);
    this.signal.throwIfAborted();
  }

  /**
   * Resolves when nobody else took the lease at the same moment. To be awaited before any write whose precondition is not checked
   * in the same step.
   *
   * @throws the signal's reason when somebody did
   */
  async settled(): Promise<void> {
    await this.#lease.settled(this);
    this.signal.throwIfAborted();
  }

  /** What others that wait are to be told. Renews the lease where time has passed; never fails. */
  tell(projectId: string, progress: LeaseProgress): void {
    this.#lease.tell(this, projectId, progress);
  }

  lose(): void {
    this.#lost.abort(new LeaseLostError());
  }

  /** Never fails; safe to call twice. */
  release(): Promise<void> {
    return this.#lease.release(this);
  }

  readonly #lease: LeaseHold.Keeper;
  readonly #lost = new AbortController();
}

export namespace LeaseHold {
  /** Of the lease, what its holds need. */
  export interface Keeper {
    renewWhenDue(hold: LeaseHold): Promise<void>;
    settled(hold: LeaseHold): Promise<void>;
    tell(hold: LeaseHold, projectId: string, progress: LeaseProgress): void;
    release(hold: LeaseHold): Promise<void>;
  }
}

/** Another browser took the lease over. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor() {
    super(trans.__('Another browser began to sync on this Jupyter server.'));
  }
}
