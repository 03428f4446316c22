import type { Generated } from 'kysely';
import type { Activity } from '../tokens';
import type { EntryKind, Side } from '../sync/entry';
import type { ActionKind } from '../sync/report';

/**
 * The tables as the newest migration leaves them. Times are ms since the epoch, sizes are bytes, hashes are lower-case
 * hex, and paths of entries are relative to their project's root.
 */
export interface Tables {
  local_projects: LocalProjectRow;
  base_nodes: BaseNodeRow;
  side_entries: SideEntryRow;
  intents: IntentRow;
  conflicts: ConflictRow;
  activities: ActivityRow;
}

/** A project tied to a folder of this Jupyter server. What the cloud alone says of it is not here. */
export interface LocalProjectRow {
  /** The cloud's id of the project. */
  id: string;
  cloud_url: string;
  /** The cloud's short name of it. */
  name: string;
  owner_id: string;
  /** The folder, relative to the Jupyter root. */
  path: string;
  /** 0 or 1. */
  paused: number;
  linked_at: number;
  last_sync_at: number | null;
  cloud_cursor: string | null;
  local_cursor: string | null;
}

/** What both sides were last confirmed to hold. */
export interface BaseNodeRow {
  project_id: string;
  path: string;
  kind: EntryKind;
  size: number;
  sha256: string | null;
}

/** What was last seen of a side. */
export interface SideEntryRow extends BaseNodeRow {
  side: Side;
  version: string;
  entry_id: string | null;
  seen_at: number;
}

/** A local write that was about to happen. */
export interface IntentRow {
  project_id: string;
  path: string;
  before_sha256: string | null;
  after_sha256: string;
  size: number;
  /** Where the content can be had again. */
  source_side: Side;
  source_path: string;
  source_version: string;
}

export interface ConflictRow {
  project_id: string;
  /** From 0, in the order of the list. One path may be in it more than once. */
  position: number;
  path: string;
  copy: string | null;
  reason: string;
  base_sha256: string | null;
}

/** Outlives its project: it tells that the project was unlinked, too. */
export interface ActivityRow {
  /** Grows with each. */
  id: Generated<number>;
  /** RFC 3339 UTC. */
  at: string;
  project_id: string;
  project_title: string;
  kind: Activity['kind'];
  path: string | null;
  text: string;
  /** Of an action. */
  side: Side | null;
  change: ActionKind | null;
}
