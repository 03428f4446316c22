import { type Kysely, sql } from 'kysely';

import type { Database } from './database/tables';
import { ANNOUNCEMENT_LIFETIME } from './files/announcement-store';
import type { BlobStore } from './storage/blob-store';

/** How long the answer to an idempotency key is remembered; ms. */
const ANSWER_LIFETIME = 7 * 24 * 60 * 60 * 1000;

/** Contents looked at in one transaction: others wait for its end. */
const CONTENTS_AT_ONCE = 500;

/**
 * How long a content that nothing names has to be there before it is removed, where other processes may be at work: longer
 * than from its arrival to the row that names it; ms.
 */
export const SETTLED = 24 * 60 * 60 * 1000;

/**
 * Removes what nothing leads to any more: versions that were never committed, contents that no version names.
 *
 * #### Notes
 * Other processes may be answering meanwhile. What they could just now name is not removed: a version is
 * announced as held, committed or taken away here in transactions, which run one after the other, and a content that has just
 * arrived is not `settled`.
 *
 * @param settled - 0 where no other process is at work, else `SETTLED`.
 */
export async function collectGarbage(
  db: Kysely<Database>,
  blobs: BlobStore,
  settled: number
): Promise<void> {
  await removeOldRows(db);
  await removeParts(db, blobs);
  let names: string[] = [];
  for await (const name of blobs.list()) {
    names.push(name);
    if (names.length === CONTENTS_AT_ONCE) {
      await removeUnnamed(db, blobs, names, settled);
      names = [];
    }
  }
  await removeUnnamed(db, blobs, names, settled);
}

async function removeOldRows(db: Kysely<Database>): Promise<void> {
  const now = Date.now();
  await db.transaction().execute(async transaction => {
    await transaction
      .deleteFrom('file_versions')
      .where('state', '!=', 'committed')
      .where('created_at', '<', new Date(now - ANNOUNCEMENT_LIFETIME))
      .execute();
    await transaction
      .deleteFrom('commits')
      .where('created_at', '<', new Date(now - ANSWER_LIFETIME))
      .execute();
  });
}

/** What is there is listed first: a version is announced before any part of it arrives. */
async function removeParts(db: Kysely<Database>, blobs: BlobStore): Promise<void> {
  const stored = await blobs.listParts();
  const waiting = await db
    .selectFrom('file_versions')
    .select('id')
    .where('state', '=', 'announced')
    .where('part_size', 'is not', null)
    .execute();
  const waited = new Set(waiting.map(({ id }) => id));
  const leftOver = stored.filter(version => !waited.has(version));
  await Promise.all(leftOver.map(version => blobs.removeParts(version)));
}

/** Nobody can name one between the question and its removal: that takes a transaction. */
async function removeUnnamed(
  db: Kysely<Database>,
  blobs: BlobStore,
  names: readonly string[],
  settled: number
): Promise<void> {
  if (names.length === 0) {
    return;
  }
  await db.transaction().execute(async transaction => {
    const { rows } = await sql<{ sha256: string }>`
      select stored.sha256 from unnest(${names}::text[]) as stored(sha256)
      where not exists (
        select 1 from file_versions
        where file_versions.sha256 = stored.sha256 and file_versions.state != 'announced'
      )
    `.execute(transaction);
    await Promise.all(rows.map(({ sha256 }) => blobs.remove(sha256, settled)));
  });
}
