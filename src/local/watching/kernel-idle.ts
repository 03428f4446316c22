import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * Tells when a running kernel has finished some work: a good moment to look for files that it wrote.
 *
 * #### Notes
 * It listens to every kernel of the server, whoever started it; a server that ends kernels nobody is connected to keeps these
 * for as long. So it is for where nothing better watches the files.
 */
export class KernelIdle implements IDisposable {
  constructor(options: KernelIdle.IOptions) {
    this.#options = options;
  }

  /** Fires with the kernel's id. */
  get idle(): ISignal<this, string> {
    return this.#idle;
  }

  start(): void {
    const { kernels } = this.#options;
    kernels.runningChanged.connect(this.#onRunningChanged, this);
    this.#follow([...kernels.running()]);
  }

  stop(): void {
    this.#options.kernels.runningChanged.disconnect(this.#onRunningChanged, this);
    this.#follow([]);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (!this.#isDisposed) {
      this.stop();
      this.#isDisposed = true;
      Signal.clearData(this);
    }
  }

  #onRunningChanged(_: Kernel.IManager, running: readonly Kernel.IModel[]): void {
    this.#follow(running);
  }

  #follow(running: readonly Kernel.IModel[]): void {
    const { kernels, isOurs } = this.#options;
    const wanted = new Map(running.map(model => [model.id, model]));
    for (const [id, connection] of this.#connections) {
      if (!wanted.has(id)) {
        this.#connections.delete(id);
        connection.dispose();
      }
    }
    for (const [id, model] of wanted) {
      if (!this.#connections.has(id) && !isOurs(id)) {
        const connection = kernels.connectTo({ model, handleComms: false });
        this.#connections.set(id, connection);
        connection.statusChanged.connect(this.#onStatusChanged, this);
      }
    }
  }

  #onStatusChanged(connection: Kernel.IKernelConnection, status: Kernel.Status): void {
    const { id } = connection;
    if (status === 'busy') {
      this.#busy.add(id);
    } else if (status === 'idle' && this.#busy.delete(id)) {
      this.#idle.emit(id);
    }
  }

  readonly #options: KernelIdle.IOptions;
  readonly #idle = new Signal<this, string>(this);
  /** By the kernel's id. */
  readonly #connections = new Map<string, Kernel.IKernelConnection>();
  readonly #busy = new Set<string>();
  #isDisposed = false;
}

export namespace KernelIdle {
  export interface IOptions {
    readonly kernels: Kernel.IManager;
    /** A kernel that is not to be listened to. */
    readonly isOurs: (kernelId: string) => boolean;
  }
}
