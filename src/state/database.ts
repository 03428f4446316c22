import { Kysely, SqliteDialect, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import type { Migration } from 'kysely/migration';
import type { Database, SqlJsStatic } from 'sql.js';

import { MIGRATIONS } from './migrations';
import { SqliteAdapter } from './sqlite-adapter';
import { StateError, wordsOf } from './state-error';
import type { Tables } from './tables';
import { trans } from '../sync/words';

/** `JLPS`: tells our databases from those of other programs. */
const APPLICATION_ID = 0x4a4c5053;

/** The bytes are no database of ours that could be used. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError';
}

/**
 * One SQLite database in memory, at the newest schema, and kysely over it.
 *
 * #### Notes
 * Nothing in it is durable: `export` gives the bytes to keep.
 */
export class StateDatabase {
  private constructor(database: Database) {
    this.#database = database;
    this.kysely = new Kysely<Tables>({
      dialect: new SqliteDialect({ database: new SqliteAdapter(database) })
    });
    // All of it is in memory: no crash is survived by a journal beside it. A commit writes at once what the cache holds: a small one, so that
    // the page does not wait for it.
    database.run(
      'pragma foreign_keys = on; pragma journal_mode = memory; pragma cache_size = -1000'
    );
  }

  readonly kysely: Kysely<Tables>;

  /** An empty one. */
  static async create(sqlJs: SqlJsStatic, migrations = MIGRATIONS): Promise<StateDatabase> {
    const state = new StateDatabase(new sqlJs.Database());
    state.#database.run(`pragma auto_vacuum = full; pragma application_id = ${APPLICATION_ID}`);
    await migrate(state.kysely, migrations);
    return state;
  }

  /**
   * Opens saved bytes, after checking them, and brings them to the newest schema.
   *
   * @throws DamagedDatabaseError when they are no sound database of ours
   * @throws StateError `newer-version` when they are, of a schema that this version does not know
   */
  static async open(
    sqlJs: SqlJsStatic,
    bytes: Uint8Array,
    migrations = MIGRATIONS
  ): Promise<StateDatabase> {
    const database = new sqlJs.Database(bytes);
    try {
      check(database);
      const state = new StateDatabase(database);
      await refuseNewer(state.kysely, migrations);
      await migrate(state.kysely, migrations);
      return state;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Opens bytes that `export` gave, as they are. */
  static reopen(sqlJs: SqlJsStatic, bytes: Uint8Array): StateDatabase {
    return new StateDatabase(new sqlJs.Database(bytes));
  }

  /** How many rows were changed since the last export; grows only. */
  get changes(): number {
    return Number(single(this.#database, 'select total_changes()'));
  }

  /** The database as bytes. Throws while a transaction is open. */
  export(): Uint8Array {
    return this.#database.export();
  }

  close(): void {
    this.#database.close();
  }

  readonly #database: Database;
}

/** A migrator over the migrations that are in the code. */
export function migratorFor(
  kysely: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS
): Migrator {
  return new Migrator({
    db: kysely,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) }
  });
}

async function migrate(
  kysely: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>
): Promise<void> {
  const { error } = await migratorFor(kysely, migrations).migrateToLatest();
  if (error !== undefined) {
    throw error;
  }
}

function check(database: Database): void {
  let found: string;
  try {
    if (single(database, 'pragma application_id') !== APPLICATION_ID) {
      throw new DamagedDatabaseError(trans.__('it is a database of another program'));
    }
    found = String(single(database, 'pragma quick_check(1)'));
  } catch (error) {
    throw error instanceof DamagedDatabaseError
      ? error
      : new DamagedDatabaseError(trans.__('it is no readable database (%1)', wordsOf(error)), {
          cause: error
        });
  }
  if (found !== 'ok') {
    throw new DamagedDatabaseError(trans.__('it is a damaged database (%1)', found));
  }
}

async function refuseNewer(
  kysely: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>
): Promise<void> {
  if ((await migrationsIn(kysely)).some(name => !Object.hasOwn(migrations, name))) {
    throw new StateError(
      'newer-version',
      trans.__(
        'The saved state was written by a newer version of the projects extension. Update the extension; until then nothing is synced from here, and the saved state is left as it is.'
      )
    );
  }
}

async function migrationsIn(kysely: Kysely<Tables>): Promise<string[]> {
  try {
    const query = sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`;
    return (await query.execute(kysely)).rows.map(({ name }) => name);
  } catch (error) {
    throw new DamagedDatabaseError(trans.__('it tells no schema (%1)', wordsOf(error)), {
      cause: error
    });
  }
}

function single(database: Database, query: string): unknown {
  return database.exec(query)[0]?.values[0]?.[0];
}
