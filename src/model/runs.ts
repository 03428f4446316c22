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

  /** Stops the project's run, and each that waits for its turn. */
  cancel(projectId: string): void {
    for (const turn of this.#turnsOf(projectId)) {
      turn.controller.abort();
    }
  }

  /** Cancels, and resolves when no run of the project is under way. */
  async settle(projectId: string): Promise<void> {
    this.cancel(projectId);
    await Promise.all(this.#turnsOf(projectId).map(({ ended }) => ended));
  }

  /**
   * Does the work while no run of the project is under way: those that there are, are cancelled; those that come, wait.
   * What was known of the project is forgotten then.
   */
  async apart<T>(projectId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#apart.get(projectId) ?? Promise.resolve();
    const done = before
      .then(() => this.settle(projectId))
      .then(work)
      .then(value => {
        this.#reports.delete(projectId);
        return value;
      });
    const ended = done.then(ignore, ignore);
    this.#apart.set(projectId, ended);
    try {
      return await done;
    } finally {
      if (this.#apart.get(projectId) === ended) {
        this.#apart.delete(projectId);
      }
    }
  }

  /**
   * Runs when those before are done. `prepare` is called then, so that a run sees the world as it is at its start.
   * A dry run is no run to a person: it has no progress, and leaves no report. One that was cancelled before its turn
   * came prepares nothing.
   */
  async run(projectId: string, prepare: () => Promise<Runs.Prepared>): Promise<RunResult> {
    const turn: Turn = { projectId, controller: new AbortController(), ended: Promise.resolve() };
    this.#turns.add(turn);
    const work = () => this.#takeTurn(() => this.#runNow(turn, prepare));
    const done = this.#last.then(work, work);
    this.#last = done;
    try {
      return await done;
    } finally {
      this.#turns.delete(turn);
    }
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    for (const { controller } of this.#turns) {
      controller.abort();
    }
    Signal.clearData(this);
  }

  async #runNow(turn: Turn, prepare: () => Promise<Runs.Prepared>): Promise<RunResult> {
    const { projectId, controller } = turn;
    while (this.#apart.has(projectId)) {
      await this.#apart.get(projectId);
    }
    if (controller.signal.aborted || this.#isDisposed) {
      return cancelled(projectId);
    }
    const done = this.#runPrepared(projectId, controller, prepare);
    turn.ended = done.then(ignore, ignore);
    return done;
  }

  async #runPrepared(
    projectId: string,
    controller: AbortController,
    prepare: () => Promise<Runs.Prepared>
  ): Promise<RunResult> {
    const prepared = await prepare();
    if (controller.signal.aborted) {
      return cancelled(projectId);
    }
    const isDry = prepared.dryRun === true;
    const active = { projectId, progress: STARTED, told: 0 };
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

  #turnsOf(projectId: string): Turn[] {
    return [...this.#turns].filter(turn => turn.projectId === projectId);
  }

  readonly #takeTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly #changed = new Signal<this, string>(this);
  readonly #progressChanged = new Signal<this, string>(this);
  readonly #reports = new Map<string, SyncReport>();
  /** Those under way, and those that wait. */
  readonly #turns = new Set<Turn>();
  /** Projects that are worked on while none of their runs may be under way; resolves when that is done. */
  readonly #apart = new Map<string, Promise<void>>();
  #active: ActiveRun | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #isDisposed = false;
}

interface Turn {
  readonly projectId: string;
  readonly controller: AbortController;
  /** Resolves when its run has ended, however; at once while none has begun. */
  ended: Promise<void>;
}

interface ActiveRun {
  readonly projectId: string;
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

/** The outcome of a run that was cancelled before it began. */
function cancelled(projectId: string): RunResult {
  return {
    report: {
      projectId,
      dryRun: false,
      state: 'failed',
      stopReason: null,
      actions: [],
      conflicts: [],
      problems: [
        { path: '', code: 'cancelled', message: 'The sync was cancelled before it began.' }
      ],
      bytesUp: 0,
      bytesDown: 0,
      requests: { jupyter: 0, cloud: 0 },
      durationMs: 0
    },
    error: null,
    sight: null,
    conflicts: []
  };
}

function ignore(): void {}
