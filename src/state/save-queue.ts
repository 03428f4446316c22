import { StateError } from './state-error';
import { trans } from '../sync/words';

/** What the queue saves with. */
export interface Saver {
  /** Does writes and their save while nobody else writes, on the newest state; rejects without them when it can't. */
  exclusively(work: () => Promise<void>): Promise<void>;
  /** Makes durable all that the writes changed. */
  save(): Promise<void>;
  /** Takes everything back to what was last durable. */
  revert(): void;
}

interface Job {
  readonly writes: boolean;
  /** Tells whether it changed something. */
  run(): Promise<boolean>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Runs reads and writes one after the other, and lets the writes that wait for a running save share the next one.
 *
 * #### Notes
 * Invariant: while a save runs no write does. So what a failed save takes back is what its own writes changed, and a
 * read sees only what is durable.
 */
export class SaveQueue {
  constructor(saver: Saver) {
    this.#saver = saver;
  }

  /** Runs `work` when all writes before it are durable, or taken back. */
  read<T>(work: () => Promise<T>): Promise<T> {
    return this.#enqueue(false, async () => ({ value: await work(), changed: false }));
  }

  /**
   * Runs `work`, and resolves with its value when what it changed is durable; rejects when it could not be made so,
   * and was taken back. Work that fails must have taken back its own changes.
   */
  write<T>(work: () => Promise<{ value: T; changed: boolean }>): Promise<T> {
    return this.#enqueue(true, work);
  }

  /** Refuses what waits and what comes; `whenIdle` is called once nothing runs any more. Safe to call twice. */
  close(whenIdle: () => void): void {
    if (this.#closed) {
      return;
    }
    this.#closed = new StateError('disposed', trans.__('The saved state is closed.'));
    for (const job of this.#waiting.splice(0)) {
      job.reject(this.#closed);
    }
    if (this.#running) {
      this.#whenIdle = whenIdle;
    } else {
      whenIdle();
    }
  }

  #enqueue<T>(writes: boolean, work: () => Promise<{ value: T; changed: boolean }>): Promise<T> {
    if (this.#closed) {
      return Promise.reject(this.#closed);
    }
    return new Promise<T>((resolve, reject) => {
      let value: T;
      this.#waiting.push({
        writes,
        run: async () => {
          const done = await work();
          value = done.value;
          return done.changed;
        },
        resolve: () => resolve(value),
        reject
      });
      if (!this.#running) {
        this.#running = true;
        // Not at once: what is asked for in this turn of the event loop shares one save.
        queueMicrotask(() => void this.#drain());
      }
    });
  }

  /** Never rejects: every failure is a job's. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#runBatch(this.#nextBatch());
    }
    this.#running = false;
    this.#whenIdle?.();
  }

  /** The writes in front, or the one read that is in front. */
  #nextBatch(): Job[] {
    const read = this.#waiting.findIndex(job => !job.writes);
    return this.#waiting.splice(0, read < 0 ? this.#waiting.length : Math.max(1, read));
  }

  async #runBatch(batch: readonly Job[]): Promise<void> {
    if (!batch.some(({ writes }) => writes)) {
      await this.#runJobs(batch);
      return;
    }
    try {
      await this.#saver.exclusively(() => this.#runJobs(batch));
    } catch (error) {
      // For jobs that were run it is without effect: each has had its outcome.
      batch.forEach(job => job.reject(error));
    }
  }

  async #runJobs(batch: readonly Job[]): Promise<void> {
    const done: Job[] = [];
    let changed = false;
    for (const job of batch) {
      try {
        changed = (await job.run()) || changed;
        done.push(job);
      } catch (error) {
        job.reject(error);
      }
    }
    try {
      if (changed) {
        await this.#saver.save();
      }
    } catch (error) {
      this.#takeBack(done, error);
      return;
    }
    done.forEach(job => job.resolve());
  }

  #takeBack(jobs: readonly Job[], cause: unknown): void {
    let reason = cause;
    try {
      this.#saver.revert();
    } catch (error) {
      // What is in memory now is not what is saved: nothing may be built on it.
      reason = error;
      this.close(() => undefined);
    }
    jobs.forEach(job => job.reject(reason));
  }

  readonly #saver: Saver;
  readonly #waiting: Job[] = [];
  #running = false;
  #closed: StateError | null = null;
  #whenIdle: (() => void) | null = null;
}
