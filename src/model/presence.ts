import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** How often a person who comes and goes counts as coming back, in ms. */
const PAUSE = 10_000;

/** Tells when the person comes back to the page, or the network to the browser. */
export class Presence implements IDisposable {
  constructor() {
    if (typeof window !== 'undefined') {
      const options = { signal: this.#listening.signal };
      document.addEventListener('visibilitychange', () => this.#onSeen(), options);
      window.addEventListener('focus', () => this.#onSeen(), options);
      window.addEventListener('online', () => this.#back.emit('online'), options);
    }
  }

  get back(): ISignal<this, Presence.Reason> {
    return this.#back;
  }

  get isHidden(): boolean {
    return typeof document !== 'undefined' && document.visibilityState === 'hidden';
  }

  get isDisposed(): boolean {
    return this.#listening.signal.aborted;
  }

  dispose(): void {
    this.#listening.abort();
    Signal.clearData(this);
  }

  #onSeen(): void {
    const now = Date.now();
    if (!this.isHidden && now - this.#seen >= PAUSE) {
      this.#seen = now;
      this.#back.emit('visible');
    }
  }

  readonly #listening = new AbortController();
  readonly #back = new Signal<this, Presence.Reason>(this);
  #seen = 0;
}

export namespace Presence {
  export type Reason = 'visible' | 'online';
}
