/**
 * The Projects API as the wire has it: the client parses every answer with these, the server every request. Unknown
 * fields are kept. Types and schemas share their names.
 */
import { z } from 'zod';

/** Any 8-4-4-4-12 hex id: which version of UUID a server makes is its own affair. */
export const Id = z.guid();

/** RFC 3339 with any offset and any fraction of a second. */
export const Timestamp = z.iso.datetime({ offset: true });

/** Lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');

/** Bytes. */
export const Size = z.int().nonnegative();

/** A project's counter of changes. */
export const Revision = z.int().nonnegative();

/** `loose`: fields that the schema doesn't name are kept. */
const loose = z.looseObject;

/** The standard envelope of lists. `next_page_url` is absolute; null on the last page. */
export function Page<T extends z.ZodType>(item: T) {
  return loose({
    items: z.array(item),
    /** Of the whole list, over all its pages. */
    total_count: z.int().nonnegative(),
    num_items: z.int().nonnegative(),
    next_page_url: z.string().nullish(),
    prev_page_url: z.string().nullish()
  });
}
export interface Page<T> {
  items: T[];
  total_count: number;
  num_items: number;
  next_page_url?: string | null | undefined;
  prev_page_url?: string | null | undefined;
}

// Projects

export const Owner = loose({
  type: z.enum(['user', 'organization']),
  id: Id,
  name: z.string().nullish()
});
export type Owner = z.infer<typeof Owner>;

export const ProjectMetadata = loose({
  hidden: z.boolean().nullish(),
  /** notebook, data, pyscript, code_snippet, and what else there may come to be. */
  tags: z.array(z.string()).nullish(),
  /** excel, notebook, python, pyscript, unknown, … */
  user_client: z.string().nullish(),
  /** `{ignore: [pattern]}`, see `SyncMetadata`; whatever another client put there keeps no project from being read. */
  sync: z.unknown().optional()
});
export type ProjectMetadata = z.infer<typeof ProjectMetadata>;

/** The ignore rules that all devices of a project share, in .gitignore syntax. */
export const SyncMetadata = loose({ ignore: z.array(z.string()).nullish() });

export const CloudProject = loose({
  id: Id,
  /** A slug. */
  name: z.string(),
  /** For people. */
  title: z.string().nullish(),
  description: z.string().nullish(),
  metadata: ProjectMetadata.nullish(),
  owner: Owner,
  created_at: Timestamp,
  updated_at: Timestamp,
  /** Extension *changes*: renewed after a backup was restored. */
  epoch: Id.nullish(),
  /** Extension *changes*. */
  revision: Revision.nullish()
});
export type CloudProject = z.infer<typeof CloudProject>;

export const ProjectsPage = Page(CloudProject);
export type ProjectsPage = z.infer<typeof ProjectsPage>;

/** `name: "<random>"` lets the server pick a slug; the title defaults from the name. */
export const CreateProject = loose({
  name: z.string().min(1),
  title: z.string().nullish(),
  description: z.string().nullish(),
  metadata: ProjectMetadata.nullish(),
  owner: loose({
    type: z.enum(['user', 'organization']),
    id: Id.nullish(),
    name: z.string().nullish()
  }).nullish()
});
export type CreateProject = z.infer<typeof CreateProject>;

export const PatchProject = loose({
  name: z.string().min(1).optional(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  metadata: ProjectMetadata.nullish()
});
export type PatchProject = z.infer<typeof PatchProject>;

// Permissions

/** Subjects are user_id, org_id, org_name; relations owner, writer, reader, finder. The id `*` is everybody. */
export const Permission = loose({ type: z.string(), relation: z.string(), id: z.string() });
export type Permission = z.infer<typeof Permission>;

export const Permissions = loose({
  items: z.array(Permission),
  num_items: z.int().nonnegative()
});
export type Permissions = z.infer<typeof Permissions>;

export const PermissionChange = loose({
  type: z.enum(['user_id', 'org_id', 'org_name']),
  relation: z.enum(['owner', 'writer', 'reader', 'finder']),
  id: z.string().min(1),
  action: z.enum(['add', 'remove'])
});
export type PermissionChange = z.infer<typeof PermissionChange>;

export const PatchPermissions = loose({
  permissions: z.array(PermissionChange),
  is_public: z.boolean().nullish()
});
export type PatchPermissions = z.infer<typeof PatchPermissions>;

export const MyPermissions = loose({
  delete: z.boolean(),
  find: z.boolean(),
  modify: z.boolean(),
  own: z.boolean(),
  read: z.boolean(),
  share: z.boolean()
});
export type MyPermissions = z.infer<typeof MyPermissions>;

// Files

export const Person = loose({ id: z.string(), name: z.string().nullish() });
export type Person = z.infer<typeof Person>;

/** `path` is relative to the project's root. A deleted one may come without a hash; a directory has none. */
export const CloudFile = loose({
  /** Stable over moves. */
  file_id: Id,
  path: z.string(),
  kind: z.enum(['file', 'directory']),
  size: Size,
  sha256: Sha256.nullable(),
  /** A directory has one too, new when it is made or moved. */
  file_version_id: Id,
  /** The project's revision that made the entry so. */
  revision: Revision,
  created_at: Timestamp,
  updated_at: Timestamp,
  updated_by: Person.nullish(),
  description: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  deleted: z.boolean().optional()
}).refine(file => file.kind === 'directory' || file.deleted === true || file.sha256 !== null, {
  path: ['sha256'],
  error: 'expected the hash of a file'
});
export type CloudFile = z.infer<typeof CloudFile>;

/** The whole listing, over all its pages, is of one revision; `changes?since=` it goes on from there. */
export const FilesPage = Page(CloudFile).extend({ revision: Revision, epoch: Id.nullish() });
export type FilesPage = z.infer<typeof FilesPage>;

/** A listing's item from a cloud that has the core only: it names a path, and carries what it carries. */
export const CoreFile = loose({
  path: z.string().nullish(),
  name: z.string().nullish(),
  size: Size.nullish(),
  etag: z.string().nullish(),
  last_modified: z.string().nullish(),
  file_version_id: z.string().nullish()
}).refine(file => typeof (file.path ?? file.name) === 'string', {
  path: ['path'],
  error: 'expected a path or a name'
});
export type CoreFile = z.infer<typeof CoreFile>;

export const CoreFilesPage = Page(CoreFile);
export type CoreFilesPage = z.infer<typeof CoreFilesPage>;

/** Deleted items included, in the order of revisions. */
export const ChangesPage = loose({
  items: z.array(CloudFile),
  /** What this page goes up to: the `since` of the next call. */
  revision: Revision,
  has_more: z.boolean(),
  epoch: Id.nullish()
});
export type ChangesPage = z.infer<typeof ChangesPage>;

export const FilePreloadRequest = loose({
  description: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish()
});
export type FilePreloadRequest = z.infer<typeof FilePreloadRequest>;

export const FilePreload = loose({
  signed_url: z.url(),
  url: z.string(),
  file_version_id: z.string().min(1)
});
export type FilePreload = z.infer<typeof FilePreload>;

export const FileVersion = loose({
  file_version_id: Id,
  file_id: Id,
  path: z.string(),
  size: Size,
  sha256: Sha256.nullable(),
  created_at: Timestamp,
  created_by: Person.nullish()
});
export type FileVersion = z.infer<typeof FileVersion>;

export const FileVersionsPage = Page(FileVersion);
export type FileVersionsPage = z.infer<typeof FileVersionsPage>;

// Batch

export const PreloadsRequest = loose({
  files: z.array(loose({ path: z.string(), size: Size, sha256: Sha256 })).min(1)
});
export type PreloadsRequest = z.infer<typeof PreloadsRequest>;

/** Bytes `offset` up to `offset + size` of the file. `signed_url` is null when the part has arrived already. */
export const PreloadPart = loose({
  number: z.int().nonnegative(),
  offset: Size,
  size: Size,
  signed_url: z.url().nullable()
});
export type PreloadPart = z.infer<typeof PreloadPart>;

/** `signed_url` is null when there is nothing to send to it: the project holds the bytes, or `parts` take them. */
export const Preload = loose({
  path: z.string(),
  file_version_id: Id,
  signed_url: z.url().nullable(),
  parts: z.array(PreloadPart).nullish()
});
export type Preload = z.infer<typeof Preload>;

/** One item for each file asked for, in the same order. */
export const Preloads = loose({ items: z.array(Preload) });
export type Preloads = z.infer<typeof Preloads>;

// Commits

export const CommitOperation = z.discriminatedUnion('op', [
  /** `if_version` null: nothing may be there. */
  loose({
    op: z.literal('put'),
    path: z.string(),
    file_version_id: Id,
    if_version: Id.nullable()
  }),
  loose({ op: z.literal('delete'), path: z.string(), if_version: Id }),
  /** `if_revision`: nothing below a directory may have changed later than that. */
  loose({
    op: z.literal('move'),
    from: z.string(),
    to: z.string(),
    if_version: Id,
    if_revision: Revision.nullish()
  }),
  loose({ op: z.literal('mkdir'), path: z.string() })
]);
export type CommitOperation = z.infer<typeof CommitOperation>;

export const CommitRequest = loose({
  idempotency_key: z.string().min(1).max(200),
  operations: z.array(CommitOperation).min(1)
});
export type CommitRequest = z.infer<typeof CommitRequest>;

/** `file` is what the path holds now, whatever the status; null: nothing. A move's path is where it went. */
export const CommitResult = loose({
  path: z.string(),
  status: z.enum(['applied', 'conflict', 'missing_content', 'forbidden', 'invalid']),
  file: CloudFile.nullable(),
  message: z.string().nullish()
});
export type CommitResult = z.infer<typeof CommitResult>;

/** One result for each operation, in the same order. */
export const CommitAnswer = loose({ revision: Revision, results: z.array(CommitResult) });
export type CommitAnswer = z.infer<typeof CommitAnswer>;

// Events

export const EventTicket = loose({
  /** A secret: who has it listens as the person that asked for it, once. */
  ticket: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().nonnegative()
});
export type EventTicket = z.infer<typeof EventTicket>;

/** A message of the events socket: a hint. `revision` is the project's, after the change. */
export const ProjectEvent = loose({
  type: z.enum(['project.changed', 'project.created', 'project.deleted', 'permissions.changed']),
  project_id: Id,
  revision: Revision.nullish()
});
export type ProjectEvent = z.infer<typeof ProjectEvent>;

/** Why the server closed an events socket, beside the registered codes. */
export const EventsClose = {
  /** The key that asked for the ticket expired or was revoked. */
  keyRefused: 4401,
  /** The client read too slowly: something was not told. */
  tooSlow: 4408
} as const;

// The cloud and its people

export const Limits = loose({
  /** Bytes. */
  max_file_size: Size.optional(),
  /** Bytes; larger files are sent in parts of this. */
  part_size: z.int().positive().optional(),
  max_pack_size: Size.optional(),
  max_pack_file_size: Size.optional(),
  max_commit_operations: z.int().positive().optional(),
  max_path_bytes: z.int().positive().optional()
});
export type Limits = z.infer<typeof Limits>;

export const Capabilities = loose({
  api: z.literal('projects'),
  version: z.string(),
  /** files, conditions, changes, batch, commits, versions, packs, events, accounts, … */
  features: z.array(z.string()),
  limits: Limits
});
export type Capabilities = z.infer<typeof Capabilities>;

/**
 * `error.current` comes with `precondition_failed`: what the path holds now. `error.reason` comes with `auth_required`:
 * missing, unknown, expired or revoked.
 */
export const ErrorBody = loose({
  error: loose({
    code: z.string(),
    message: z.string(),
    reason: z.string().nullish(),
    current: CloudFile.nullish()
  })
});
export type ErrorBody = z.infer<typeof ErrorBody>;

export const User = loose({
  id: z.string().min(1),
  email: z.string().nullish(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  username: z.string().nullish()
});
export type User = z.infer<typeof User>;

/** `GET /api/account`. */
export const AccountAnswer = loose({ user: User });
export type AccountAnswer = z.infer<typeof AccountAnswer>;

export const Organization = loose({
  id: Id,
  name: z.string(),
  title: z.string().nullish()
});
export type Organization = z.infer<typeof Organization>;

/** `GET /api/organizations/my`. */
export const Organizations = z.array(Organization);
export type Organizations = z.infer<typeof Organizations>;
