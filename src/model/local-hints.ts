import type { Contents, Kernel, ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { KernelIdle } from '../local/watching/kernel-idle';
import { ServerEvents } from '../local/watching/server-events';
import type { FilesChanged } from '../tokens';
import type { HelperKeeper } from './helper-keeper';
import { isHeeded } from './settings';
import type { SettingsSource } from './settings';

/** What tells of changes in Jupyter, put together: the page itself, the server, and kernels that have finished work. */
export class LocalHints implements IDisposable {
  constructor(options: LocalHints.IOptions) {
    const { contents, serverSettings, kernels, helper, settings } = options;
    this.#contents = contents;
    this.#events = new ServerEvents({ serverSettings });
    this.#events.changed.connect((_, paths) => this.#hear('server', paths));
    this.#events.connected.connect(() => this.#hear('server', null));
    this.#kernels = kernels
      ? new KernelIdle({ kernels, isOurs: id => id === helper.kernelId })
      : null;
    this.#kernels?.idle.connect(() => this.#hear('kernels', null));
    this.#helper = helper;
    this.#settings = settings;
    settings.changed.connect(this.#apply, this);
    helper.changed.connect(this.#apply, this);
    helper.hints.connect(this.#onHints, this);
    this.#onError = options.onError;
    this.#apply();
  }

  /** Fires with paths that changed, those that a run wrote among them, relative to the Jupyter root; null where it may be anywhere. */
  get changed(): ISignal<this, readonly string[] | null> {
    return this.#changed;
  }

  /** The same, of the helper kernel, which passes by what it wrote itself. */
  get seen(): ISignal<this, readonly string[] | null> {
    return this.#seen;
  }

  /** Fires with what the server and its kernels tell, for open documents: these may be anywhere, and be open while nothing is synced. */
  get heard(): ISignal<this, FilesChanged> {
    return this.#heard;
  }

  /** Fires with paths that this page changed, at once; relative to the Jupyter root. */
  get saved(): ISignal<this, readonly string[]> {
    return this.#saved;
  }

  start(): void {
    if (!this.#isOn) {
      this.#isOn = true;
      this.#contents.fileChanged.connect(this.#onFileChanged, this);
      this.#apply();
    }
  }

  stop(): void {
    if (this.#isOn) {
      this.#isOn = false;
      this.#contents.fileChanged.disconnect(this.#onFileChanged, this);
      this.#apply();
    }
  }

  get isDisposed(): boolean {
    return this.#events.isDisposed;
  }

  dispose(): void {
    this.#events.dispose();
    this.#kernels?.dispose();
    Signal.clearData(this);
  }

  #apply(): void {
    if (this.isDisposed) {
      return;
    }
    // What the helper sees need not be heard from the server and the kernels too.
    const isNeeded = this.#isOn && this.#helper.helper === null;
    const areEventsNeeded = isNeeded || isHeeded(this.#settings.current, 'server');
    if (areEventsNeeded !== this.#hasEvents) {
      this.#hasEvents = areEventsNeeded;
      (areEventsNeeded ? this.#events.start() : this.#events.stop()).catch(this.#onError);
    }
    if (isNeeded !== this.#isListening) {
      this.#isListening = isNeeded;
      if (isNeeded) {
        this.#kernels?.start();
        // What changed since the helper went, nobody told.
        this.#changed.emit(null);
      } else {
        this.#kernels?.stop();
      }
    }
  }

  #hear(source: 'server' | 'kernels', paths: readonly string[] | null): void {
    if (this.#isListening) {
      this.#changed.emit(paths);
    }
    this.#heard.emit({ source, paths });
  }

  #onHints(_: HelperKeeper, paths: readonly string[] | null): void {
    if (this.#isOn) {
      this.#seen.emit(paths);
    }
  }

  #onFileChanged(_: Contents.IManager, change: Contents.IChangedArgs): void {
    const paths = [change.oldValue?.path, change.newValue?.path];
    this.#saved.emit(paths.filter(path => path !== undefined));
  }

  readonly #contents: Contents.IManager;
  readonly #events: ServerEvents;
  readonly #kernels: KernelIdle | null;
  readonly #changed = new Signal<this, readonly string[] | null>(this);
  readonly #seen = new Signal<this, readonly string[] | null>(this);
  readonly #heard = new Signal<this, FilesChanged>(this);
  readonly #saved = new Signal<this, readonly string[]>(this);
  readonly #helper: HelperKeeper;
  readonly #settings: SettingsSource;
  readonly #onError: (error: unknown) => void;
  #isOn = false;
  /** Whether syncs are woken by what the server and the kernels tell. */
  #isListening = false;
  #hasEvents = false;
}

export namespace LocalHints {
  export interface IOptions {
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** null where there are none to listen to. */
    readonly kernels: Kernel.IManager | null;
    readonly helper: HelperKeeper;
    readonly settings: SettingsSource;
    readonly onError: (error: unknown) => void;
  }
}
