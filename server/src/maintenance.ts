import { type Kysely, sql } from 'kysely';

import type { Database } from './database/tables';
import { ANNOUNCEMENT_LIFETIME } from './files/announcement-store';
import type { BlobStore } from './storage/blob-store';

/** How long the answer to an idempotency key is remembered; ms. */
const ANSWER_LIFETIME = 7 * 24 * 60 * 60 * 1000;

/**
 * Removes what nothing leads to any more: versions that were never committed, contents that no version names.
 *
 * #### Notes
 * Runs before the server answers: while requests run, a content may be just about to be named.
 */
export async function collectGarbage(db: Kysely<Database>, blobs: BlobStore): Promise<void> {
  const now = Date.now();
  await db
    .deleteFrom('file_versions')
    .where('state', '!=', 'committed')
    .where('created_at', '<', new Date(now - ANNOUNCEMENT_LIFETIME))
    .execute();
  const waiting = await db
    .selectFrom('file_versions')
    .select('id')
    .where('state', '=', 'announced')
    .where('part_size', 'is not', null)
    .execute();
  const waited = new Set(waiting.map(({ id }) => id));
  const leftOver = (await blobs.listParts()).filter(version => !waited.has(version));
  await Promise.all(leftOver.map(version => blobs.removeParts(version)));
  await db
    .deleteFrom('commits')
    .where('created_at', '<', new Date(now - ANSWER_LIFETIME))
    .execute();

  const stored: string[] = [];
  for await (const sha256 of blobs.list()) {
    stored.push(sha256);
  }
  if (stored.length === 0) {
    return;
  }
  const { rows } = await sql<{ sha256: string }>`
    select stored.sha256 from unnest(${stored}::text[]) as stored(sha256)
    where not exists (
      select 1 from file_versions
      where file_versions.sha256 = stored.sha256 and file_versions.state != 'announced'
    )
  `.execute(db);
  await Promise.all(rows.map(({ sha256 }) => blobs.remove(sha256)));
}
