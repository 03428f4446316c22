import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * The pages that one browser has open on one Jupyter server: one of them syncs at a time, and each hears when another
 * has saved the state.
 *
 * #### Notes
 * On plain http a page has no locks: two may then sync at once, which the preconditions of every write keep safe.
 */
export class Tabs implements IDisposable {
  constructor(options: Tabs.IOptions) {
    this.#name = `jupyterlab-projects:${options.jupyterUrl}`;
    this.#locks = options.locks === undefined ? browserLocks() : options.locks;
    this.#storage = options.storage === undefined ? browserStorage() : options.storage;
    this.#channel =
      typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(this.#name);
    if (this.#channel) {
      this.#channel.onmessage = () => this.#saved.emit();
    }
  }

  /** Fires when another page has saved the state. */
  get saved(): ISignal<this, void> {
    return this.#saved;
  }

  /** Does the work when no other page does such: one page syncs at a time. */
  async turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#locks ? this.#locks.request(this.#name, work) : work();
  }

  /** Does the work when no other page does such: for a moment, within a turn or not; no turn may begin in it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#locks ? this.#locks.request(`${this.#name}:state`, work) : work();
  }

  /** What the page that saved last told, known to the others at once; null where the browser keeps nothing. */
  get newestMark(): string | null {
    try {
      return this.#storage?.getItem(this.#markName) ?? null;
    } catch {
      // A browser may block it: then nothing is known.
      return null;
    }
  }

  /** This page has saved the state. */
  tellSaved(mark: string): void {
    try {
      this.#storage?.setItem(this.#markName, mark);
    } catch {
      // Blocked, or full: the message below is what the others have.
    }
    this.#channel?.postMessage('saved');
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#channel?.close();
    Signal.clearData(this);
  }

  get #markName(): string {
    return `${this.#name}:saved`;
  }

  readonly #name: string;
  readonly #storage: Tabs.Keep | null;
  readonly #locks: Tabs.Locks | null;
  readonly #channel: BroadcastChannel | null;
  readonly #saved = new Signal<this, void>(this);
  #isDisposed = false;
}

export namespace Tabs {
  export interface Locks {
    request<T>(name: string, work: () => Promise<T>): Promise<T>;
  }

  export interface IOptions {
    /** The base URL of the Jupyter server. */
    readonly jupyterUrl: string;
    /** Default: the browser's; null: none. */
    readonly locks?: Locks | null;
    /** What all pages of the browser share. Default: localStorage; null: nothing. */
    readonly storage?: Keep | null;
  }

  export type Keep = Pick<Storage, 'getItem' | 'setItem'>;
}

function browserLocks(): Tabs.Locks | null {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  return locks
    ? { request: (name, work) => locks.request(name, work) as ReturnType<typeof work> }
    : null;
}

function browserStorage(): Tabs.Keep | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage;
  } catch {
    return null;
  }
}
