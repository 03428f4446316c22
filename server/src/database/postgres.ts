import { Kysely, sql } from 'kysely';
import { type ClientConfig, Pool, types } from 'pg';

import { CommandError, systemCode } from '../errors';
import { LOCK, UNLOCK } from './advisory-locks';
import type { Exclusively } from './exclusively';
import { migrateToLatest } from './migrate';
import type { OpenDatabase } from './open';
import { parsers } from './parsers';
import type { PostgresAddress } from './postgres-address';
import { PostgresListener } from './postgres-listener';
import { SerialPostgresDialect } from './serial-dialect';
import type { Database } from './tables';
import { DatabaseUnreachable } from './unavailable';

/** Connections of a process: for queries; for work that nobody else may do. One more listens. */
const QUERY_CONNECTIONS = 10;
const LOCK_CONNECTIONS = 4;

/** How long a query may wait for a connection; ms. */
const CONNECT_TIMEOUT = 30_000;

/** A process that hangs in a transaction keeps every other one waiting for no longer than that; ms. */
const IDLE_IN_TRANSACTION = 60_000;

/**
 * Opens a database of a PostgreSQL server, which other processes may have open too, and brings its schema up to date.
 *
 * Throws a `CommandError` where it can't be opened.
 */
export async function openPostgres(address: PostgresAddress): Promise<OpenDatabase> {
  const config = { application_name: 'projects-server', types: parserTable, ...address.config() };
  const queries = poolOf({
    ...config,
    max: QUERY_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION
  });
  const locks = poolOf({ ...config, max: LOCK_CONNECTIONS });
  const exclusively = exclusivelyBy(locks);
  const db = new Kysely<Database>({ dialect: new SerialPostgresDialect({ pool: queries }) });
  const close = async () => {
    await db.destroy();
    await locks.end();
  };
  try {
    await checkServer(db, address);
    await exclusively('migrate', () => migrateToLatest(db));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    db,
    exclusively,
    close,
    async listen(channel, listener) {
      const listening = await PostgresListener.open(
        { ...config, application_name: 'projects-server events' },
        channel,
        listener
      );
      return () => listening.close();
    }
  };
}

/** pg's own parsers, but for ours. */
const parserTable: ClientConfig['types'] = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    parsers[oid] ?? types.getTypeParser(oid, format)
};

function poolOf(config: ConstructorParameters<typeof Pool>[0]): Pool {
  const pool = new Pool(config);
  // A connection that breaks while nothing is asked of it: who has it meets the error with the next query.
  pool.on('error', () => undefined);
  pool.on('connect', client => client.on('error', () => undefined));
  return pool;
}

/** By a lock of the server's, which goes with the connection of a process that dies. */
function exclusivelyBy(pool: Pool): Exclusively {
  return async (name, work) => {
    const client = await pool.connect();
    try {
      await client.query(LOCK, [name]);
      return await work();
    } finally {
      const isUnlocked = await client.query(UNLOCK, [name]).then(
        () => true,
        () => false
      );
      // With a connection that is closed its locks go.
      client.release(!isUnlocked);
    }
  };
}

async function checkServer(db: Kysely<Database>, address: PostgresAddress): Promise<void> {
  let encoding: string | undefined;
  try {
    const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db);
    encoding = rows[0]?.server_encoding;
  } catch (error) {
    const cause = error instanceof DatabaseUnreachable ? error.cause : error;
    const why = (cause instanceof Error && cause.message) || systemCode(cause) || 'no answer';
    throw new CommandError(`The database ${address.label} can't be opened: ${why}`);
  }
  if (encoding !== 'UTF8') {
    throw new CommandError(`The database ${address.label} has to be of the encoding UTF8.`);
  }
}
