import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

const PREFIX = 'jupyterlab-projects:api-key';

/**
 * The API keys, one for each cloud, in this browser's localStorage and nowhere else: never in settings, state, logs,
 * URLs or reports.
 *
 * #### Notes
 * A key is kept for one Jupyter server and one cloud. Where the browser has no storage, or refuses it, keys are kept
 * in memory until the page closes.
 */
export class Credentials implements IDisposable {
  constructor(options: Credentials.IOptions) {
    this.#jupyterUrl = options.jupyterUrl;
    this.#storage = options.storage === undefined ? browserStorage() : options.storage;
    this.#events = options.events === undefined ? browserEvents() : options.events;
    this.#events?.addEventListener('storage', this.#onStorage);
  }

  /**
   * Fires with the cloud's URL (without a closing slash) after its key was set or removed, here or in another tab of
   * this browser; with '' when that may be any cloud's.
   */
  get changed(): ISignal<this, string> {
    return this.#changed;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** The key for the cloud; null when there is none. */
  get(cloudUrl: string): string | null {
    const name = this.#nameOf(cloudUrl);
    const kept = this.#memory.get(name);
    return kept === undefined ? this.#read(name) : kept;
  }

  set(cloudUrl: string, apiKey: string): void {
    this.#write(cloudUrl, apiKey);
  }

  remove(cloudUrl: string): void {
    this.#write(cloudUrl, null);
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#events?.removeEventListener('storage', this.#onStorage);
    this.#memory.clear();
    Signal.clearData(this);
  }

  #write(cloudUrl: string, apiKey: string | null): void {
    const name = this.#nameOf(cloudUrl);
    if (this.#store(name, apiKey)) {
      this.#memory.delete(name);
    } else {
      this.#memory.set(name, apiKey);
    }
    this.#changed.emit(normalised(cloudUrl));
  }

  /** Storage throws where a browser blocks it: then no key is in it. */
  #read(name: string): string | null {
    try {
      return this.#storage?.getItem(name) ?? null;
    } catch {
      return null;
    }
  }

  /** True when the storage took it; it may be blocked, or full. */
  #store(name: string, apiKey: string | null): boolean {
    if (!this.#storage) {
      return false;
    }
    try {
      if (apiKey === null) {
        this.#storage.removeItem(name);
      } else {
        this.#storage.setItem(name, apiKey);
      }
      return true;
    } catch {
      return false;
    }
  }

  #nameOf(cloudUrl: string): string {
    return `${this.#prefix}${normalised(cloudUrl)}`;
  }

  get #prefix(): string {
    return `${PREFIX}:${normalised(this.#jupyterUrl)}|`;
  }

  readonly #onStorage = (event: StorageEvent) => {
    // A null key: the whole storage was cleared, so any cloud's may be gone.
    if (event.key === null) {
      this.#changed.emit('');
    } else if (event.key.startsWith(this.#prefix)) {
      this.#memory.delete(event.key);
      this.#changed.emit(event.key.slice(this.#prefix.length));
    }
  };

  readonly #jupyterUrl: string;
  readonly #storage: Credentials.Keep | null;
  readonly #events: Credentials.Events | null;
  readonly #memory = new Map<string, string | null>();
  readonly #changed = new Signal<this, string>(this);
  #isDisposed = false;
}

export namespace Credentials {
  export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

  export interface Events {
    addEventListener(type: 'storage', listener: (event: StorageEvent) => void): void;
    removeEventListener(type: 'storage', listener: (event: StorageEvent) => void): void;
  }

  export interface IOptions {
    /** The base URL of the Jupyter server. */
    readonly jupyterUrl: string;
    /** Default: the browser's localStorage; null: memory only. */
    readonly storage?: Keep | null;
    /** What fires `storage` events. Default: the window. */
    readonly events?: Events | null;
  }
}

/** `https://host/api/projects/` and `https://host/api/projects` are one cloud. */
function normalised(url: string): string {
  return url.replace(/\/+$/, '');
}

function browserStorage(): Credentials.Keep | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage;
  } catch {
    return null;
  }
}

function browserEvents(): Credentials.Events | null {
  return typeof window === 'undefined' ? null : window;
}
