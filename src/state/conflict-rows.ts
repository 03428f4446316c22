import type { Kysely } from 'kysely';

import type { Conflict } from '../sync/memory';
import { chunksOf } from './chunks';
import type { Tables } from './tables';

/** In the order of the list. */
export async function readConflicts(db: Kysely<Tables>, projectId: string): Promise<Conflict[]> {
  const rows = await db
    .selectFrom('conflicts')
    .select(['path', 'copy', 'reason', 'base_sha256'])
    .where('project_id', '=', projectId)
    .orderBy('position')
    .execute();
  return rows.map(({ path, copy, reason, base_sha256 }) => ({
    path,
    copy,
    reason,
    ...(base_sha256 !== null && { base: base_sha256 })
  }));
}

/** Replaces the list. */
export async function writeConflicts(
  db: Kysely<Tables>,
  projectId: string,
  conflicts: readonly Conflict[]
): Promise<void> {
  const rows = conflicts.map(({ path, copy, reason, base }, position) => ({
    project_id: projectId,
    position,
    path,
    copy,
    reason,
    base_sha256: base ?? null
  }));
  const listed = conflicts.map(({ path, copy, reason, base }) => ({
    path,
    copy,
    reason,
    ...(base !== undefined && { base })
  }));
  if (JSON.stringify(await readConflicts(db, projectId)) === JSON.stringify(listed)) {
    return;
  }
  await db.deleteFrom('conflicts').where('project_id', '=', projectId).execute();
  for (const chunk of chunksOf(rows)) {
    await db.insertInto('conflicts').values(chunk).execute();
  }
}
