import { type Transaction, sql } from 'kysely';

import type { Database, NewFileRow, NewHistoryRow } from '../database/tables';
import type { Entry } from './entry';

/** Rows in one statement: each binds some fifteen parameters, of 65,535. */
const ROWS_AT_ONCE = 1000;

/**
 * Writes what paths hold from now on, and remembers what they held.
 *
 * @param changes - in the order of their revisions; a path may change more than once.
 */
export async function writeChanges(
  transaction: Transaction<Database>,
  projectId: string,
  changes: readonly Entry[]
): Promise<void> {
  await closeHistory(transaction, projectId, changes);
  for (const rows of chunksOf(openedHistory(changes), ROWS_AT_ONCE)) {
    await transaction.insertInto('file_history').values(rows).execute();
  }
  const last = new Map(changes.map(change => [change.path, change]));
  for (const rows of chunksOf([...last.values()].map(fileRow), ROWS_AT_ONCE)) {
    await transaction
      .insertInto('files')
      .values(rows)
      .onConflict(conflict =>
        conflict.columns(['project_id', 'path']).doUpdateSet(row => ({
          file_id: row.ref('excluded.file_id'),
          kind: row.ref('excluded.kind'),
          size: row.ref('excluded.size'),
          sha256: row.ref('excluded.sha256'),
          file_version_id: row.ref('excluded.file_version_id'),
          description: row.ref('excluded.description'),
          metadata: row.ref('excluded.metadata'),
          created_at: row.ref('excluded.created_at'),
          updated_at: row.ref('excluded.updated_at'),
          updated_by: row.ref('excluded.updated_by'),
          revision: row.ref('excluded.revision'),
          deleted: row.ref('excluded.deleted')
        }))
      )
      .execute();
  }
}

/** What was held before this transaction is held no more, from the first change of each path on. */
async function closeHistory(
  transaction: Transaction<Database>,
  projectId: string,
  changes: readonly Entry[]
): Promise<void> {
  const first = new Map<string, number>();
  for (const { path, revision } of changes) {
    if (!first.has(path)) {
      first.set(path, revision);
    }
  }
  await sql`
    update file_history
    set valid_to = ended.revision
    from unnest(${[...first.keys()]}::text[], ${[...first.values()]}::bigint[]) as ended(path, revision)
    where file_history.project_id = ${projectId}
      and file_history.path = ended.path
      and file_history.valid_to is null
  `.execute(transaction);
}

function openedHistory(changes: readonly Entry[]): NewHistoryRow[] {
  const open = new Map<string, NewHistoryRow>();
  const rows: NewHistoryRow[] = [];
  for (const change of changes) {
    const earlier = open.get(change.path);
    if (earlier) {
      earlier.valid_to = change.revision;
      open.delete(change.path);
    }
    if (!change.deleted) {
      const row: NewHistoryRow = {
        ...entryColumns(change),
        valid_from: change.revision,
        valid_to: null
      };
      open.set(change.path, row);
      rows.push(row);
    }
  }
  return rows;
}

function fileRow(entry: Entry): NewFileRow {
  return { ...entryColumns(entry), revision: entry.revision, deleted: entry.deleted };
}

function entryColumns(entry: Entry) {
  return {
    project_id: entry.project_id,
    path: entry.path,
    file_id: entry.file_id,
    kind: entry.kind,
    size: entry.size,
    sha256: entry.sha256,
    file_version_id: entry.file_version_id,
    description: entry.description,
    metadata: entry.metadata === null ? null : JSON.stringify(entry.metadata),
    created_at: entry.created_at,
    updated_at: entry.updated_at,
    updated_by: entry.updated_by
  };
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}
