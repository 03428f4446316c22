import type { Kysely } from 'kysely';

import type { Conflict } from '../sync/memory';
import { chunksOf } from './chunks';
import type { Tables } from './tables';

/** In the order of the list. */
export async function readConflicts(db: Kysely<Tables>, projectId: string): Promise<Conflict[]> {
  return db
    .selectFrom('conflicts')
    .select(['path', 'copy', 'reason'])
    .where('project_id', '=', projectId)
    .orderBy('position')
    .execute();
}

/** Replaces the list. */
export async function writeConflicts(
  db: Kysely<Tables>,
  projectId: string,
  conflicts: readonly Conflict[]
): Promise<void> {
  const rows = conflicts.map(({ path, copy, reason }, position) => ({
    project_id: projectId,
    position,
    path,
    copy,
    reason
  }));
  const listed = rows.map(({ path, copy, reason }) => ({ path, copy, reason }));
  if (JSON.stringify(await readConflicts(db, projectId)) === JSON.stringify(listed)) {
    return;
  }
  await db.deleteFrom('conflicts').where('project_id', '=', projectId).execute();
  for (const chunk of chunksOf(rows)) {
    await db.insertInto('conflicts').values(chunk).execute();
  }
}
