import type { Lease } from '../../src/model/lease';

/** Time that goes on only when a test says so. */
export class VirtualClock implements Lease.Clock {
  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#asleep;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        if (this.#sleepers.delete(sleeper)) {
          reject(signal.reason as Error);
        }
      });
    });
  }

  /** Lets so many ms go by, waking each sleeper in its time. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const [next] = [...this.#sleepers].sort((a, b) => a.until - b.until);
      if (!next || next.until > end) {
        break;
      }
      this.#now = Math.max(this.#now, next.until);
      this.#sleepers.delete(next);
      next.wake();
    }
    this.#now = end;
    await settled();
  }

  /** The machine sleeps: the steady clock stands still, and nobody wakes. */
  suspend(ms: number): void {
    this.#asleep += ms;
  }

  #now = 0;
  #asleep = 0;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
}

/** When all that can go on without time going by has. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise(setImmediate);
  }
}
