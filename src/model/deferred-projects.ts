import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  Account,
  Activity,
  Connection,
  FilesChanged,
  FileStatus,
  HelperStatus,
  IDrafts,
  IProjects,
  Moved,
  Progress,
  ProjectSummary,
  SyncReport
} from '../tokens';
import { ProjectsError } from '../tokens';

type Arguments<Name extends keyof IProjects> = IProjects[Name] extends (...args: infer A) => unknown
  ? A
  : never;

/**
 * A model that is loaded when the page is there, or when it is first needed: until then it is `loading`, and knows of nothing. A page starts
 * without the code of the model.
 *
 * #### Notes
 * What is asked of it before waits for the model. Where that can't be loaded, what is asked for is rejected, and the next question tries again.
 */
export class DeferredProjects implements IProjects {
  /** @param load - gives the model; called again only after it failed */
  constructor(load: () => Promise<IProjects>) {
    this.#load = load;
  }

  /** Loads the model, unless it is there or on its way. */
  async start(): Promise<void> {
    await this.#loaded();
  }

  get connection(): Connection {
    return this.#model?.connection ?? (this.#failure === '' ? 'loading' : 'error');
  }

  get connectionMessage(): string {
    return this.#model?.connectionMessage ?? this.#failure;
  }

  get cloudUrl(): string {
    return this.#model?.cloudUrl ?? '';
  }

  get account(): Account | null {
    return this.#model?.account ?? null;
  }

  get helper(): HelperStatus {
    return this.#model?.helper ?? NO_HELPER;
  }

  get projects(): readonly ProjectSummary[] {
    return this.#model?.projects ?? NONE;
  }

  get activity(): readonly Activity[] {
    return this.#model?.activity ?? NONE;
  }

  get connectionChanged(): ISignal<IProjects, void> {
    return this.#connectionChanged;
  }

  get accountChanged(): ISignal<IProjects, void> {
    return this.#accountChanged;
  }

  get helperChanged(): ISignal<IProjects, void> {
    return this.#helperChanged;
  }

  get filesChanged(): ISignal<IProjects, FilesChanged> {
    return this.#filesChanged;
  }

  get filesMoved(): ISignal<IProjects, readonly Moved[]> {
    return this.#filesMoved;
  }

  get projectsChanged(): ISignal<IProjects, void> {
    return this.#projectsChanged;
  }

  get progressChanged(): ISignal<IProjects, string> {
    return this.#progressChanged;
  }

  get knownFilesChanged(): ISignal<IProjects, string> {
    return this.#knownFilesChanged;
  }

  get activityChanged(): ISignal<IProjects, void> {
    return this.#activityChanged;
  }

  heedDrafts(drafts: IDrafts): void {
    this.#drafts = drafts;
    this.#model?.heedDrafts(drafts);
  }

  progress(projectId: string): Progress | null {
    return this.#model?.progress(projectId) ?? null;
  }

  knownFiles(projectId: string): readonly FileStatus[] | null {
    return this.#model?.knownFiles(projectId) ?? null;
  }

  lastReport(projectId: string): SyncReport | null {
    return this.#model?.lastReport(projectId) ?? null;
  }

  projectAt(path: string): ProjectSummary | null {
    return this.#model?.projectAt(path) ?? null;
  }

  cancel(projectId: string): void {
    this.#model?.cancel(projectId);
  }

  async signIn(...args: Arguments<'signIn'>) {
    return (await this.#loaded()).signIn(...args);
  }

  async signOut(...args: Arguments<'signOut'>) {
    return (await this.#loaded()).signOut(...args);
  }

  async refresh(...args: Arguments<'refresh'>) {
    return (await this.#loaded()).refresh(...args);
  }

  async create(...args: Arguments<'create'>) {
    return (await this.#loaded()).create(...args);
  }

  async open(...args: Arguments<'open'>) {
    return (await this.#loaded()).open(...args);
  }

  async link(...args: Arguments<'link'>) {
    return (await this.#loaded()).link(...args);
  }

  async unlink(...args: Arguments<'unlink'>) {
    return (await this.#loaded()).unlink(...args);
  }

  async sync(...args: Arguments<'sync'>) {
    return (await this.#loaded()).sync(...args);
  }

  async syncAll(...args: Arguments<'syncAll'>) {
    return (await this.#loaded()).syncAll(...args);
  }

  async pull(...args: Arguments<'pull'>) {
    return (await this.#loaded()).pull(...args);
  }

  async pullAll(...args: Arguments<'pullAll'>) {
    return (await this.#loaded()).pullAll(...args);
  }

  async push(...args: Arguments<'push'>) {
    return (await this.#loaded()).push(...args);
  }

  async pushAll(...args: Arguments<'pushAll'>) {
    return (await this.#loaded()).pushAll(...args);
  }

  async verify(...args: Arguments<'verify'>) {
    return (await this.#loaded()).verify(...args);
  }

  async approve(...args: Arguments<'approve'>) {
    return (await this.#loaded()).approve(...args);
  }

  async restore(...args: Arguments<'restore'>) {
    return (await this.#loaded()).restore(...args);
  }

  async preview(...args: Arguments<'preview'>) {
    return (await this.#loaded()).preview(...args);
  }

  async previewAll(...args: Arguments<'previewAll'>) {
    return (await this.#loaded()).previewAll(...args);
  }

  async previewFirst(...args: Arguments<'previewFirst'>) {
    return (await this.#loaded()).previewFirst(...args);
  }

  async pause(...args: Arguments<'pause'>) {
    return (await this.#loaded()).pause(...args);
  }

  async resume(...args: Arguments<'resume'>) {
    return (await this.#loaded()).resume(...args);
  }

  async status(...args: Arguments<'status'>) {
    return (await this.#loaded()).status(...args);
  }

  async resolveConflict(...args: Arguments<'resolveConflict'>) {
    return (await this.#loaded()).resolveConflict(...args);
  }

  async resolveConflicts(...args: Arguments<'resolveConflicts'>) {
    return (await this.#loaded()).resolveConflicts(...args);
  }

  async conflictSides(...args: Arguments<'conflictSides'>) {
    return (await this.#loaded()).conflictSides(...args);
  }

  async resolveConflictWith(...args: Arguments<'resolveConflictWith'>) {
    return (await this.#loaded()).resolveConflictWith(...args);
  }

  async history(...args: Arguments<'history'>) {
    return (await this.#loaded()).history(...args);
  }

  async restoreVersion(...args: Arguments<'restoreVersion'>) {
    return (await this.#loaded()).restoreVersion(...args);
  }

  async versionContent(...args: Arguments<'versionContent'>) {
    return (await this.#loaded()).versionContent(...args);
  }

  async deletedFiles(...args: Arguments<'deletedFiles'>) {
    return (await this.#loaded()).deletedFiles(...args);
  }

  async permissions(...args: Arguments<'permissions'>) {
    return (await this.#loaded()).permissions(...args);
  }

  async organizations(...args: Arguments<'organizations'>) {
    return (await this.#loaded()).organizations(...args);
  }

  async share(...args: Arguments<'share'>) {
    return (await this.#loaded()).share(...args);
  }

  async delete(...args: Arguments<'delete'>) {
    return (await this.#loaded()).delete(...args);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#model?.dispose();
    Signal.clearData(this);
  }

  #loaded(): Promise<IProjects> {
    this.#loading ??= this.#begin();
    return this.#loading;
  }

  async #begin(): Promise<IProjects> {
    let model: IProjects;
    try {
      model = await this.#load();
    } catch (error) {
      this.#loading = null;
      this.#failure = error instanceof Error ? error.message : String(error);
      this.#connectionChanged.emit();
      throw new ProjectsError('failed', this.#failure, { cause: error });
    }
    if (this.#isDisposed) {
      model.dispose();
      return model;
    }
    this.#model = model;
    this.#failure = '';
    this.#connect(model);
    if (this.#drafts) {
      model.heedDrafts(this.#drafts);
    }
    this.#connectionChanged.emit();
    this.#accountChanged.emit();
    this.#helperChanged.emit();
    this.#projectsChanged.emit();
    this.#activityChanged.emit();
    return model;
  }

  #connect(model: IProjects): void {
    model.connectionChanged.connect(() => this.#connectionChanged.emit(), this);
    model.accountChanged.connect(() => this.#accountChanged.emit(), this);
    model.helperChanged.connect(() => this.#helperChanged.emit(), this);
    model.filesChanged.connect((_, value) => this.#filesChanged.emit(value), this);
    model.filesMoved.connect((_, value) => this.#filesMoved.emit(value), this);
    model.projectsChanged.connect(() => this.#projectsChanged.emit(), this);
    model.progressChanged.connect((_, value) => this.#progressChanged.emit(value), this);
    model.knownFilesChanged.connect((_, value) => this.#knownFilesChanged.emit(value), this);
    model.activityChanged.connect(() => this.#activityChanged.emit(), this);
  }

  readonly #load: () => Promise<IProjects>;
  #loading: Promise<IProjects> | null = null;
  #model: IProjects | null = null;
  #drafts: IDrafts | null = null;
  /** Why it could not be loaded; '' where that was not tried, or worked. */
  #failure = '';
  readonly #connectionChanged = new Signal<IProjects, void>(this);
  readonly #accountChanged = new Signal<IProjects, void>(this);
  readonly #helperChanged = new Signal<IProjects, void>(this);
  readonly #filesChanged = new Signal<IProjects, FilesChanged>(this);
  readonly #filesMoved = new Signal<IProjects, readonly Moved[]>(this);
  readonly #projectsChanged = new Signal<IProjects, void>(this);
  readonly #progressChanged = new Signal<IProjects, string>(this);
  readonly #knownFilesChanged = new Signal<IProjects, string>(this);
  readonly #activityChanged = new Signal<IProjects, void>(this);
  #isDisposed = false;
}

const NONE: readonly never[] = [];
const NO_HELPER: HelperStatus = { state: 'off', reason: null };
