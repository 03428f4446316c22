import type { Contents, Kernel, KernelSpec, ServerConnection, Session } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { joinPath } from '../../sync/path';
import { messageOf } from '../failures';
import type { HelperChannel } from './channel';
import type { Hints, Reply } from './channel';
import { openChannel } from './connect';
import type { Beside } from './glance';
import { HelperError } from './helper-error';
import { prove } from './proof';
import { openSession, pythonKernel, whenConnected } from './session';
import { trans } from '../../sync/words';

/** The pauses between attempts, in ms: each twice as long as the one before. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 5 * 60 * 1000;
/** A helper that ran for so long starts anew without a pause; ms. */
const STEADY = 60 * 1000;
/** How often one that went is started again without being asked for. */
const TRIES = 5;
/** What the program says to a page that it took for gone, or does not know. */
const FORGOTTEN: ReadonlySet<string> = new Set(['expired', 'unproven']);
/** How long a kernel may take to start; ms. */
const START_TIMEOUT = 60 * 1000;

/**
 * A small Python program in a kernel of its own, for all tabs of a Jupyter server: it watches the files, and reads and writes
 * many at once.
 *
 * #### Notes
 * Nothing depends on it. Where there is none, or none that sees the server's files, `status` says why, and the contents API is
 * the way. Whoever uses it calls `start()` before each use: that costs nothing while it runs, and is the way back after
 * it went.
 */
export class HelperKernel implements IDisposable {
  constructor(options: HelperKernel.IOptions) {
    this.#options = options;
    if (options.enabled === false) {
      this.#status = { state: 'off', reason: 'disabled' };
    }
  }

  get status(): HelperKernel.IStatus {
    return this.#status;
  }

  /** Fires with the status, and when `covers` tells something else. */
  get statusChanged(): ISignal<this, HelperKernel.IStatus> {
    return this.#statusChanged;
  }

  get isReady(): boolean {
    return this.#status.state === 'ready';
  }

  /**
   * Fires when something changed below a root that is in use: with paths from the Jupyter root, a directory standing for all
   * below it; with null when anything may have changed.
   */
  get hints(): ISignal<this, HelperKernel.IHint> {
    return this.#hints;
  }

  /** The kernel's id while one is connected: its work is no work of the person's. */
  get kernelId(): string | null {
    return this.#session?.kernel?.id ?? null;
  }

  /** The program's own name: another one after each start. null while it is not ready. */
  get instance(): string | null {
    return this.#channel?.instance ?? null;
  }

  /** Directories that the last scan of a root left out, by root: a later one need not enter them. */
  readonly skipped = new Map<string, Set<string>>();
  /** What the last look at each root told beside its entries. */
  readonly told = new Map<string, Beside>();

  /** Whether a project's folder can be reached: on the server itself, no other drive, and not by a link as far as is known. */
  covers(root: string): boolean {
    return this.#options.contents.driveName(root) === '' && !this.#linked.has(root);
  }

  /** A link lies on the way to this root, which is not followed: from now on, till the next start, it is not covered. */
  leave(root: string): void {
    if (!this.#linked.has(root)) {
      this.#linked.add(root);
      this.#statusChanged.emit(this.#status);
    }
  }

  /**
   * Connects to the helper kernel, or starts it. Never fails.
   *
   * @returns whether it can be used now
   */
  start(): Promise<boolean> {
    if (this.isReady || this.#isDisposed || this.#status.reason === 'disabled') {
      return Promise.resolve(this.isReady);
    }
    if (this.#starting === null) {
      if (Date.now() < this.#notBefore || this.#status.state === 'refused') {
        return Promise.resolve(false);
      }
      this.#starting = this.#start().finally(() => {
        this.#starting = null;
      });
    }
    return this.#starting;
  }

  /**
   * Which project folders are in use, from the Jupyter root; each is watched. Any others can be neither read nor written. They hold
   * for later starts too.
   */
  async setRoots(roots: ReadonlyMap<string, HelperKernel.IRootOptions>): Promise<void> {
    this.#roots = new Map(roots);
    if (this.#channel && this.isReady) {
      await this.#sendRoots(this.#channel);
    }
  }

  /** Adds one root to those in use. */
  async useRoot(root: string, options: HelperKernel.IRootOptions = {}): Promise<void> {
    if (!this.#roots.has(root)) {
      await this.setRoots(new Map(this.#roots).set(root, options));
    }
  }

  /**
   * What is at a folder's path: `link` where a symbolic link lies on the way, which the helper does not follow.
   *
   * @throws a `HelperError`
   */
  async look(root: string): Promise<'present' | 'missing' | 'not-directory' | 'link'> {
    const { result } = await this.request<{
      state: 'present' | 'missing' | 'not-directory' | 'link';
    }>('root', { root });
    return result.state;
  }

  /**
   * One request to the program.
   *
   * @throws a `HelperError`; the signal's reason when aborted
   */
  async request<T>(
    op: string,
    args: object,
    options: HelperChannel.IRequestOptions = {}
  ): Promise<Reply<T>> {
    if (!this.#channel || !this.isReady) {
      throw new HelperError('off', trans.__('There is no helper kernel.'));
    }
    try {
      return await this.#channel.request<T>(op, args, options);
    } catch (error) {
      if (error instanceof HelperError && FORGOTTEN.has(error.reason)) {
        this.#lose(error.reason, true);
      }
      throw error;
    }
  }

  /** Ends the kernel, for all tabs. A later `start()` starts another. */
  async shutdown(): Promise<void> {
    await this.#starting;
    const session = this.#session;
    this.#drop();
    this.#tries = 0;
    this.#set('off', null);
    if (session && !session.isDisposed) {
      await session.shutdown();
    }
    session?.dispose();
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Leaves the kernel running for the other tabs. */
  dispose(): void {
    if (!this.#isDisposed) {
      this.#isDisposed = true;
      this.#drop()?.dispose();
      this.#status = { state: 'off', reason: null };
      Signal.clearData(this);
    }
  }

  async #start(): Promise<boolean> {
    this.#set('starting', null);
    clearTimeout(this.#retry ?? undefined);
    try {
      const name = await pythonKernel(this.#options.kernelspecs);
      if (name === null) {
        this.#set('off', 'no-python');
        this.#delay();
        return false;
      }
      const lock = this.#options.lock ?? (task => task());
      const isProven = await lock(() => this.#connect(name));
      if (this.#isDisposed) {
        this.#drop()?.dispose();
        return false;
      }
      if (!isProven) {
        this.#set('refused', 'other-files');
        return false;
      }
      this.#readyAt = Date.now();
      this.#tries = 0;
      this.#set('ready', null);
      this.#hints.emit({ paths: null });
      return true;
    } catch (error) {
      this.#drop()?.dispose();
      this.#delay();
      this.#set('lost', messageOf(error));
      this.#tryAgain();
      return false;
    }
  }

  /** Leaves a channel to a program that sees the server's files; false where its kernel does not see them. */
  async #connect(name: string): Promise<boolean> {
    const { session, isNew } = await this.#openSession(name);
    const { kernel } = session;
    if (!kernel) {
      throw new Error(trans.__('the session has no kernel'));
    }
    await whenConnected(kernel, START_TIMEOUT);
    const { silence, onRequest } = this.#options;
    const channel = await openChannel(kernel, { silence, onRequest });
    this.#channel = channel;
    this.#linked.clear();
    channel.lost.connect(this.#onLost, this);
    channel.hints.connect(this.#onHints, this);
    if (!(await prove(channel, this.#options))) {
      this.#drop();
      await (isNew ? session.shutdown() : Promise.resolve());
      session.dispose();
      return false;
    }
    await this.#sendRoots(channel);
    return true;
  }

  /** Always another connection: one that lived through a restart of the kernel may not reach the new one. */
  async #openSession(
    name: string
  ): Promise<{ readonly session: Session.ISessionConnection; readonly isNew: boolean }> {
    this.#drop()?.dispose();
    const opened = await openSession(this.#options.sessions, name);
    this.#session = opened.session;
    opened.session.statusChanged.connect(this.#onKernelStatus, this);
    opened.session.connectionStatusChanged.connect(this.#onConnection, this);
    opened.session.disposed.connect(this.#onEnded, this);
    return opened;
  }

  async #sendRoots(channel: HelperChannel): Promise<void> {
    await channel.request('roots', { roots: Object.fromEntries(this.#roots) });
  }

  #onHints(_: HelperChannel, hints: Hints | null): void {
    if (!this.isReady) {
      return;
    }
    if (hints === null) {
      this.#hints.emit({ paths: null });
      return;
    }
    const paths: string[] = [];
    for (const [root, below] of hints) {
      paths.push(...(below?.map(path => joinPath(root, path)) ?? [root]));
    }
    this.#hints.emit({ paths });
  }

  #onKernelStatus(_: Session.ISessionConnection, status: Kernel.Status): void {
    if (status === 'dead') {
      this.#lose('ended', false);
    } else if (status === 'restarting' || status === 'autorestarting') {
      this.#lose('restarted', true);
    }
  }

  #onConnection(_: Session.ISessionConnection, status: Kernel.ConnectionStatus): void {
    if (status === 'disconnected') {
      this.#lose('disconnected', false);
    } else if (status === 'connected' && this.isReady) {
      // Whatever was sent meanwhile is gone.
      this.#hints.emit({ paths: null });
    }
  }

  #onEnded(): void {
    this.#lose('ended', false);
  }

  #onLost(_: HelperChannel, error: HelperError): void {
    this.#lose(error.reason, true);
  }

  /** While it starts, the start itself fails. */
  #lose(reason: string, isTriedAgain: boolean): void {
    if (!this.isReady) {
      this.#channel?.dispose();
      return;
    }
    if (reason === 'restarted') {
      // JupyterLab is about to connect it again, and must not find it disposed.
      this.#dropChannel();
    } else {
      this.#drop()?.dispose();
    }
    this.#delay();
    this.#set('lost', reason);
    if (isTriedAgain) {
      this.#tries = TRIES;
      this.#tryAgain();
    }
  }

  /** A helper that went by itself comes back by itself, unless that fails again and again. */
  #tryAgain(): void {
    if (this.#tries > 0) {
      this.#tries -= 1;
      const rest = Math.max(0, this.#notBefore - Date.now());
      this.#retry = setTimeout(() => void this.start(), rest + 1);
    }
  }

  /** Sets when it may be tried again. */
  #delay(): void {
    const wasSteady = this.#readyAt !== null && Date.now() - this.#readyAt > STEADY;
    this.#pause = wasSteady ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, this.#pause * 2);
    this.#readyAt = null;
    this.#notBefore = Date.now() + this.#pause;
  }

  /** Lets go of the kernel; its session is the caller's from then on. */
  #drop(): Session.ISessionConnection | null {
    const session = this.#session;
    session?.statusChanged.disconnect(this.#onKernelStatus, this);
    session?.connectionStatusChanged.disconnect(this.#onConnection, this);
    session?.disposed.disconnect(this.#onEnded, this);
    this.#session = null;
    this.#dropChannel();
    clearTimeout(this.#retry ?? undefined);
    return session;
  }

  #dropChannel(): void {
    this.#channel?.dispose();
    this.#channel = null;
  }

  #set(state: HelperKernel.State, reason: string | null): void {
    if (state !== this.#status.state || reason !== this.#status.reason) {
      this.#status = { state, reason };
      this.#statusChanged.emit(this.#status);
    }
  }

  readonly #options: HelperKernel.IOptions;
  readonly #statusChanged = new Signal<this, HelperKernel.IStatus>(this);
  readonly #hints = new Signal<this, HelperKernel.IHint>(this);
  #status: HelperKernel.IStatus = { state: 'off', reason: null };
  #roots: ReadonlyMap<string, HelperKernel.IRootOptions> = new Map();
  /** Roots that are reached by a link. */
  readonly #linked = new Set<string>();
  #session: Session.ISessionConnection | null = null;
  #channel: HelperChannel | null = null;
  #starting: Promise<boolean> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #readyAt: number | null = null;
  /** How often it is still tried again. */
  #tries = 0;
  #pause = FIRST_PAUSE / 2;
  #notBefore = 0;
  #isDisposed = false;
}

export namespace HelperKernel {
  /**
   * `off`: not wanted, or no Python kernel (`no-python`); `refused`: it does not see the server's files (`other-files`); `lost`: it
   * went, or could not be started: tried again by `start()`, the sooner the longer it had run.
   */
  export type State = 'off' | 'starting' | 'ready' | 'refused' | 'lost';

  export interface IStatus {
    readonly state: State;
    readonly reason: string | null;
  }

  export interface IHint {
    readonly paths: readonly string[] | null;
  }

  export interface IRootOptions {
    /** Names that are not watched, with all below them. */
    readonly excludes?: readonly string[];
    /** Whether names that start with a dot are watched. Default false. */
    readonly hidden?: boolean;
  }

  export interface IOptions {
    readonly kernelspecs: KernelSpec.IManager;
    readonly sessions: Session.IManager;
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** Where the extension keeps its own files, relative to the Jupyter root; visible, and no project's. */
    readonly stateFolder: string;
    /** Default true. */
    readonly enabled?: boolean;
    /** Runs the task while no other tab of this server does: else several kernels are started at once. */
    readonly lock?: <T>(task: () => Promise<T>) => Promise<T>;
    /** Called once for each request to the server or the program. */
    readonly onRequest?: () => void;
    /** How long a reply may take before the program is asked for it; ms. Default 4000. */
    readonly silence?: number;
  }
}
