import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';

type Timestamp = ColumnType<Date, Date, Date>;
type Json = ColumnType<Record<string, unknown>, string, string>;
type NullableJson = ColumnType<Record<string, unknown> | null, string | null, string | null>;

/** A count of bytes or changes: PostgreSQL's bigint, safe as a number up to 2^53. */
type Count = ColumnType<number, number, number>;

export interface UsersTable {
  id: string;
  /** Unique, and how commands name a user. */
  name: string;
  created_at: Timestamp;
}

/** A key itself is never stored: `hash` is the sha256 of it, and the key has 256 random bits. */
export interface ApiKeysTable {
  id: string;
  user_id: string;
  hash: string;
  created_at: Timestamp;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
}

export interface OrganizationsTable {
  id: string;
  name: string;
  title: string | null;
  created_at: Timestamp;
}

export interface OrganizationMembersTable {
  organization_id: string;
  user_id: string;
}

export interface ProjectsTable {
  id: string;
  name: string;
  title: string;
  description: string | null;
  metadata: Json;
  owner_type: 'user' | 'organization';
  owner_id: string;
  /** Raised by every change of a file or of what is told of the project; the row's lock orders the changes. */
  revision: Count;
  epoch: string;
  /** The feed of changes is whole from here on. */
  changes_from: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface PermissionsTable {
  project_id: string;
  subject_type: 'user_id' | 'org_id' | 'org_name';
  /** `*`: everybody. */
  subject_id: string;
  relation: 'owner' | 'writer' | 'reader' | 'finder';
  created_at: Timestamp;
}

interface EntryColumns {
  project_id: string;
  path: string;
  file_id: string;
  kind: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  size: Count;
  sha256: string | null;
  file_version_id: string;
  description: string | null;
  metadata: NullableJson;
  created_at: Timestamp;
  updated_at: Timestamp;
  updated_by: string;
}

/** One row a path: what it holds now, or (`deleted`) that it held something once. */
export interface FilesTable extends EntryColumns {
  /** Unique in the project. */
  revision: Count;
  deleted: boolean;
}

/** What a path held from one revision up to, not including, another: a listing at any revision is one query. */
export interface FileHistoryTable extends EntryColumns {
  valid_from: Count;
  /** null: it still does. */
  valid_to: Count | null;
}

export interface FileVersionsTable {
  id: string;
  project_id: string;
  /** Where it was announced for. */
  path: string;
  /** `announced`: no content yet. `uploaded`: the content is stored. `committed`: some path holds or held it. */
  state: 'announced' | 'uploaded' | 'committed';
  /** What was declared, or what is stored. null: not known before the content arrives. */
  size: Count | null;
  sha256: string | null;
  /** Size and hash were told with the announcement: other content is refused. */
  declared: boolean;
  /** Bytes of each part but the last; null for a version that is sent whole. */
  part_size: Count | null;
  description: string | null;
  metadata: NullableJson;
  created_at: Timestamp;
  created_by: string;
}

export interface UploadPartsTable {
  file_version_id: string;
  number: number;
  size: Count;
}

/** The first answer to each idempotency key. */
export interface CommitsTable {
  project_id: string;
  user_id: string;
  idempotency_key: string;
  /** JSON text: a path in it may hold what jsonb refuses. */
  answer: string;
  created_at: Timestamp;
}

/** The ticket itself is never stored: `hash` is the sha256 of it. */
export interface EventTicketsTable {
  hash: string;
  /** Who asked for it, and with which key. */
  key_id: string;
  expires_at: Timestamp;
}

/** At most one row, in a database of a PostgreSQL server: which data folder holds the contents of these files. */
export interface InstallationTable {
  id: string;
}

export interface Database {
  users: UsersTable;
  api_keys: ApiKeysTable;
  organizations: OrganizationsTable;
  organization_members: OrganizationMembersTable;
  projects: ProjectsTable;
  permissions: PermissionsTable;
  files: FilesTable;
  file_history: FileHistoryTable;
  file_versions: FileVersionsTable;
  upload_parts: UploadPartsTable;
  commits: CommitsTable;
  event_tickets: EventTicketsTable;
  installation: InstallationTable;
}

export type UserRow = Selectable<UsersTable>;
export type ProjectRow = Selectable<ProjectsTable>;
export type FileRow = Selectable<FilesTable>;
export type NewFileRow = Insertable<FilesTable>;
export type NewHistoryRow = Insertable<FileHistoryTable>;
export type FileVersionRow = Selectable<FileVersionsTable>;
