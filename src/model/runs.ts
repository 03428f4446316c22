import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { run } from '../sync/run';
import type { RunOptions, RunResult } from '../sync/run';
import type { Progress, SyncReport } from '../tokens';

/** How often progress is told, in ms. */
const PROGRESS_INTERVAL = 200;

/**
 * The runs of all projects, one at a time: two at once would only share the same two servers.
 */
export class Runs implements IDisposable {
  /** @param takeTurn - does the work when no other page of this browser syncs */
  constructor(takeTurn: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#takeTurn = takeTurn;
  }

  /** Fires with the project's id when a run of it begins or ends. */
  get changed(): ISignal<this, string> {
    return this.#changed;
  }

  get progressChanged(): ISignal<this, string> {
    return this.#progressChanged;
  }

  progress(projectId: string): Progress | null {
    return this.#active?.projectId === projectId ? this.#active.progress : null;
  }

  isRunning(projectId: string): boolean {
    return this.#active?.projectId === projectId;
  }

  /** The report of the last run that was not dry; null when there was none. */
  lastReport(projectId: string): SyncReport | null {
    return this.#reports.get(projectId) ?? null;
  }

  /** Forgets what is known of the project, and stops its run. */
  forget(projectId: string): void {
    this.cancel(projectId);
    this.#reports.delete(projectId);
  }

  cancel(projectId: string): void {
    if (this.#active?.projectId === projectId) {
      this.#active.controller.abort();
    }
  }

  /**
   * Runs when those before are done. `prepare` is called then, so that a run sees the world as it is at its start.
   * A dry run is no run to a person: it has no progress, and leaves no report.
   */
  async run(projectId: string, prepare: () => Promise<Runs.Prepared>): Promise<RunResult> {
    const work = () => this.#takeTurn(() => this.#runNow(projectId, prepare));
    const turn = this.#last.then(work, work);
    this.#last = turn;
    return turn;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#active?.controller.abort();
    Signal.clearData(this);
  }

  async #runNow(projectId: string, prepare: () => Promise<Runs.Prepared>): Promise<RunResult> {
    const prepared = await prepare();
    const controller = new AbortController();
    if (this.#isDisposed) {
      controller.abort();
    }
    const isDry = prepared.dryRun === true;
    const active = { projectId, controller, progress: STARTED, told: 0 };
    if (!isDry) {
      this.#active = active;
      this.#changed.emit(projectId);
    }
    try {
      const result = await run({
        ...prepared,
        projectId,
        signal: controller.signal,
        onProgress: progress => {
          active.progress = progress;
          const now = prepared.now();
          if (!isDry && now - active.told >= PROGRESS_INTERVAL) {
            active.told = now;
            this.#progressChanged.emit(projectId);
          }
        }
      });
      prepared.onEnd(result, this.lastReport(projectId));
      if (!isDry) {
        this.#reports.set(projectId, result.report);
      }
      return result;
    } finally {
      if (!isDry) {
        this.#active = null;
        this.#progressChanged.emit(projectId);
        this.#changed.emit(projectId);
      }
    }
  }

  readonly #takeTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly #changed = new Signal<this, string>(this);
  readonly #progressChanged = new Signal<this, string>(this);
  readonly #reports = new Map<string, SyncReport>();
  #active: ActiveRun | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #isDisposed = false;
}

interface ActiveRun {
  readonly projectId: string;
  readonly controller: AbortController;
  progress: Progress;
  told: number;
}

export namespace Runs {
  export type Prepared = Omit<RunOptions, 'projectId' | 'signal' | 'onProgress'> & {
    /** Told of the result, and of the report of the run before, before anyone else is. */
    readonly onEnd: (result: RunResult, previous: SyncReport | null) => void;
  };
}

const STARTED: Progress = {
  phase: 'looking',
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0
};
