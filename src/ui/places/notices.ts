import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { IProjects, ProjectSummary, SyncReport } from '../../tokens';
import { reportMessage } from '../report-words';

/** What a person may do about it, by a command. */
export interface NoticeAction {
  readonly label: string;
  readonly command: 'show' | 'approve' | 'restore' | 'sign-in';
  readonly args: Readonly<Record<string, string>>;
}

/** Something that does not go on without the person. */
export interface Notice {
  readonly kind: 'warning' | 'error';
  readonly text: string;
  readonly actions: readonly NoticeAction[];
}

/** What the notices need of the model. */
export type NoticeSource = Pick<
  IProjects,
  | 'connection'
  | 'connectionMessage'
  | 'connectionChanged'
  | 'projects'
  | 'projectsChanged'
  | 'lastReport'
>;

/**
 * Tells once of each thing that needs the person: a sync that was stopped, conflicts that came up, a sign-in that is needed. What is no
 * longer so is taken back.
 */
export class Notices implements IDisposable {
  constructor(options: Notices.IOptions) {
    this.#options = options;
    options.projects.projectsChanged.connect(this.#update, this);
    options.projects.connectionChanged.connect(this.#update, this);
    this.#update();
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    const { projects } = this.#options;
    projects.projectsChanged.disconnect(this.#update, this);
    projects.connectionChanged.disconnect(this.#update, this);
    [...this.#told.keys()].forEach(key => this.#takeBack(key));
  }

  #update(): void {
    const { projects } = this.#options;
    if (projects.connection === 'loading') {
      return;
    }
    const linked = projects.projects.filter(({ localPath }) => localPath !== null);
    this.#tellOfSignIn(linked.length > 0);
    for (const project of linked) {
      this.#tellOfStop(project);
      this.#tellOfConflicts(project);
    }
    const ids = new Set(linked.map(({ id }) => id));
    for (const id of [...this.#seen.keys()].filter(each => !ids.has(each))) {
      this.#seen.delete(id);
      this.#takeBack(`stop ${id}`);
      this.#takeBack(`conflicts ${id}`);
    }
  }

  /** Who signed out by themselves need not be told. */
  #tellOfSignIn(isNeeded: boolean): void {
    const { projects, trans } = this.#options;
    const { connection, connectionMessage } = projects;
    if (connection === 'online') {
      this.#takeBack('sign-in');
    }
    if (connection === 'signed-out' && connectionMessage !== '' && isNeeded) {
      this.#tell('sign-in', {
        kind: 'warning',
        text: trans.__('Projects are no longer synced: %1', connectionMessage),
        actions: [{ label: trans.__('Sign In…'), command: 'sign-in', args: {} }]
      });
    }
  }

  #tellOfStop({ id, title, status }: ProjectSummary): void {
    const { projects, trans } = this.#options;
    const key = `stop ${id}`;
    const report = projects.lastReport(id);
    if (status !== 'stopped' || !report) {
      // While it is tried again it may well be stopped again.
      if (status !== 'syncing') {
        this.#takeBack(key);
      }
      return;
    }
    const { text } = reportMessage(report, title, trans);
    this.#tell(key, { kind: 'warning', text, actions: this.#wordsFor(report) });
  }

  #wordsFor({ projectId, stopReason }: SyncReport): readonly NoticeAction[] {
    const { trans } = this.#options;
    const args = { projectId };
    const show = { label: trans.__('Show'), command: 'show', args } as const;
    const approve = { label: trans.__('Approve…'), command: 'approve', args } as const;
    const restore = { label: trans.__('Restore'), command: 'restore', args } as const;
    switch (stopReason) {
      case 'mass-delete':
      case 'root-emptied':
        return [show, restore, approve];
      case 'all-changed':
      case 'cloud-restored':
        return [show, approve];
      default:
        return [show];
    }
  }

  /** Those that were open when the page was are in the panel; only what came up since is told. */
  #tellOfConflicts({ id, title, conflicts }: ProjectSummary): void {
    const { projects, trans } = this.#options;
    const report = projects.lastReport(id);
    if (report?.state === 'stopped' || report?.state === 'failed') {
      // It did not get so far as to count them.
      return;
    }
    const seen = this.#seen.get(id) ?? conflicts;
    this.#seen.set(id, conflicts);
    if (conflicts !== seen) {
      // Whoever settles some of them knows of the others; and what was told is not so any more.
      this.#takeBack(`conflicts ${id}`);
    }
    if (conflicts > seen && report) {
      this.#tell(`conflicts ${id}`, {
        kind: 'warning',
        text: reportMessage({ ...report, state: 'conflicts' }, title, trans).text,
        actions: [{ label: trans.__('Show'), command: 'show', args: { projectId: id } }]
      });
    }
  }

  #tell(key: string, notice: Notice): void {
    const before = this.#told.get(key);
    if (before?.text === notice.text) {
      return;
    }
    before?.told.dispose();
    this.#told.set(key, { text: notice.text, told: this.#options.tell(notice) });
  }

  #takeBack(key: string): void {
    this.#told.get(key)?.told.dispose();
    this.#told.delete(key);
  }

  readonly #options: Notices.IOptions;
  /** How many conflicts each project was seen to have. */
  readonly #seen = new Map<string, number>();
  readonly #told = new Map<string, { readonly text: string; readonly told: IDisposable }>();
  #isDisposed = false;
}

export namespace Notices {
  export interface IOptions {
    readonly projects: NoticeSource;
    readonly trans: TranslationBundle;
    /** Disposing of what it gives takes the notice back. */
    readonly tell: (notice: Notice) => IDisposable;
  }
}
