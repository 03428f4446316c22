import type { Sight } from '../sync/look';
import type { Answer } from './errand';
import { trans } from '../sync/words';

/** One run, from when it was asked for until its outcome is known. */
export class RunTurn {
  constructor(readonly projectId: string) {
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  readonly controller = new AbortController();
  /** What came of it: the first that is told holds. */
  readonly outcome: Promise<RunTurn.Ended>;
  /** Resolves when its run in this page has ended, however; at once while none has begun. */
  ended: Promise<void> = Promise.resolve();

  get isDone(): boolean {
    return this.#isDone;
  }

  resolve(ended: RunTurn.Ended): void {
    this.#isDone = true;
    this.#resolve(ended);
  }

  reject(error: unknown): void {
    this.#isDone = true;
    this.#reject(error);
  }

  #isDone = false;
  #resolve: (ended: RunTurn.Ended) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
}

export namespace RunTurn {
  export interface Ended extends Answer {
    /** Of a run in this page, the last look at both sides; else null. */
    readonly sight: Sight | null;
    /** Another page carried it out. */
    readonly isPassed: boolean;
  }
}

/** The outcome of a run that was cancelled before it changed anything. */
export function cancelled(projectId: string): RunTurn.Ended {
  const message = trans.__('The sync was cancelled before it began.');
  return {
    report: {
      projectId,
      dryRun: false,
      state: 'failed',
      stopReason: null,
      actions: [],
      conflicts: [],
      problems: [{ path: '', code: 'cancelled', message }],
      bytesUp: 0,
      bytesDown: 0,
      requests: { jupyter: 0, cloud: 0 },
      durationMs: 0
    },
    conflicts: [],
    sight: null,
    isPassed: false
  };
}
