import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';

import { DurableFileSystem, durableStart } from './durable-file-system';
import { migrations } from './migrations';
import type { Database } from './tables';

/**
 * Hears what transactions notify on a channel, once they are committed, in the order of commits.
 *
 * @param onPayload - must not throw.
 * @returns how to end it.
 */
export type Listen = (
  channel: string,
  onPayload: (payload: string) => void
) => Promise<() => Promise<void>>;

export interface OpenDatabase {
  readonly db: Kysely<Database>;
  readonly listen: Listen;
}

/**
 * Opens the embedded PostgreSQL and brings its schema up to date.
 *
 * #### Notes
 * There is one connection: transactions run one after the other. Inside a transaction use only its own handle, as a query
 * on the database itself would wait for the transaction's end.
 *
 * @param folder - where it lives on disk; null: in memory, for tests.
 */
export async function openDatabase(folder: string | null): Promise<OpenDatabase> {
  const pglite =
    folder === null
      ? await PGlite.create()
      : await PGlite.create({ fs: new DurableFileSystem(folder), startParams: durableStart });
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
  await migrateToLatest(db);
  return { db, listen: (channel, onPayload) => pglite.listen(channel, onPayload) };
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
