import { randomUUID } from 'node:crypto';

import type { Kysely } from 'kysely';

import type { Database } from './database/tables';
import type { DataFolder } from './data-folder';
import { CommandError } from './errors';
import type { BlobStore } from './storage/blob-store';

/**
 * Makes sure that this database names the contents of this data folder, and no other does: contents that it doesn't name
 * would be removed, and those that it names would not be found.
 *
 * Throws a `CommandError` where they don't belong together. Only one process may do this at a time.
 */
export async function pair(
  db: Kysely<Database>,
  folder: DataFolder,
  blobs: BlobStore
): Promise<void> {
  const kept = await folder.installation();
  const row = await db.selectFrom('installation').select('id').executeTakeFirst();
  if (row && row.id === kept) {
    return;
  }
  if (row || !(await blobs.isEmpty())) {
    throw new CommandError(
      `The data folder ${folder.path} and this database don't belong together: every process needs the same folder, and a database has one.`
    );
  }
  // First into the folder: when this is broken off, both are as new as before.
  const id = kept ?? randomUUID();
  await folder.keepInstallation(id);
  await db.insertInto('installation').values({ id }).execute();
}
