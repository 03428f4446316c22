import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings
} from 'kysely';

import { SERIAL_LOCK } from './advisory-locks';
import { DatabaseUnreachable } from './unavailable';

/**
 * PostgreSQL with the embedded database's guarantee, over all processes: transactions that may write run strictly one after
 * the other.
 *
 * #### Notes
 * Each begins by taking one lock, which its end releases once its changes are visible. So whatever it reads is how things are
 * until it ends, it never has to be tried again, and revisions, notifications and commits come in one order. With
 * isolation `serializable` in its place every transaction would have to be one that can be run twice, and those that wait for a
 * busy project would fail again and again. The price, that two projects don't change at the very same moment, is the
 * embedded database's too; a transaction does no more than a few statements.
 *
 * What only reads has to say so (`read only`, and `repeatable read`: one state throughout), and waits for nobody.
 *
 * A single write outside a transaction does not take the lock: it must not change what a transaction read and goes by.
 */
export class SerialPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new SerialPostgresDriver(this.#config);
  }
}

type PostgresConnection = Parameters<PostgresDriver['rollbackTransaction']>[0];

class SerialPostgresDriver extends PostgresDriver {
  override async acquireConnection(
    ...options: Parameters<PostgresDriver['acquireConnection']>
  ): Promise<DatabaseConnection> {
    try {
      return await super.acquireConnection(...options);
    } catch (error) {
      throw new DatabaseUnreachable(error);
    }
  }

  override async beginTransaction(
    connection: PostgresConnection & DatabaseConnection,
    settings: TransactionSettings
  ): Promise<void> {
    await super.beginTransaction(connection, settings);
    if (settings.accessMode === 'read only') {
      return;
    }
    try {
      await connection.executeQuery(CompiledQuery.raw(SERIAL_LOCK));
    } catch (error) {
      // Kysely takes it for not begun, and would hand the connection to the next one as it is.
      await this.rollbackTransaction(connection);
      throw error;
    }
  }
}
