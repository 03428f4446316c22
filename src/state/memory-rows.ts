import type { Kysely } from 'kysely';

import type { Breathe } from '../sync/breathe';
import type { Side } from '../sync/entry';
import type { Memory, MemoryChange } from '../sync/memory';
import { readConflicts, writeConflicts } from './conflict-rows';
import { deleteIntents, readIntents } from './intent-rows';
import type { Trees } from './kept-trees';
import { requireProject } from './project-rows';
import type { Tables } from './tables';
import { readBase, readEntries, writeBase, writeEntries } from './tree-rows';

/**
 * @param trees - where they are known already
 *
 * @throws StateError `not-found`
 */
export async function readMemory(
  db: Kysely<Tables>,
  projectId: string,
  trees: Trees | null,
  breathe: Breathe
): Promise<Memory> {
  const project = await requireProject(db, projectId);
  const { base, local, cloud } = trees ?? (await readTrees(db, projectId, breathe));
  return {
    base,
    local: { entries: local, cursor: project.localCursor },
    cloud: { entries: cloud, cursor: project.cloudCursor },
    intents: await readIntents(db, projectId),
    conflicts: await readConflicts(db, projectId)
  };
}

async function readTrees(db: Kysely<Tables>, projectId: string, breathe: Breathe): Promise<Trees> {
  return {
    base: await readBase(db, projectId, breathe),
    local: await readEntries(db, projectId, 'local', breathe),
    cloud: await readEntries(db, projectId, 'cloud', breathe)
  };
}

/** Rows that hold what the change says already are not touched. */
export async function writeMemoryChange(
  db: Kysely<Tables>,
  projectId: string,
  change: MemoryChange,
  breathe: Breathe
): Promise<void> {
  if (change.base) {
    await writeBase(db, projectId, change.base, breathe);
  }
  for (const side of ['local', 'cloud'] as const) {
    const entries = change[side];
    const cursor = change.cursor?.[side];
    if (entries) {
      await writeEntries(db, projectId, side, entries, breathe);
    }
    if (cursor !== undefined) {
      await writeCursor(db, projectId, side, cursor);
    }
  }
  if (change.settled) {
    await deleteIntents(db, projectId, change.settled, breathe);
  }
  if (change.conflicts) {
    await writeConflicts(db, projectId, change.conflicts);
  }
}

async function writeCursor(
  db: Kysely<Tables>,
  projectId: string,
  side: Side,
  cursor: string | null
): Promise<void> {
  const column = side === 'local' ? 'local_cursor' : 'cloud_cursor';
  await db
    .updateTable('local_projects')
    .set({ [column]: cursor })
    .where('id', '=', projectId)
    .where(column, 'is distinct from', cursor)
    .execute();
}
