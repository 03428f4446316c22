import type { LocalProjectRow } from './tables';

/**
 * A project tied to a folder of this Jupyter server, as it is remembered here. Its title, description, metadata and
 * the API's times are the cloud's to tell.
 */
export interface LocalProject {
  /** The cloud's id of it. */
  readonly id: string;
  /** The API base of the cloud it is in, as `https://host/api/projects`. */
  readonly cloudUrl: string;
  /** The cloud's short name of it. */
  readonly name: string;
  readonly ownerId: string;
  /** The folder, relative to the Jupyter root. */
  readonly path: string;
  readonly paused: boolean;
  /** Ms since the epoch. */
  readonly linkedAt: number;
  /** Of the last complete sync, in ms since the epoch; null when there was none. */
  readonly lastSyncAt: number | null;
  /** Where each side's feed of changes was read up to. */
  readonly cloudCursor: string | null;
  readonly localCursor: string | null;
}

/** What is told of a project when it is tied to a folder. */
export type NewLocalProject = Pick<
  LocalProject,
  'id' | 'cloudUrl' | 'name' | 'ownerId' | 'path'
> & { readonly paused?: boolean };

/** What may change of it; the cursors are its journal's. */
export type LocalProjectPatch = Partial<
  Pick<LocalProject, 'cloudUrl' | 'name' | 'ownerId' | 'path' | 'paused' | 'lastSyncAt'>
>;

export function localProjectFromRow(row: LocalProjectRow): LocalProject {
  return {
    id: row.id,
    cloudUrl: row.cloud_url,
    name: row.name,
    ownerId: row.owner_id,
    path: row.path,
    paused: row.paused === 1,
    linkedAt: row.linked_at,
    lastSyncAt: row.last_sync_at,
    cloudCursor: row.cloud_cursor,
    localCursor: row.local_cursor
  };
}

export function localProjectToRow(project: LocalProject): LocalProjectRow {
  return {
    id: project.id,
    cloud_url: project.cloudUrl,
    name: project.name,
    owner_id: project.ownerId,
    path: project.path,
    paused: project.paused ? 1 : 0,
    linked_at: project.linkedAt,
    last_sync_at: project.lastSyncAt,
    cloud_cursor: project.cloudCursor,
    local_cursor: project.localCursor
  };
}
