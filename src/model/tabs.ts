import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { randomId } from '../cloud/random-id';
import { messageOf } from './tab-message';
import type { TabMessage } from './tab-message';

/**
 * The pages that one browser has open on one Jupyter server: one of them syncs at a time, and each hears what the others
 * tell.
 *
 * #### Notes
 * On plain http a page has no locks: there the lease alone keeps the pages apart.
 */
export class Tabs implements IDisposable {
  constructor(options: Tabs.IOptions) {
    this.#name = `jupyterlab-projects:${options.jupyterUrl}`;
    this.#locks = options.locks === undefined ? browserLocks() : options.locks;
    this.#storage = options.storage === undefined ? browserStorage() : options.storage;
    this.#channel =
      typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(this.#name);
    if (this.#channel) {
      this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(messageOf(data));
    }
  }

  /** Names this page among all there are. */
  readonly page = randomId();

  /** Names the browser to itself, for as long as it keeps what it is given; null where its pages can't be kept apart. */
  get browser(): string | null {
    if (!this.#locks) {
      return null;
    }
    const name = `${this.#name}:browser`;
    try {
      const known = this.#storage?.getItem(name) ?? null;
      if (known === null) {
        this.#storage?.setItem(name, randomId());
      }
      return this.#storage?.getItem(name) ?? null;
    } catch {
      return null;
    }
  }

  /** Whether pages wait for their turn. */
  get hasTurns(): boolean {
    return this.#locks !== null;
  }

  /** Fires when another page has saved the state. */
  get saved(): ISignal<this, void> {
    return this.#saved;
  }

  /** Fires with what else another page tells. */
  get heard(): ISignal<this, TabMessage> {
    return this.#heard;
  }

  /** Tells all other pages. */
  tell(message: TabMessage): void {
    if (!this.#isDisposed) {
      this.#channel?.postMessage(message);
    }
  }

  /** Does the work when no other page does such: one page syncs at a time. */
  async turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#locks ? this.#locks.request(this.#name, work) : work();
  }

  /** Does the work when no other page does such: for a moment, within a turn or not; no turn may begin in it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#locks ? this.#locks.request(`${this.#name}:state`, work) : work();
  }

  /** Does the work when no other page does work of this name. */
  async oneByOne<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#locks ? this.#locks.request(`${this.#name}:${name}`, work) : work();
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
    this.tell({ kind: 'saved' });
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

  #hear(message: TabMessage | null): void {
    if (message?.kind === 'saved') {
      this.#saved.emit();
    } else if (message) {
      this.#heard.emit(message);
    }
  }

  get #markName(): string {
    return `${this.#name}:saved`;
  }

  readonly #name: string;
  readonly #storage: Tabs.Keep | null;
  readonly #locks: Tabs.Locks | null;
  readonly #channel: BroadcastChannel | null;
  readonly #saved = new Signal<this, void>(this);
  readonly #heard = new Signal<this, TabMessage>(this);
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
