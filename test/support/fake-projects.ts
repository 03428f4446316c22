import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  Account,
  Activity,
  ConflictChoice,
  ConflictShown,
  ConflictSides,
  Connection,
  DeletedFile,
  FileStatus,
  FirstPreview,
  FilesChanged,
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
} from '../../src/tokens';
import { ProjectsError } from '../../src/tokens';

/** What the fake holds; all of it can be set at the start and changed later. */
export interface FakeState {
  connection: Connection;
  connectionMessage: string;
  cloudUrl: string;
  account: Account | null;
  projects: readonly ProjectSummary[];
  activity: readonly Activity[];
  files: readonly FileStatus[];
  /** Before anyone asks for them; then they are `files`. */
  knownFiles: readonly FileStatus[] | null;
  versions: readonly FileVersion[];
  /** By the version's id. */
  contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  deleted: readonly DeletedFile[];
  /** Of the one conflict that is open. */
  sides: ConflictSides | null;
  progress: ReadonlyMap<string, Progress>;
  reports: ReadonlyMap<string, SyncReport>;
  helper: HelperStatus;
  firstPreview: FirstPreview;
  permissions: readonly Permission[];
  organizations: readonly Organization[];
}

/** A model without a cloud: it holds what it is given, writes down what it is asked, and fails when told to. */
export class FakeProjects implements IProjects {
  constructor(state: Partial<FakeState> = {}) {
    this.state = {
      connection: 'online',
      connectionMessage: '',
      cloudUrl: 'https://cloud.example/api/projects',
      account: { id: 'u1', name: 'Alice' },
      projects: [],
      activity: [],
      files: [],
      knownFiles: null,
      versions: [],
      contents: new Map(),
      deleted: [],
      sides: null,
      progress: new Map(),
      reports: new Map(),
      helper: { state: 'off', reason: null },
      firstPreview: { path: 'Projects/whales', report: report({ dryRun: true }) },
      permissions: [],
      organizations: [],
      ...state
    };
  }

  state: FakeState;
  /** Each call that does something, as `['sync', {projectId: 'p1'}]`. */
  readonly calls: unknown[][] = [];
  /** What the next calls reject with. */
  failure: Error | null = null;

  /** Changes what it holds, and says so. */
  set(change: Partial<FakeState>): void {
    this.state = { ...this.state, ...change };
    this.#connectionChanged.emit();
    this.#accountChanged.emit();
    this.#projectsChanged.emit();
    this.#activityChanged.emit();
    this.#helperChanged.emit();
    for (const id of this.state.progress.keys()) {
      this.#progressChanged.emit(id);
    }
  }

  tellFilesChanged(change: FilesChanged): void {
    this.#filesChanged.emit(change);
  }

  get connection(): Connection {
    return this.state.connection;
  }
  get connectionMessage(): string {
    return this.state.connectionMessage;
  }
  get cloudUrl(): string {
    return this.state.cloudUrl;
  }
  get account(): Account | null {
    return this.state.account;
  }
  get projects(): readonly ProjectSummary[] {
    return this.state.projects;
  }
  get activity(): readonly Activity[] {
    return this.state.activity;
  }
  get helper(): HelperStatus {
    return this.state.helper;
  }
  knownFiles(): readonly FileStatus[] | null {
    return this.state.knownFiles;
  }
  get knownFilesChanged(): ISignal<this, string> {
    return this.#knownFilesChanged;
  }
  get helperChanged(): ISignal<this, void> {
    return this.#helperChanged;
  }
  get filesChanged(): ISignal<this, FilesChanged> {
    return this.#filesChanged;
  }

  get filesMoved(): ISignal<this, readonly Moved[]> {
    return this.#filesMoved;
  }

  heedDrafts(_drafts: IDrafts): void {}

  get connectionChanged(): ISignal<this, void> {
    return this.#connectionChanged;
  }
  get accountChanged(): ISignal<this, void> {
    return this.#accountChanged;
  }
  get projectsChanged(): ISignal<this, void> {
    return this.#projectsChanged;
  }
  get progressChanged(): ISignal<this, string> {
    return this.#progressChanged;
  }
  get activityChanged(): ISignal<this, void> {
    return this.#activityChanged;
  }
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  progress(projectId: string): Progress | null {
    return this.state.progress.get(projectId) ?? null;
  }

  lastReport(projectId: string): SyncReport | null {
    return this.state.reports.get(projectId) ?? null;
  }

  projectAt(path: string): ProjectSummary | null {
    return (
      this.state.projects.find(
        ({ localPath }) =>
          localPath !== null && (path === localPath || path.startsWith(`${localPath}/`))
      ) ?? null
    );
  }

  async signIn(apiKey: string): Promise<Account> {
    this.#record('signIn', apiKey);
    const account = { id: 'u1', name: 'Alice' };
    this.set({ account, connection: 'online' });
    return account;
  }

  async signOut(): Promise<void> {
    this.#record('signOut');
    this.set({ account: null, connection: 'signed-out' });
  }

  async refresh(): Promise<readonly ProjectSummary[]> {
    this.#record('refresh');
    return this.state.projects;
  }

  async create(path: string, title?: string): Promise<SyncReport> {
    this.#record('create', path, title);
    return report({ projectId: 'new' });
  }

  async open(projectId: string, path?: string): Promise<SyncReport> {
    this.#record('open', projectId, path);
    return report({ projectId });
  }

  async link(projectId: string, path: string): Promise<SyncReport> {
    this.#record('link', projectId, path);
    return report({ projectId });
  }

  async unlink(projectId: string): Promise<void> {
    this.#record('unlink', projectId);
  }

  async sync(choice: ProjectChoice): Promise<SyncReport> {
    this.#record('sync', choice);
    return report({ projectId: this.#chosen(choice).id });
  }

  async syncAll(): Promise<readonly SyncReport[]> {
    this.#record('syncAll');
    return this.#linked().map(({ id }) => report({ projectId: id }));
  }

  async pull(choice: ProjectChoice): Promise<SyncReport> {
    this.#record('pull', choice);
    return report({ projectId: this.#chosen(choice).id });
  }

  async pullAll(): Promise<readonly SyncReport[]> {
    this.#record('pullAll');
    return this.#linked().map(({ id }) => report({ projectId: id }));
  }

  async push(choice: ProjectChoice): Promise<SyncReport> {
    this.#record('push', choice);
    return report({ projectId: this.#chosen(choice).id });
  }

  async pushAll(): Promise<readonly SyncReport[]> {
    this.#record('pushAll');
    return this.#linked().map(({ id }) => report({ projectId: id }));
  }

  async verify(projectId: string): Promise<SyncReport> {
    this.#record('verify', projectId);
    return report({ projectId: this.#chosen({ projectId }).id });
  }

  async approve(projectId: string): Promise<SyncReport> {
    this.#record('approve', projectId);
    return report({ projectId: this.#chosen({ projectId }).id });
  }

  async restore(projectId: string): Promise<SyncReport> {
    this.#record('restore', projectId);
    return report({ projectId: this.#chosen({ projectId }).id });
  }

  async preview(choice: ProjectChoice): Promise<SyncReport> {
    this.#record('preview', choice);
    return (
      this.state.reports.get(this.#chosen(choice).id) ??
      report({ projectId: this.#chosen(choice).id, dryRun: true })
    );
  }

  async previewAll(): Promise<readonly SyncReport[]> {
    this.#record('previewAll');
    return this.#linked().map(({ id }) => report({ projectId: id, dryRun: true }));
  }

  async previewFirst(choice: ProjectChoice): Promise<FirstPreview> {
    this.#record('previewFirst', choice);
    return this.state.firstPreview;
  }

  cancel(projectId: string): void {
    this.#record('cancel', projectId);
  }

  async pause(projectId?: string): Promise<void> {
    this.#record('pause', projectId);
  }

  async resume(projectId?: string): Promise<void> {
    this.#record('resume', projectId);
  }

  async status(choice: ProjectChoice): Promise<ProjectFiles> {
    this.#record('status', choice);
    const { files } = this.state;
    this.state.knownFiles = files;
    const chosen = this.#chosen(choice);
    this.#knownFilesChanged.emit(chosen.id);
    return { project: chosen, files };
  }

  async resolveConflict(
    projectId: string,
    path: string,
    choice: ConflictChoice
  ): Promise<SyncReport> {
    this.#record('resolveConflict', projectId, path, choice);
    return report({ projectId });
  }

  async resolveConflicts(projectId: string, choice: ConflictChoice): Promise<SyncReport> {
    this.#record('resolveConflicts', projectId, choice);
    return report({ projectId });
  }

  async conflictSides(projectId: string, path: string): Promise<ConflictSides> {
    this.#record('conflictSides', projectId, path);
    const found = this.state.sides;
    if (!found) {
      throw new ProjectsError('not-found', `There is no open conflict at “${path}”.`);
    }
    return found;
  }

  async resolveConflictWith(
    projectId: string,
    path: string,
    content: Uint8Array<ArrayBuffer>,
    shown: ConflictShown
  ): Promise<SyncReport> {
    this.#record('resolveConflictWith', projectId, path, new TextDecoder().decode(content), shown);
    return report({ projectId });
  }

  async history(projectId: string, path: string): Promise<readonly FileVersion[]> {
    this.#record('history', projectId, path);
    return this.state.versions;
  }

  async restoreVersion(projectId: string, path: string, versionId: string): Promise<SyncReport> {
    this.#record('restoreVersion', projectId, path, versionId);
    return report({ projectId });
  }

  async versionContent(
    projectId: string,
    path: string,
    versionId: string
  ): Promise<Uint8Array<ArrayBuffer>> {
    this.#record('versionContent', projectId, path, versionId);
    return this.state.contents.get(versionId) ?? new Uint8Array();
  }

  async deletedFiles(projectId: string): Promise<readonly DeletedFile[]> {
    this.#record('deletedFiles', projectId);
    return this.state.deleted;
  }

  async share(
    projectId: string,
    subject: string,
    role: Role | null
  ): Promise<readonly Permission[]> {
    this.#record('share', projectId, subject, role);
    const [type = '', id = ''] = subject.includes(':') ? subject.split(':') : ['user_id', subject];
    const others = this.state.permissions.filter(each => each.type !== type || each.id !== id);
    this.state.permissions = role ? [...others, { type, id, relation: role }] : others;
    return this.state.permissions;
  }

  async permissions(projectId: string): Promise<readonly Permission[]> {
    this.#record('permissions', projectId);
    return this.state.permissions;
  }

  async organizations(): Promise<readonly Organization[]> {
    return this.state.organizations;
  }

  async delete(projectId: string, name: string): Promise<void> {
    this.#record('delete', projectId, name);
  }

  #record(...call: unknown[]): void {
    this.calls.push(call);
    if (this.failure) {
      throw this.failure;
    }
  }

  #linked(): readonly ProjectSummary[] {
    return this.state.projects.filter(({ localPath }) => localPath !== null);
  }

  #chosen({ projectId, path }: ProjectChoice): ProjectSummary {
    const found =
      projectId === undefined
        ? this.projectAt(path ?? '')
        : this.#linked().find(({ id }) => id === projectId);
    if (!found) {
      throw new ProjectsError('not-linked', 'No folder is linked to this project.');
    }
    return found;
  }

  #isDisposed = false;
  readonly #helperChanged = new Signal<this, void>(this);
  readonly #filesChanged = new Signal<this, FilesChanged>(this);
  readonly #knownFilesChanged = new Signal<this, string>(this);
  readonly #filesMoved = new Signal<this, readonly Moved[]>(this);
  readonly #connectionChanged = new Signal<this, void>(this);
  readonly #accountChanged = new Signal<this, void>(this);
  readonly #projectsChanged = new Signal<this, void>(this);
  readonly #progressChanged = new Signal<this, string>(this);
  readonly #activityChanged = new Signal<this, void>(this);
}

/** A project with the given traits; otherwise one's own, linked and in sync. */
export function project(traits: Partial<ProjectSummary> = {}): ProjectSummary {
  return {
    id: 'p1',
    name: 'whales',
    title: 'Whales',
    owner: 'Alice',
    role: 'owner',
    localPath: 'Projects/whales',
    status: 'synced',
    message: '',
    conflicts: 0,
    problems: 0,
    paused: false,
    lastSync: '2026-01-02T03:04:05Z',
    ...traits
  };
}

/** A report with the given traits; otherwise of a sync that had nothing to do. */
export function report(traits: Partial<SyncReport> = {}): SyncReport {
  return {
    projectId: 'p1',
    dryRun: false,
    state: 'synced',
    stopReason: null,
    actions: [],
    conflicts: [],
    problems: [],
    bytesUp: 0,
    bytesDown: 0,
    requests: { jupyter: 0, cloud: 0 },
    durationMs: 0,
    ...traits
  };
}
