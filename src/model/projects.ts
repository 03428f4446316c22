import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Credentials } from '../cloud/credentials';
import type { LocalProject } from '../state/local-project';
import type {
  Account,
  Activity,
  ConflictChoice,
  ConflictShown,
  ConflictSides,
  Connection,
  DeletedFile,
  FilesChanged,
  FileStatus,
  FirstPreview,
  FileVersion,
  HelperStatus,
  IDrafts,
  IProjects,
  Moved,
  Organization,
  Permission,
  Progress,
  ProjectChoice,
  ProjectFiles,
  ProjectSummary,
  Role,
  SyncReport
} from '../tokens';
import { Announcements } from './announcements';
import { Choosing } from './choosing';
import { CloudFollower } from './cloud-follower';
import { conflictSides } from './conflict-sides';
import { deletedFiles } from './deleted-files';
import { rethrow } from './errors';
import type { HelperKeeper } from './helper-keeper';
import { FirstLook } from './first-look';
import { History } from './history';
import { Linking } from './linking';
import { LocalChanges } from './local-changes';
import type { LocalHints } from './local-hints';
import { Overview } from './overview';
import type { ProjectIgnores } from './project-ignores';
import type { Registry } from './registry';
import { Resolving } from './resolving';
import type { Runs } from './runs';
import type { SettingsSource } from './settings';
import type { SharedDrafts } from './shared-drafts';
import { organizations, permissions, share } from './sharing';
import type { Syncing } from './syncing';
import { Unasked } from './unasked';

/**
 * The projects of this page: joins the registry, the links and the runs, and tells what changes. The only thing the UI
 * talks to.
 */
export class Projects implements IProjects {
  constructor(options: Projects.IOptions) {
    this.#options = options;
    const { registry, runs } = options;
    this.#overview = new Overview(options);
    this.#linking = new Linking(options);
    this.#firstLook = new FirstLook({ ...options, linking: this.#linking });
    this.#history = new History(options);
    this.#resolving = new Resolving(options);
    this.#choosing = new Choosing({
      ...options,
      linking: this.#linking,
      onMoved: () => this.#update()
    });
    this.#unasked = new Unasked({ ...options, overview: this.#overview });
    this.#follower = new CloudFollower(options);
    this.#localChanges = new LocalChanges(options);
    this.#localChanges.moved.connect((_, moves) => this.#filesMoved.emit(moves), this);
    this.#localChanges.changed.connect((_, change) => this.#filesChanged.emit(change), this);
    registry.changed.connect(this.#onRegistryChanged, this);
    options.helper.changed.connect(() => this.#helperChanged.emit(), this);
    runs.changed.connect(this.#onRunsChanged, this);
    runs.progressChanged.connect(this.#onProgress, this);
    options.syncing.files.changed.connect((_, id) => this.#knownFilesChanged.emit(id), this);
  }

  get connection(): Connection {
    return this.#overview.connection;
  }

  get connectionMessage(): string {
    return this.#overview.connectionMessage;
  }

  get connectionChanged(): ISignal<IProjects, void> {
    return this.#announcements.connectionChanged;
  }

  get cloudUrl(): string {
    return this.#options.registry.session.cloudUrl;
  }

  get account(): Account | null {
    return this.#options.registry.session.account;
  }

  get accountChanged(): ISignal<IProjects, void> {
    return this.#announcements.accountChanged;
  }

  get helper(): HelperStatus {
    return this.#options.helper.status;
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

  heedDrafts(drafts: IDrafts): void {
    this.#options.drafts.heed(drafts);
  }

  get projects(): readonly ProjectSummary[] {
    return this.#announcements.projects;
  }

  knownFiles(projectId: string): readonly FileStatus[] | null {
    return this.#options.syncing.files.of(projectId);
  }

  get knownFilesChanged(): ISignal<IProjects, string> {
    return this.#knownFilesChanged;
  }

  get projectsChanged(): ISignal<IProjects, void> {
    return this.#announcements.projectsChanged;
  }

  get progressChanged(): ISignal<IProjects, string> {
    return this.#progressChanged;
  }

  get activity(): readonly Activity[] {
    return this.#options.registry.store?.activities() ?? [];
  }

  get activityChanged(): ISignal<IProjects, void> {
    return this.#announcements.activityChanged;
  }

  progress(projectId: string): Progress | null {
    return this.#options.runs.progress(projectId);
  }

  lastReport(projectId: string): SyncReport | null {
    return this.#options.runs.lastReport(projectId);
  }

  async signIn(apiKey: string): Promise<Account> {
    const { registry } = this.#options;
    await registry.ready;
    const account = await registry.session.signIn(apiKey);
    await registry.refresh();
    return account;
  }

  async signOut(): Promise<void> {
    const { registry, runs } = this.#options;
    await registry.ready;
    await Promise.all(registry.linked().map(({ id }) => runs.settle(id)));
    registry.session.signOut();
  }

  async refresh(): Promise<readonly ProjectSummary[]> {
    const { registry } = this.#options;
    await registry.requireStore();
    await registry.refresh();
    return this.#announcements.projects;
  }

  async create(path: string, title?: string): Promise<SyncReport> {
    return this.#syncFirst(await this.#linking.create(path, title));
  }

  async open(projectId: string, path?: string): Promise<SyncReport> {
    return this.#syncFirst(await this.#linking.open(projectId, path));
  }

  async link(projectId: string, path: string): Promise<SyncReport> {
    return this.#syncFirst(await this.#linking.link(projectId, path));
  }

  async unlink(projectId: string): Promise<void> {
    await this.#choosing.one({ projectId });
    await this.#untie(projectId);
  }

  async sync(choice: ProjectChoice): Promise<SyncReport> {
    return this.#options.syncing.sync(await this.#choosing.one(choice));
  }

  async syncAll(): Promise<readonly SyncReport[]> {
    return this.#choosing.each(project => this.#options.syncing.sync(project));
  }

  async pull(choice: ProjectChoice): Promise<SyncReport> {
    return this.#options.syncing.pull(await this.#choosing.one(choice));
  }

  async pullAll(): Promise<readonly SyncReport[]> {
    return this.#choosing.each(project => this.#options.syncing.pull(project));
  }

  async push(choice: ProjectChoice): Promise<SyncReport> {
    return this.#options.syncing.push(await this.#choosing.one(choice));
  }

  async pushAll(): Promise<readonly SyncReport[]> {
    return this.#choosing.each(project => this.#options.syncing.push(project));
  }

  async verify(projectId: string): Promise<SyncReport> {
    return this.#options.syncing.verify(await this.#choosing.one({ projectId }));
  }

  async approve(projectId: string): Promise<SyncReport> {
    return this.#options.syncing.approve(await this.#choosing.one({ projectId }));
  }

  async restore(projectId: string): Promise<SyncReport> {
    return this.#options.syncing.restore(await this.#choosing.one({ projectId }));
  }

  async preview(choice: ProjectChoice): Promise<SyncReport> {
    return this.#options.syncing.preview(await this.#choosing.one(choice));
  }

  async previewAll(): Promise<readonly SyncReport[]> {
    return this.#choosing.each(project => this.#options.syncing.preview(project));
  }

  async previewFirst(choice: ProjectChoice): Promise<FirstPreview> {
    return this.#firstLook.preview(choice);
  }

  cancel(projectId: string): void {
    this.#options.runs.cancel(projectId);
  }

  pause(projectId?: string): Promise<void> {
    return this.#setPaused(true, projectId);
  }

  resume(projectId?: string): Promise<void> {
    return this.#setPaused(false, projectId);
  }

  async status(choice: ProjectChoice): Promise<ProjectFiles> {
    const project = await this.#choosing.one(choice);
    const files = await this.#options.syncing.status(project);
    return { project: this.#overview.project(project.id), files };
  }

  async resolveConflict(
    projectId: string,
    path: string,
    choice: ConflictChoice
  ): Promise<SyncReport> {
    return this.#options.syncing.resolve(await this.#choosing.one({ projectId }), path, choice);
  }

  async resolveConflicts(projectId: string, choice: ConflictChoice): Promise<SyncReport> {
    return this.#resolving.all(await this.#choosing.one({ projectId }), choice);
  }

  async conflictSides(projectId: string, path: string): Promise<ConflictSides> {
    const { registry, syncing, contents } = this.#options;
    const project = await this.#choosing.one({ projectId });
    const { client } = registry.session;
    return conflictSides({ syncing, client, contents }, project, path);
  }

  async resolveConflictWith(
    projectId: string,
    path: string,
    content: Uint8Array<ArrayBuffer>,
    shown: ConflictShown
  ): Promise<SyncReport> {
    return this.#resolving.with(await this.#choosing.one({ projectId }), path, content, shown);
  }

  async history(projectId: string, path: string): Promise<readonly FileVersion[]> {
    return this.#history.versions(projectId, path);
  }

  async restoreVersion(projectId: string, path: string, versionId: string): Promise<SyncReport> {
    return this.#history.restore(await this.#choosing.one({ projectId }), path, versionId);
  }

  async versionContent(
    projectId: string,
    path: string,
    versionId: string
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#history.content(projectId, path, versionId);
  }

  async deletedFiles(projectId: string): Promise<readonly DeletedFile[]> {
    const { registry } = this.#options;
    await registry.ready;
    return deletedFiles(registry.session.client, projectId);
  }

  async permissions(projectId: string): Promise<readonly Permission[]> {
    const { registry } = this.#options;
    await registry.ready;
    return permissions(registry.session.client, projectId);
  }

  async organizations(): Promise<readonly Organization[]> {
    const { registry } = this.#options;
    await registry.ready;
    return organizations(registry.session.client);
  }

  async share(
    projectId: string,
    subject: string,
    role: Role | null
  ): Promise<readonly Permission[]> {
    const { registry, onError } = this.#options;
    await registry.ready;
    const permissions = await share(registry.session.client, projectId, subject, role);
    // It may have been the person's own role. It is given by now, whether or not that can be told.
    await registry.refresh().catch(onError);
    return permissions;
  }

  async delete(projectId: string, name: string): Promise<void> {
    await this.#options.registry.requireStore();
    await this.#linking.deleteFromCloud(projectId, name);
    await this.#untie(projectId);
  }

  projectAt(path: string): ProjectSummary | null {
    const project = this.#options.registry.at(path);
    return project && this.#overview.project(project.id);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#unasked.dispose();
    this.#choosing.dispose();
    this.#follower.dispose();
    this.#localChanges.dispose();
    this.#options.helper.dispose();
    this.#options.runs.dispose();
    this.#options.syncing.files.dispose();
    this.#options.drafts.dispose();
    this.#options.registry.dispose();
    this.#options.credentials.dispose();
    Signal.clearData(this);
  }

  /** No run of the old tie may be under way when the new one is made. */
  async #untie(projectId: string): Promise<void> {
    const { runs, syncing } = this.#options;
    await runs.apart(projectId, () => this.#linking.unlink(projectId));
    syncing.forget(projectId);
    this.#update();
  }

  #syncFirst(project: LocalProject): Promise<SyncReport> {
    this.#update();
    return this.#options.syncing.sync(project);
  }

  async #setPaused(paused: boolean, projectId?: string): Promise<void> {
    const store = await this.#options.registry.requireStore();
    const chosen =
      projectId === undefined
        ? this.#options.registry.linked()
        : [this.#options.registry.require({ projectId })];
    for (const { id } of chosen) {
      await store.updateProject(id, { paused }).catch(rethrow);
    }
    this.#update();
  }

  #update(): void {
    this.#announcements.tell({
      connection: this.connection,
      connectionMessage: this.connectionMessage,
      cloudUrl: this.cloudUrl,
      account: this.account,
      projects: this.#overview.projects(),
      activity: this.activity
    });
  }

  #onRegistryChanged(): void {
    this.#update();
  }

  #onRunsChanged(): void {
    this.#update();
  }

  #onProgress(_: Runs, projectId: string): void {
    this.#progressChanged.emit(projectId);
  }

  readonly #options: Projects.IOptions;
  readonly #announcements = new Announcements(this);
  readonly #overview: Overview;
  readonly #linking: Linking;
  readonly #firstLook: FirstLook;
  readonly #history: History;
  readonly #resolving: Resolving;
  readonly #choosing: Choosing;
  readonly #unasked: Unasked;
  readonly #follower: CloudFollower;
  readonly #localChanges: LocalChanges;
  readonly #helperChanged = new Signal<IProjects, void>(this);
  readonly #filesChanged = new Signal<IProjects, FilesChanged>(this);
  readonly #filesMoved = new Signal<IProjects, readonly Moved[]>(this);
  readonly #knownFilesChanged = new Signal<IProjects, string>(this);
  readonly #progressChanged = new Signal<IProjects, string>(this);
  #isDisposed = false;
}

export namespace Projects {
  export interface IOptions {
    readonly registry: Registry;
    readonly runs: Runs;
    readonly syncing: Syncing;
    readonly drafts: SharedDrafts;
    readonly settings: SettingsSource;
    readonly contents: Contents.IManager;
    readonly ignores: ProjectIgnores;
    readonly helper: HelperKeeper;
    readonly localHints: LocalHints;
    readonly credentials: Credentials;
    readonly trans: TranslationBundle;
    readonly onError: (error: unknown) => void;
  }
}
