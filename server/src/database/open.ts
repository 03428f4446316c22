import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';

import { DurableFileSystem, durableStart } from './durable-file-system';
import { type Exclusively, exclusivelyInProcess } from './exclusively';
import { migrateToLatest } from './migrate';
import { parsers } from './parsers';
import type { Database } from './tables';

/** What hears of a channel; none of it may throw. */
export interface Listener {
  /** A transaction notified this, and is committed. */
  hear(payload: string): void;
  /** From now on notifications may be missed. */
  lost(): void;
  /** From now on none is. */
  restored(): void;
}

/**
 * Hears what transactions notify on a channel, once they are committed, in the order of commits.
 *
 * @returns how to end it.
 */
export type Listen = (channel: string, listener: Listener) => Promise<() => Promise<void>>;

export interface OpenDatabase {
  readonly db: Kysely<Database>;
  readonly listen: Listen;
  readonly exclusively: Exclusively;
  /** After it nothing of it may be used. */
  close(): Promise<void>;
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
  const pglite = await PGlite.create({
    parsers,
    ...(folder === null
      ? {}
      : { fs: new DurableFileSystem(folder), startParams: [...durableStart] })
  });
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
  await migrateToLatest(db);
  return {
    db,
    listen: (channel, listener) => pglite.listen(channel, payload => listener.hear(payload)),
    exclusively: exclusivelyInProcess(),
    close: () => db.destroy()
  };
}
