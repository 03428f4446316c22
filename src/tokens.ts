import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { Side } from './sync/entry';
import type { Problem } from './sync/problem';
import type { Action, ActionKind, ReportedConflict, SyncReport } from './sync/report';

export type { Action, ActionKind, Problem, ReportedConflict, Side, SyncReport };

/**
 * The projects of the signed-in person, and their sync: what the panel, the commands and other extensions use.
 */
export const IProjects = new Token<IProjects>(
  'jupyterlab-projects:IProjects',
  'Projects in a shared cloud, synced with folders of this Jupyter server.'
);

/** Who is signed in. */
export interface Account {
  readonly id: string;
  readonly name: string;
}

export type Role = 'owner' | 'writer' | 'reader' | 'finder';

/** A project's state, as one word a person understands. */
export type ProjectStatus =
  /** In the cloud only: no folder of this server is tied to it. */
  | 'not-linked'
  /** Tied, and not synced yet since this page opened. */
  | 'waiting'
  | 'syncing'
  | 'synced'
  | 'conflicts'
  /** Synced but for some paths that have a problem. */
  | 'problems'
  /** A guard stopped it, or its sync failed: `message` says why. */
  | 'stopped'
  | 'failed'
  | 'offline'
  | 'signed-out'
  | 'paused';

/** A project as a list shows it; a plain JSON value. */
export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly owner: string;
  /** null while it is not known (offline). */
  readonly role: Role | null;
  /** The folder tied to it, relative to the Jupyter root; null when there is none. */
  readonly localPath: string | null;
  readonly status: ProjectStatus;
  /** Why it is so and what to do next, where the status alone does not say it; else ''. */
  readonly message: string;
  /** How many conflicts are open. */
  readonly conflicts: number;
  readonly problems: number;
  readonly paused: boolean;
  /** RFC 3339 UTC of the last complete sync; null when there was none. */
  readonly lastSync: string | null;
}

export type FileStatusWord =
  'synced' | 'local-change' | 'cloud-change' | 'conflict' | 'ignored' | 'problem' | 'syncing';

export interface FileStatus {
  /** Relative to the project's root. */
  readonly path: string;
  readonly status: FileStatusWord;
  /** In words; '' for a synced file. */
  readonly reason: string;
  /** The only side that has the file; left out where both have it. */
  readonly where?: Side;
  /** Left out for a file. */
  readonly kind?: 'directory';
}

export interface ProjectFiles {
  readonly project: ProjectSummary;
  readonly files: readonly FileStatus[];
}

/** Whether the helper kernel runs, by which changes are seen at once; without it the contents API is the way. */
export interface HelperStatus {
  /**
   * `off`: no folder is linked, or it is not wanted (`disabled`), or can't be (`no-python`); `refused`: its kernel does not see the
   * server's files; `lost`: it went, or could not be started.
   */
  readonly state: 'off' | 'starting' | 'ready' | 'refused' | 'lost';
  /** A code, or the error in words; null where there is nothing to say. */
  readonly reason: string | null;
}

/** How far a running sync is. */
export interface Progress {
  /** `waiting`: another browser syncs on this Jupyter server; where it is this project, the counts are the other's. */
  readonly phase: 'looking' | 'transferring' | 'saving' | 'waiting';
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Smoothed; left out while it can't be told. */
  readonly bytesPerSecond?: number;
  /** An estimate, in seconds; left out while it can't be told. */
  readonly secondsLeft?: number;
}

/** One line of the activity log; a plain JSON value. */
export interface Activity {
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly projectId: string;
  readonly projectTitle: string;
  readonly kind: 'action' | 'conflict' | 'problem' | 'run' | 'link';
  /** Relative to the project's root; null for what concerns the whole project. */
  readonly path: string | null;
  /** For a person. */
  readonly text: string;
  /** Of an action, the side that it changed, and how; left out of other lines, and of those of older versions. */
  readonly side?: Side;
  readonly change?: ActionKind;
}

/** A content that a file has or had in the cloud; a plain JSON value. */
export interface FileVersion {
  /** Names the content, now and later. */
  readonly versionId: string;
  /** Where the file was then, relative to the project's root: it may have been moved since. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string | null;
  /** RFC 3339 UTC: when it was uploaded. */
  readonly createdAt: string;
  /** null where the cloud does not tell. */
  readonly author: { readonly id: string; readonly name: string } | null;
}

/** One line of who may do what with a project; a plain JSON value. */
export interface Permission {
  readonly type: 'user_id' | 'org_id' | 'org_name' | (string & {});
  /** Of a person or an organization, or an organization's name; `*` is everybody. */
  readonly id: string;
  readonly relation: Role | (string & {});
}

/** A plain JSON value. */
export interface Organization {
  readonly id: string;
  /** For people. */
  readonly name: string;
}

export type ConflictChoice = 'keep-local' | 'keep-cloud' | 'keep-both';

/** A file that a project no longer has, and whose versions the cloud keeps for a time; a plain JSON value. */
export interface DeletedFile {
  /** Relative to the project's root. */
  readonly path: string;
  /** Of what it held last; bytes. */
  readonly size: number;
  /** RFC 3339 UTC. */
  readonly deletedAt: string;
  /** Who deleted it; null where the cloud does not tell. */
  readonly author: { readonly id: string; readonly name: string } | null;
}

/** One of the contents of a conflict. */
export interface FileSide {
  /** Where it is, relative to the project's root. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** null where it is larger than 8 MiB. */
  readonly content: Uint8Array<ArrayBuffer> | null;
  /** RFC 3339 UTC: when the file on this server was saved, or the version was uploaded; null where that is not told. */
  readonly at: string | null;
  /** null for this server's content, and where the cloud does not tell. */
  readonly author: { readonly id: string; readonly name: string } | null;
}

/** The contents that a person chooses from. */
export interface ConflictSides {
  readonly path: string;
  /** Where this server's content is kept; null while both sides are left as they are. */
  readonly copy: string | null;
  readonly reason: string;
  /** This server's; null where there is no such file any more. */
  readonly mine: FileSide | null;
  /** The cloud's; null where there is no such file any more. */
  readonly theirs: FileSide | null;
  /** What both were made from; null where that is not known, or the cloud keeps it no longer. */
  readonly base: FileSide | null;
}

/** The contents that a person was shown, by their sha256. */
export interface ConflictShown {
  readonly mine: string;
  readonly theirs: string;
}

/** What a first sync would do, and in which folder. */
export interface FirstPreview {
  /** Relative to the Jupyter root; it may not be there yet. */
  readonly path: string;
  readonly report: SyncReport;
}

/** What the model is doing as a whole. */
export type Connection =
  /** The state is being loaded, or the account asked for. */
  | 'loading'
  | 'signed-out'
  | 'online'
  /** The cloud does not answer: local state is shown. */
  | 'offline'
  /** It can't work until something is done: `connectionMessage` says what. */
  | 'error';

/** Which project is meant: by its id, or by any path (relative to the Jupyter root) inside its folder. */
export interface ProjectChoice {
  readonly projectId?: string;
  readonly path?: string;
}

export type ProjectsErrorCode =
  | 'not-linked'
  | 'not-found'
  | 'invalid-arguments'
  | 'already-linked'
  | 'signed-out'
  | 'offline'
  | 'forbidden'
  | 'unexpected-answer'
  | 'failed';

/** A failure that a person can act on; `code` is stable. */
export class ProjectsError extends Error {
  constructor(
    readonly code: ProjectsErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
    this.name = 'ProjectsError';
  }
}

/**
 * The model. All values are immutable snapshots: read the getter again when its signal fires.
 *
 * #### Notes
 * Methods reject with a `ProjectsError`.
 */
export interface IProjects extends IDisposable {
  readonly connection: Connection;
  /** What to do next when `connection` is `offline` or `error`, or why the cloud signed the person out; else ''. */
  readonly connectionMessage: string;
  readonly connectionChanged: ISignal<IProjects, void>;

  /** The API base in use, as `https://host/api/projects`; '' when none is set. */
  readonly cloudUrl: string;
  readonly account: Account | null;
  readonly accountChanged: ISignal<IProjects, void>;

  /** The helper kernel of this Jupyter server. */
  readonly helper: HelperStatus;
  readonly helperChanged: ISignal<IProjects, void>;

  /** Fires with files that changed, as soon as it is known. */
  readonly filesChanged: ISignal<IProjects, FilesChanged>;

  /** Fires with files and folders that a sync gave other names here. */
  readonly filesMoved: ISignal<IProjects, readonly Moved[]>;

  /** From now on no sync of this browser's pages changes a file under unsaved work that does not go together with the change. */
  heedDrafts(drafts: IDrafts): void;

  /** Those in the cloud that the person can see, and those tied to a folder of this server. */
  readonly projects: readonly ProjectSummary[];
  readonly projectsChanged: ISignal<IProjects, void>;

  /** Progress of a running sync; null when none runs. */
  progress(projectId: string): Progress | null;
  /** Fires with the project's id, a few times a second at most. */
  readonly progressChanged: ISignal<IProjects, string>;

  /**
   * Each file's status as the last look at both sides told it, and as a running sync changes it; null while there was no look. The same
   * array until it is told anew. By path.
   */
  knownFiles(projectId: string): readonly FileStatus[] | null;
  /** Fires with the project's id, about once a second while it is synced. */
  readonly knownFilesChanged: ISignal<IProjects, string>;

  /** Newest first; bounded. */
  readonly activity: readonly Activity[];
  readonly activityChanged: ISignal<IProjects, void>;

  /** The report of the last run since the page opened; null when there was none. */
  lastReport(projectId: string): SyncReport | null;

  signIn(apiKey: string): Promise<Account>;
  signOut(): Promise<void>;
  /** Asks the cloud again. */
  refresh(): Promise<readonly ProjectSummary[]>;

  create(path: string, title?: string): Promise<SyncReport>;
  open(projectId: string, path?: string): Promise<SyncReport>;
  link(projectId: string, path: string): Promise<SyncReport>;
  unlink(projectId: string): Promise<void>;

  sync(choice: ProjectChoice): Promise<SyncReport>;
  syncAll(): Promise<readonly SyncReport[]>;
  /** Only changes this server's folder; what would change the cloud is left and listed. */
  pull(choice: ProjectChoice): Promise<SyncReport>;
  pullAll(): Promise<readonly SyncReport[]>;
  /** Only changes the cloud; what would change this server's folder is left and listed. */
  push(choice: ProjectChoice): Promise<SyncReport>;
  pushAll(): Promise<readonly SyncReport[]>;
  /** Hashes everything on both sides, mends what is remembered of them, and syncs. */
  verify(projectId: string): Promise<SyncReport>;
  /** Lets what a guard stopped go ahead, once: just that plan, and none that grew since. */
  approve(projectId: string): Promise<SyncReport>;
  /** Undoes the deletions that a guard stopped: what the other side still has comes back. */
  restore(projectId: string): Promise<SyncReport>;
  preview(choice: ProjectChoice): Promise<SyncReport>;
  previewAll(): Promise<readonly SyncReport[]>;
  /**
   * What the first sync would do, before anything is tied: of a project (by its id) that comes to a folder of its own or to `path`; without
   * an id of a new project for the folder `path`. Changes nothing.
   */
  previewFirst(choice: ProjectChoice): Promise<FirstPreview>;
  /** Stops a running sync where it is safe to; nothing is lost, the next sync goes on. */
  cancel(projectId: string): void;

  pause(projectId?: string): Promise<void>;
  resume(projectId?: string): Promise<void>;

  /** Looks at both sides and tells each path's status; while a sync of the project is carried out, as that has it. Changes nothing. */
  status(choice: ProjectChoice): Promise<ProjectFiles>;
  resolveConflict(projectId: string, path: string, choice: ConflictChoice): Promise<SyncReport>;
  /** All that are open, in the same way. What could not be settled is among the report's problems, and stays open. */
  resolveConflicts(projectId: string, choice: ConflictChoice): Promise<SyncReport>;
  /**
   * Looks at both sides and reads the contents of an open conflict. Changes nothing. Rejects with `not-found` where none is open.
   *
   * @param path - of the file or of the copy, relative to the project's root
   */
  conflictSides(projectId: string, path: string): Promise<ConflictSides>;
  /**
   * Gives the file this content, on both sides, and so settles its conflict. Both contents that it replaces are versions in the cloud by
   * then. Rejects with `failed`, and replaces nothing, where one of them is no longer what was shown.
   */
  resolveConflictWith(
    projectId: string,
    path: string,
    content: Uint8Array<ArrayBuffer>,
    shown: ConflictShown
  ): Promise<SyncReport>;

  /**
   * The contents that the file has and had in the cloud, newest first; of a deleted file too. Rejects with `failed`
   * where the cloud keeps none.
   *
   * @param path - relative to the project's root
   */
  history(projectId: string, path: string): Promise<readonly FileVersion[]>;
  /**
   * Makes an earlier version what the file holds, on both sides; a deleted file comes back. What it held before is a
   * version by then, unsynced edits included.
   */
  restoreVersion(projectId: string, path: string, versionId: string): Promise<SyncReport>;
  /** What a version holds; it never changes. Rejects with `not-found` for none of this file. */
  versionContent(
    projectId: string,
    path: string,
    versionId: string
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** The files that were deleted, newest first. Rejects with `failed` where the cloud keeps none. */
  deletedFiles(projectId: string): Promise<readonly DeletedFile[]>;
  /** Who may do what with the project. Rejects with `forbidden` or `not-found` for who may not see that. */
  permissions(projectId: string): Promise<readonly Permission[]>;
  /** The organizations that the signed-in person is in. */
  organizations(): Promise<readonly Organization[]>;
  /**
   * Gives a subject this role in the project in place of any other; null: none.
   *
   * @param subject - a person's id, or `user_id:ID`, `org_id:ID`, `org_name:NAME`; `*` is everybody
   * @returns who may do what then
   */
  share(projectId: string, subject: string, role: Role | null): Promise<readonly Permission[]>;
  /**
   * Deletes the project in the cloud, with its versions, for everyone. Files in folders stay; a tie is forgotten.
   *
   * @param name - the project's name, as a proof that it is meant; rejects with `invalid-arguments` for another
   */
  delete(projectId: string, name: string): Promise<void>;

  /** The linked project whose folder is or holds the path (relative to the Jupyter root); null when none does. */
  projectAt(path: string): ProjectSummary | null;
}

/** What keeps a document from being what its file is. */
export interface Held {
  readonly kind:
    | 'changed'
    /** There is no such file any more. */
    | 'deleted'
    /** The file is not what such a document can hold: half written, or something else now. */
    | 'unreadable'
    /** Too large to be read without being asked. */
    | 'large'
    /** A sync would change the file, and does not, for what is unsaved here. */
    | 'incoming';
  /** Whether the document holds something that no file does. */
  readonly isEdited: boolean;
}

/**
 * Who knows of a change: a sync that wrote it, the helper kernel that saw it in a linked folder, the Jupyter server whose contents API
 * was used for it; or a kernel has finished some work, and may have made any.
 */
export type ChangeSource = 'sync' | 'helper' | 'server' | 'kernels';

/** Files that changed, as far as who tells it knows. */
export interface FilesChanged {
  readonly source: ChangeSource;
  /** Relative to the Jupyter root; null where it may be any. */
  readonly paths: readonly string[] | null;
}

/** A file or folder that got another name; paths are relative to the Jupyter root. */
export interface Moved {
  readonly from: string;
  readonly path: string;
}

/** What people have typed into open documents, and not saved. Paths are relative to the Jupyter root. */
export interface IDrafts {
  /** Those that have something. */
  readonly paths: readonly string[];
  /** Fires when `paths` may be others. */
  readonly changed: ISignal<IDrafts, void>;
  has(path: string): boolean;
  /**
   * Whether the document could take this for its file's content, and keep all that was typed. Whoever says no is asked again by each
   * later sync.
   *
   * @param content - null where the file would go
   */
  admits(path: string, content: Uint8Array | null): boolean | Promise<boolean>;
}

/** An open document that follows its file. */
export interface IFollowedDocument {
  /** Relative to the Jupyter root. */
  readonly path: string;
  /** What keeps it from being what its file is; null when nothing does. */
  readonly held: Held | null;
  readonly heldChanged: ISignal<IFollowedDocument, Held | null>;
  /** The person's word: the document becomes what the file is, whatever was done here. */
  takeFile(): Promise<void>;
  /** The person's word: the file becomes what the document is. */
  keepDocument(): Promise<void>;
  /**
   * The person's word: what was done here becomes a file of its own, and the document becomes what its file is.
   *
   * @returns the new file's path
   */
  keepBoth(): Promise<string>;
}
