import type { Contents, Kernel, ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { KernelIdle } from '../local/watching/kernel-idle';
import { ServerEvents } from '../local/watching/server-events';

/** What tells of changes in Jupyter, put together: the page itself, the server, and kernels that have finished work. */
export class LocalHints implements IDisposable {
  constructor(options: LocalHints.IOptions) {
    const { contents, serverSettings, kernels } = options;
    this.#contents = contents;
    this.#events = new ServerEvents({ serverSettings });
    this.#events.changed.connect((_, paths) => this.#changed.emit(paths));
    this.#events.connected.connect(() => this.#changed.emit(null));
    this.#kernels = kernels ? new KernelIdle({ kernels, isOurs: () => false }) : null;
    this.#kernels?.idle.connect(() => this.#changed.emit(null));
  }

  /** Fires with paths that changed, relative to the Jupyter root; null where it may be anywhere. */
  get changed(): ISignal<this, readonly string[] | null> {
    return this.#changed;
  }

  async start(): Promise<void> {
    if (!this.#isOn) {
      this.#isOn = true;
      this.#contents.fileChanged.connect(this.#onFileChanged, this);
      this.#kernels?.start();
      await this.#events.start();
    }
  }

  async stop(): Promise<void> {
    if (this.#isOn) {
      this.#isOn = false;
      this.#contents.fileChanged.disconnect(this.#onFileChanged, this);
      this.#kernels?.stop();
      await this.#events.stop();
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

  #onFileChanged(_: Contents.IManager, change: Contents.IChangedArgs): void {
    const paths = [change.oldValue?.path, change.newValue?.path];
    this.#changed.emit(paths.filter(path => path !== undefined));
  }

  readonly #contents: Contents.IManager;
  readonly #events: ServerEvents;
  readonly #kernels: KernelIdle | null;
  readonly #changed = new Signal<this, readonly string[] | null>(this);
  #isOn = false;
}

export namespace LocalHints {
  export interface IOptions {
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** null where there are none to listen to. */
    readonly kernels: Kernel.IManager | null;
  }
}
