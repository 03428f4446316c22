import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { HelperError } from '../local/helper/helper-error';
import type { HelperKernel } from '../local/helper/kernel';
import { DEFAULT_IGNORES } from '../sync/ignore';
import type { HelperStatus } from '../tokens';
import type { ProjectIgnores } from './project-ignores';
import type { Registry } from './registry';
import type { SettingsSource } from './settings';

/** Directories that are left out by name, where a project does leave them out: nothing below is watched. */
const NOT_WATCHED = DEFAULT_IGNORES.filter(pattern => /^[\w.]+\/$/.test(pattern)).map(pattern =>
  pattern.slice(0, -1)
);

const OFF: HelperStatus = { state: 'off', reason: null };

/** How long one that failed at something is not used, in ms. */
const REST = 30_000;
/** How long a run waits for one that starts, in ms. */
const PATIENCE = 2000;

/** Has the helper kernel run while a folder is linked and the settings allow it, and tells it which folders these are. */
export class HelperKeeper implements IDisposable {
  constructor(options: HelperKeeper.IOptions) {
    this.#options = options;
    const { registry, settings, onError } = options;
    registry.changed.connect(this.#update, this);
    settings.changed.connect(this.#update, this);
    registry.ready.then(() => this.#update()).catch(onError);
  }

  /** Fires when the helper comes or goes, or is no longer wanted, and when `seesAll` may have changed. */
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /** Fires with paths below linked folders that changed, relative to the Jupyter root; null where it may be anywhere. */
  get hints(): ISignal<this, readonly string[] | null> {
    return this.#hints;
  }

  get status(): HelperStatus {
    return this.#whyNot === null
      ? (this.#helper?.status ?? OFF)
      : { state: 'off', reason: this.#whyNot };
  }

  /** Whether the helper tells each change below each linked folder. */
  get seesAll(): boolean {
    const helper = this.#helper;
    const linked = this.#options.registry.linked();
    return helper?.isReady === true && linked.every(({ path }) => helper.covers(path));
  }

  /** The helper, where it can be used now. */
  get helper(): HelperKernel | null {
    return this.#helper?.isReady === true && Date.now() >= this.#restsUntil ? this.#helper : null;
  }

  /** As `helper`; one that went is started again meanwhile. */
  use(): HelperKernel | null {
    if (this.#helper && !this.#helper.isReady && this.#key !== 'null') {
      this.#helper.start().catch(this.#options.onError);
    }
    return this.helper;
  }

  /**
   * Resolves when the helper has come, or knows the folders that are linked by now; else when it is clear that it does not, or after two
   * seconds. Where it was waited for in vain, it is not waited for again until it has been there.
   */
  async settled(): Promise<void> {
    if (this.#isPatient && this.#key !== 'null' && Date.now() >= this.#restsUntil) {
      let stop = () => undefined as void;
      const enough = new Promise<'late'>(resolve => {
        const timer = setTimeout(() => resolve('late'), PATIENCE);
        stop = () => clearTimeout(timer);
      });
      const isLate = (await Promise.race([this.#coming(), enough])) === 'late';
      stop();
      this.#isPatient = !isLate || this.#helper?.isReady === true;
    }
  }

  /** It failed at something: for a while the contents API is the way. */
  failed({ reason }: HelperError): void {
    // Where a link leads to a project's folder, that is no fault of the helper's.
    if (reason !== 'root-link') {
      this.#restsUntil = Date.now() + REST;
    }
  }

  /** The kernel that it runs in; null while it is not connected. */
  get kernelId(): string | null {
    return this.#helper?.kernelId ?? null;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (!this.#isDisposed) {
      this.#isDisposed = true;
      this.#helper?.dispose();
      Signal.clearData(this);
    }
  }

  async #coming(): Promise<void> {
    await this.#last;
    if (this.#helper?.status.state === 'starting') {
      await this.#helper.start();
    }
  }

  #update(): void {
    const { registry, onError } = this.#options;
    if (!registry.isReady || registry.store === null || this.#isDisposed) {
      return;
    }
    const isNeeded = registry.linked().length > 0;
    const whyNot = isNeeded ? this.#refusal() : null;
    if (whyNot !== this.#whyNot) {
      this.#whyNot = whyNot;
      this.#changed.emit();
    }
    const roots = isNeeded && whyNot === null ? this.#roots() : null;
    const key = JSON.stringify(roots && [...roots]);
    if (key !== this.#key) {
      this.#key = key;
      this.#last = this.#last.then(() => this.#apply(roots)).catch(onError);
      this.#changed.emit();
    }
  }

  /** Why there is to be none, though a folder is linked. */
  #refusal(): 'disabled' | 'no-python' | null {
    const { settings, load } = this.#options;
    if (settings.current.helperKernel === 'off') {
      return 'disabled';
    }
    return load === null ? 'no-python' : null;
  }

  async #apply(roots: ReadonlyMap<string, HelperKernel.IRootOptions> | null): Promise<void> {
    if (this.#isDisposed) {
      return;
    }
    if (roots === null) {
      await this.#helper?.shutdown();
      return;
    }
    this.#helper ??= await this.#load();
    if (!this.#helper) {
      return;
    }
    await this.#helper.setRoots(roots);
    await this.#helper.start();
  }

  async #load(): Promise<HelperKernel | null> {
    const helper = (await this.#options.load?.()) ?? null;
    if (!helper) {
      return null;
    }
    helper.statusChanged.connect((_, { state }) => {
      this.#isPatient ||= state === 'ready';
      this.#changed.emit();
    });
    helper.hints.connect((_, { paths }) => this.#hints.emit(paths));
    if (this.#isDisposed) {
      helper.dispose();
    }
    return helper;
  }

  #roots(): Map<string, HelperKernel.IRootOptions> {
    const { registry, settings, ignores } = this.#options;
    return new Map(
      registry.linked().map(project => {
        const isIgnored = ignores.of(project);
        const excludes = NOT_WATCHED.filter(name => isIgnored(name, 'directory'));
        return [project.path, { excludes, hidden: settings.current.syncHidden }];
      })
    );
  }

  readonly #options: HelperKeeper.IOptions;
  readonly #changed = new Signal<this, void>(this);
  readonly #hints = new Signal<this, readonly string[] | null>(this);
  #helper: HelperKernel | null = null;
  #restsUntil = 0;
  /** Whether a run waits for it. */
  #isPatient = true;
  #whyNot: 'disabled' | 'no-python' | null = null;
  /** What was asked for last. */
  #key = 'null';
  #last: Promise<void> = Promise.resolve();
  #isDisposed = false;
}

export namespace HelperKeeper {
  export interface IOptions {
    readonly registry: Registry;
    readonly settings: SettingsSource;
    readonly ignores: ProjectIgnores;
    /** Makes the helper when it is first needed; null where there are no kernels. */
    readonly load: (() => Promise<HelperKernel>) | null;
    readonly onError: (error: unknown) => void;
  }
}
