import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';

import { DurableFileSystem, durableStart } from './durable-file-system';
import { migrations } from './migrations';
import type { Database } from './tables';

/**
 * Opens the embedded PostgreSQL and brings its schema up to date.
 *
 * #### Notes
 * There is one connection: transactions run one after the other. Inside a transaction use only its own handle, as a query
 * on the database itself would wait for the transaction's end.
 *
 * @param folder - where it lives on disk; null: in memory, for tests.
 */
export async function openDatabase(folder: string | null): Promise<Kysely<Database>> {
  const pglite =
    folder === null
      ? await PGlite.create()
      : await PGlite.create({ fs: new DurableFileSystem(folder), startParams: durableStart });
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
  await migrateToLatest(db);
  return db;
}

/** Throws the error of the first migration that failed. */
export async function migrateToLatest(db: Kysely<Database>): Promise<void> {
  const { error } = await migratorOf(db).migrateToLatest();
  if (error !== undefined) {
    throw new Error('The database could not be brought up to date.', { cause: error });
  }
}

export function migratorOf(db: Kysely<Database>): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
}
