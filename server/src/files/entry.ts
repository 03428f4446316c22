import type { Kysely } from 'kysely';

import type { CloudFile } from '../../../src/cloud/schemas';
import type { Database, FileRow } from '../database/tables';

/** What a path holds (or, `deleted`, held), with the name of who made it so. */
export interface Entry extends FileRow {
  readonly updated_by_name: string;
}

export function cloudFile(entry: Entry): CloudFile {
  return {
    file_id: entry.file_id,
    path: entry.path,
    kind: entry.kind,
    size: entry.size,
    sha256: entry.sha256,
    file_version_id: entry.file_version_id,
    revision: entry.revision,
    created_at: entry.created_at.toISOString(),
    updated_at: entry.updated_at.toISOString(),
    updated_by: { id: entry.updated_by, name: entry.updated_by_name },
    ...(entry.description === null ? {} : { description: entry.description }),
    ...(entry.metadata === null ? {} : { metadata: entry.metadata }),
    ...(entry.deleted ? { deleted: true } : {})
  };
}

/** Entries of a project, those that are gone included. */
export function selectEntries(db: Kysely<Database>, projectId: string) {
  return db
    .selectFrom('files')
    .innerJoin('users', 'users.id', 'files.updated_by')
    .selectAll('files')
    .select('users.name as updated_by_name')
    .where('files.project_id', '=', projectId);
}

/** What the path holds now; null: nothing. */
export async function entryAt(
  db: Kysely<Database>,
  projectId: string,
  path: string
): Promise<Entry | null> {
  const entry = await selectEntries(db, projectId)
    .where('files.path', '=', path)
    .where('files.deleted', '=', false)
    .executeTakeFirst();
  return entry ?? null;
}
