import type { Kysely } from 'kysely';

import type { Database } from '../database/tables';

/** The numbers of a version's parts that are stored. */
export async function arrivedParts(db: Kysely<Database>, versionId: string): Promise<Set<number>> {
  const rows = await db
    .selectFrom('upload_parts')
    .select('number')
    .where('file_version_id', '=', versionId)
    .execute();
  return new Set(rows.map(({ number }) => number));
}
