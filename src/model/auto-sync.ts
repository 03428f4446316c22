import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer, Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';

import { isWithin } from '../sync/path';
import type { SettingsSource } from './settings';

/** How long a burst of saves may go on before the sync, in ms. */
const QUIET = 1000;
/** The longest pause between tries while the cloud does not answer, in ms. */
const LONGEST_PAUSE = 5 * 60 * 1000;

/**
 * When to sync without being told: a moment after this page saved a file of a project, and at the interval of the
 * settings while the page is visible.
 */
export class AutoSync implements IDisposable {
  constructor(options: AutoSync.IOptions) {
    this.#options = options;
    this.#poll = new Poll<void, unknown, 'auto-sync'>({
      name: 'jupyterlab-projects:auto-sync',
      auto: false,
      standby: 'when-hidden',
      frequency: this.#frequency(),
      factory: () => options.syncAll()
    });
    options.contents.fileChanged.connect(this.#onFileChanged, this);
    options.settings.changed.connect(this.#onSettingsChanged, this);
  }

  /** From now on, where the settings say so. */
  start(): void {
    this.#isStarted = true;
    this.#apply();
  }

  get isDisposed(): boolean {
    return this.#poll.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.#poll.dispose();
    for (const debouncer of this.#debouncers.values()) {
      debouncer.dispose();
    }
    this.#debouncers.clear();
    Signal.clearData(this);
  }

  #onFileChanged(_: Contents.IManager, change: Contents.IChangedArgs): void {
    const paths = [change.oldValue?.path, change.newValue?.path];
    for (const { id, path } of this.#options.folders()) {
      if (paths.some(each => each !== undefined && isWithin(each, path))) {
        this.#hint(id);
      }
    }
  }

  /** While a project is synced the engine itself saves files: what a person saves then is seen by the next tick. */
  #hint(projectId: string): void {
    if (!this.#options.settings.current.autoSync || this.#options.isRunning(projectId)) {
      return;
    }
    if (!this.#debouncers.has(projectId)) {
      const sync = () => this.#options.sync(projectId);
      this.#debouncers.set(projectId, new Debouncer(sync, QUIET));
    }
    this.#debouncers.get(projectId)?.invoke().catch(this.#options.onError);
  }

  #onSettingsChanged(): void {
    this.#poll.frequency = this.#frequency();
    this.#apply();
  }

  #apply(): void {
    if (!this.#isStarted || this.isDisposed) {
      return;
    }
    const { autoSync } = this.#options.settings.current;
    const change = autoSync ? this.#poll.start() : this.#poll.stop();
    change.catch(this.#options.onError);
  }

  #frequency() {
    const interval = this.#options.settings.current.syncInterval * 1000;
    return { interval, backoff: true, max: Math.max(interval, LONGEST_PAUSE) };
  }

  readonly #options: AutoSync.IOptions;
  readonly #poll: Poll<void, unknown, 'auto-sync'>;
  readonly #debouncers = new Map<string, Debouncer<void>>();
  #isStarted = false;
}

export namespace AutoSync {
  export interface IOptions {
    readonly contents: Contents.IManager;
    readonly settings: SettingsSource;
    /** The linked projects that are not paused, with their folders. */
    readonly folders: () => readonly { readonly id: string; readonly path: string }[];
    readonly isRunning: (projectId: string) => boolean;
    readonly sync: (projectId: string) => Promise<void>;
    /** Rejects when the cloud could not be reached: the next try then waits longer. */
    readonly syncAll: () => Promise<void>;
    readonly onError: (error: unknown) => void;
  }
}
