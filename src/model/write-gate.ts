import type { Side } from '../sync/entry';
import type { Journal } from '../sync/memory';
import type { Replica } from '../sync/replica';
import type { RunProgress } from '../sync/run';
import type { Lease } from './lease';
import type { LeaseRecord } from './lease-file';
import { LeaseHold } from './lease-hold';
import { trans } from '../sync/words';

/**
 * Between the engine and all that it writes to: the first write of a run takes the lease, and none goes on without it. So a
 * run that changes nothing never asks for it.
 */
export class WriteGate {
  constructor(options: WriteGate.IOptions) {
    this.#options = options;
    this.#use(options.hold);
  }

  /** null while nothing was written, or when it was lost. */
  get hold(): LeaseHold | null {
    return this.#hold?.signal.aborted === true ? null : this.#hold;
  }

  /** The run must be done anew: what it saw, or its right to write, did not hold. */
  get isShut(): boolean {
    return this.#isShut || this.#hold?.signal.aborted === true;
  }

  /** What the other's lease said that kept this run from writing; null when none did. */
  get other(): LeaseRecord | null {
    return this.#other;
  }

  /** Aborted when the lease is lost. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  replica(replica: Replica): Replica {
    const { recall } = replica;
    return {
      side: replica.side,
      atomic: replica.atomic,
      scan: (...given) => replica.scan(...given),
      read: (...given) => replica.read(...given),
      refuses: (...given) => replica.refuses(...given),
      ...(recall && { recall: (...given) => recall.apply(replica, given) }),
      apply: async (...given) => {
        await this.#pass(replica.atomic);
        return replica.apply(...given);
      }
    };
  }

  replicas({ local, cloud }: { readonly [side in Side]: Replica }) {
    return { local: this.replica(local), cloud: this.replica(cloud) };
  }

  journal(journal: Journal): Journal {
    return {
      load: () => journal.load(),
      intend: async intents => {
        await this.#pass(false);
        await journal.intend(intents);
      },
      commit: async change => {
        await this.#pass(false);
        await journal.commit(change);
      }
    };
  }

  /** Tells those that wait how far the run is. */
  tell(projectId: string, progress: RunProgress): void {
    this.#hold?.tell(projectId, progress);
  }

  /** @param isConditional - whether the write checks its precondition in the same step: it need not wait for a lease that settles */
  async #pass(isConditional: boolean): Promise<void> {
    this.#entering ??= this.#enter();
    await this.#entering;
    if (!isConditional) {
      await this.#hold?.settled();
    }
    await this.#hold?.check();
  }

  async #enter(): Promise<void> {
    const { lease, signal, catchUp, isCurrent } = this.#options;
    if (!this.#hold) {
      const taken = await lease.tryTake({ isTurn: true, isEager: true, signal });
      if (!(taken instanceof LeaseHold)) {
        this.#other = taken;
        throw this.#shut(trans.__('Another browser is syncing on this Jupyter server.'));
      }
      this.#use(taken);
    }
    if (lease.hadOthers) {
      await catchUp();
      lease.caughtUp();
    }
    if (!isCurrent()) {
      throw this.#shut(trans.__('Another browser synced on this Jupyter server meanwhile.'));
    }
  }

  #use(hold: LeaseHold | null): void {
    this.#hold = hold;
    hold?.signal.addEventListener('abort', () => this.#lost.abort(hold.signal.reason), {
      once: true
    });
  }

  #shut(message: string): Error {
    this.#isShut = true;
    return new Error(message);
  }

  readonly #options: WriteGate.IOptions;
  readonly #lost = new AbortController();
  #hold: LeaseHold | null = null;
  #entering: Promise<void> | null = null;
  #other: LeaseRecord | null = null;
  #isShut = false;
}

export namespace WriteGate {
  export interface IOptions {
    readonly lease: Lease;
    /** From a run before, where there is one. */
    readonly hold: LeaseHold | null;
    readonly signal: AbortSignal;
    /** Takes up the state that others saved. */
    readonly catchUp: () => Promise<void>;
    /** Whether the run was begun with what is the state now. */
    readonly isCurrent: () => boolean;
  }
}
