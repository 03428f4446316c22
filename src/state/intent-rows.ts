import type { Kysely } from 'kysely';

import type { Breathe } from '../sync/breathe';
import type { Intent } from '../sync/memory';
import { chunksOf } from './chunks';
import type { Tables } from './tables';

/** By path. */
export async function readIntents(db: Kysely<Tables>, projectId: string): Promise<Intent[]> {
  const rows = await db
    .selectFrom('intents')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('path')
    .execute();
  return rows.map(row => ({
    path: row.path,
    before: row.before_sha256,
    after: row.after_sha256,
    size: row.size,
    source: { side: row.source_side, path: row.source_path, version: row.source_version }
  }));
}

/** A later intent for a path takes the place of an earlier one. */
export async function writeIntents(
  db: Kysely<Tables>,
  projectId: string,
  intents: readonly Intent[],
  breathe: Breathe
): Promise<void> {
  const byPath = new Map(intents.map(intent => [intent.path, intent]));
  for (const chunk of chunksOf([...byPath.values()])) {
    await breathe();
    await db
      .insertInto('intents')
      .values(
        chunk.map(({ path, before, after, size, source }) => ({
          project_id: projectId,
          path,
          before_sha256: before,
          after_sha256: after,
          size,
          source_side: source.side,
          source_path: source.path,
          source_version: source.version
        }))
      )
      .onConflict(conflict =>
        conflict
          .columns(['project_id', 'path'])
          .doUpdateSet(eb => ({
            before_sha256: eb.ref('excluded.before_sha256'),
            after_sha256: eb.ref('excluded.after_sha256'),
            size: eb.ref('excluded.size'),
            source_side: eb.ref('excluded.source_side'),
            source_path: eb.ref('excluded.source_path'),
            source_version: eb.ref('excluded.source_version')
          }))
          .where(eb =>
            eb.or([
              eb('intents.before_sha256', 'is distinct from', eb.ref('excluded.before_sha256')),
              eb('intents.after_sha256', 'is distinct from', eb.ref('excluded.after_sha256')),
              eb('intents.size', 'is distinct from', eb.ref('excluded.size')),
              eb('intents.source_side', 'is distinct from', eb.ref('excluded.source_side')),
              eb('intents.source_path', 'is distinct from', eb.ref('excluded.source_path')),
              eb('intents.source_version', 'is distinct from', eb.ref('excluded.source_version'))
            ])
          )
      )
      .execute();
  }
}

export async function deleteIntents(
  db: Kysely<Tables>,
  projectId: string,
  settled: readonly string[],
  breathe: Breathe
): Promise<void> {
  for (const paths of chunksOf(settled)) {
    await breathe();
    await db
      .deleteFrom('intents')
      .where('project_id', '=', projectId)
      .where('path', 'in', paths)
      .execute();
  }
}
