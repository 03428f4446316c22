import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { LocalProject } from '../state/local-project';
import type { StateStore } from '../state/store';
import { isWithin } from '../sync/path';
import { ProjectsError } from '../tokens';
import type { ProjectChoice } from '../tokens';
import type { CloudSession } from './cloud-session';
import { asProjectsError, rethrow, wordsOf } from './errors';
import type { Tabs } from './tabs';
import { trans } from '../sync/words';

/**
 * Which projects there are: those tied to folders here, as the state remembers them, and those of the cloud's session.
 */
export class Registry implements IDisposable {
  constructor(options: Registry.IOptions) {
    this.#options = options;
    this.#session = options.openSession();
    this.#session.changed.connect(this.#onSessionChanged, this);
    options.tabs.saved.connect(this.#onSavedElsewhere, this);
    this.#ready = this.#start();
  }

  /** Fires when a project, the account or the connection may have changed. */
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /** Resolves when the state was loaded and the cloud asked, however that went. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get session(): CloudSession {
    return this.#session;
  }

  /** Where the state is kept, relative to the Jupyter root. */
  get stateFolder(): string {
    return this.#options.stateFolder;
  }

  /** null until the state is loaded. */
  get store(): StateStore | null {
    return this.#store;
  }

  /** Why the state could not be loaded; '' when it was. */
  get stateError(): string {
    return this.#stateError;
  }

  /** @throws ProjectsError when the state can't be loaded: without it nothing is known to be safe */
  async requireStore(): Promise<StateStore> {
    await this.#ready;
    if (!this.#store) {
      await this.openStore();
    }
    if (!this.#store) {
      throw new ProjectsError('failed', this.#stateError);
    }
    const told = this.#told;
    if (told !== this.#caughtUp || this.#store.isOutdated) {
      await this.#store.reload().catch(rethrow);
      this.#caughtUp = told;
      this.#changed.emit();
    }
    return this.#store;
  }

  /** Takes up what another browser saved, which nobody tells. */
  async catchUp(): Promise<void> {
    const store = await this.requireStore();
    if (await store.reload().catch(rethrow)) {
      this.#changed.emit();
    }
  }

  /** Once, however many ask for it at once. The outcome is the store, or why there is none. */
  openStore(): Promise<void> {
    this.#opening ??= this.#openStore().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #openStore(): Promise<void> {
    try {
      this.#store = await this.#options.openStore();
      this.#stateError = '';
    } catch (error) {
      this.#stateError = wordsOf(error);
      this.#options.onError(error);
    }
    this.#changed.emit();
  }

  /** Asks the cloud again; a project that it knows is tied to its present address. */
  async refresh(): Promise<void> {
    await this.#session.refresh();
    await this.#followCloud();
  }

  /** Begins anew with the cloud that is set now. */
  async changeCloud(): Promise<void> {
    this.#session.changed.disconnect(this.#onSessionChanged, this);
    this.#session.dispose();
    this.#session = this.#options.openSession();
    this.#session.changed.connect(this.#onSessionChanged, this);
    this.#changed.emit();
    await this.#refreshQuietly();
  }

  linked(): readonly LocalProject[] {
    return this.#store?.projects() ?? [];
  }

  /** To be called after a tie was made, moved or forgotten in this page: the store does not tell. */
  tell(): void {
    this.#changed.emit();
  }

  tied(projectId: string): LocalProject | null {
    return this.linked().find(({ id }) => id === projectId) ?? null;
  }

  /** The project whose folder is or holds the path, which is relative to the Jupyter root. */
  at(path: string): LocalProject | null {
    // A folder that was moved into another project's is still its own: linked() has the outer one first.
    return this.linked().findLast(project => isWithin(path, project.path)) ?? null;
  }

  /** @throws ProjectsError `not-linked` when there is none, `invalid-arguments` when nothing is chosen */
  require({ projectId, path }: ProjectChoice): LocalProject {
    if (projectId !== undefined) {
      const project = this.tied(projectId);
      if (!project) {
        throw new ProjectsError(
          'not-linked',
          trans.__('This project is not linked to a folder of this server. Open or link it first.')
        );
      }
      return project;
    }
    if (path === undefined) {
      throw new ProjectsError(
        'invalid-arguments',
        trans.__('Say which project: by its id, or by a path.')
      );
    }
    const project = this.at(path);
    if (!project) {
      throw new ProjectsError(
        'not-linked',
        trans.__('“%1” is in no folder that is linked to a project.', path)
      );
    }
    return project;
  }

  titleOf(projectId: string): string {
    const cloud = this.#session.projects.find(({ id }) => id === projectId);
    return cloud?.title || cloud?.name || this.tied(projectId)?.name || projectId;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#options.tabs.dispose();
    this.#session.dispose();
    this.#store?.dispose();
    Signal.clearData(this);
  }

  async #start(): Promise<void> {
    await Promise.all([this.openStore(), this.#refreshQuietly()]);
    await this.#followCloud().catch(this.#options.onError);
    this.#isReady = true;
    this.#changed.emit();
  }

  /** The outcome is the session's connection. */
  async #refreshQuietly(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      if (asProjectsError(error).code === 'failed') {
        this.#options.onError(error);
      }
    }
  }

  /** Ids are unique: a project that the cloud knows is in it, wherever it was before. */
  async #followCloud(): Promise<void> {
    const { cloudUrl, projects } = this.#session;
    for (const { id, name } of projects) {
      const tied = this.tied(id);
      if (tied && (tied.cloudUrl !== cloudUrl || tied.name !== name)) {
        await this.#store?.updateProject(id, { cloudUrl, name }).catch(rethrow);
      }
    }
  }

  /** Another page synced: what it remembers is what counts, and what is shown here. */
  #onSavedElsewhere(): void {
    this.#told += 1;
    this.requireStore().catch(this.#options.onError);
  }

  #onSessionChanged(): void {
    this.#changed.emit();
  }

  readonly #options: Registry.IOptions;
  readonly #changed = new Signal<this, void>(this);
  readonly #ready: Promise<void>;
  #session: CloudSession;
  #store: StateStore | null = null;
  #stateError = '';
  #isReady = false;
  #opening: Promise<void> | null = null;
  /** How often another page told that it saved, and how many of these are looked at. */
  #told = 0;
  #caughtUp = 0;
  #isDisposed = false;
}

export namespace Registry {
  export interface IOptions {
    /** The one that `openStore` uses. */
    readonly stateFolder: string;
    readonly openStore: () => Promise<StateStore>;
    readonly openSession: () => CloudSession;
    readonly tabs: Tabs;
    readonly onError: (error: unknown) => void;
  }
}
