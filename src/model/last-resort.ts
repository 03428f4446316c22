import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

/** The longest pause between tries while the cloud does not answer, in ms. */
const LONGEST_PAUSE = 5 * 60 * 1000;
/** How often both sides are looked at where each change is told at once, in ms: something may have been missed nevertheless. */
const CALM_INTERVAL = 10 * 60 * 1000;

/** Has somebody look at everything again and again: seldom where each change is told anyway, never while the page is hidden. */
export class LastResort implements IDisposable {
  constructor(options: LastResort.IOptions) {
    this.#options = options;
    this.#poll = new Poll<void, unknown, 'last-resort'>({
      name: 'jupyterlab-projects:last-resort',
      auto: false,
      standby: 'when-hidden',
      linger: 0,
      frequency: this.#frequency(),
      factory: () => options.look()
    });
  }

  start(): void {
    this.#isOn = true;
    this.#poll.start().catch(this.#options.onError);
  }

  stop(): void {
    this.#isOn = false;
    this.#poll.stop().catch(this.#options.onError);
  }

  /** Has it looked now. */
  refresh(): void {
    if (this.#isOn) {
      this.#poll.refresh().catch(this.#options.onError);
    }
  }

  /** To be called when `interval` or `isCalm` may tell something else: the pause that has begun is then as long as pauses are by now. */
  pace(): void {
    const { interval: before } = this.#poll.frequency;
    const frequency = this.#frequency();
    const { interval } = frequency;
    this.#poll.frequency = frequency;
    // Else the pauses between tries that fail are left as they are.
    if (this.#isOn && interval !== before) {
      // What is due at once stays so; and a pause that is no longer than asked for.
      const cancel = (last: { readonly interval: number }) =>
        last.interval === 0 || (interval < before && last.interval <= interval);
      this.#poll.schedule({ cancel }).catch(this.#options.onError);
    }
  }

  get isDisposed(): boolean {
    return this.#poll.isDisposed;
  }

  dispose(): void {
    this.#isOn = false;
    this.#poll.dispose();
  }

  #frequency() {
    const asked = this.#options.interval();
    const interval = this.#options.isCalm() ? Math.max(asked, CALM_INTERVAL) : asked;
    return { interval, backoff: true, max: Math.max(interval, LONGEST_PAUSE) };
  }

  readonly #options: LastResort.IOptions;
  readonly #poll: Poll<void, unknown, 'last-resort'>;
  #isOn = false;
}

export namespace LastResort {
  export interface IOptions {
    /** Looks at everything; rejects while that can't be done: the next try then waits longer. */
    readonly look: () => Promise<void>;
    /** In ms. */
    readonly interval: () => number;
    /** Whether each change is told at once, on both sides. */
    readonly isCalm: () => boolean;
    readonly onError: (error: unknown) => void;
  }
}
