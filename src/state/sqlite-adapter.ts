import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { Database, SqlValue } from 'sql.js';

/**
 * A sql.js database in the shape that kysely's SqliteDialect drives. Each prepared statement serves one execution, and
 * is freed by it.
 *
 * #### Notes
 * Parameters are what sql.js can bind: numbers, strings, bytes, null. Anything else throws. The id of an inserted row is
 * not told (it is always 0).
 */
export class SqliteAdapter implements SqliteDatabase {
  constructor(database: Database) {
    this.#database = database;
  }

  prepare(sql: string): SqliteStatement {
    const database = this.#database;
    const statement = database.prepare(sql);
    const columns = statement.getColumnNames();

    function* iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
      try {
        statement.bind(parameters.map(bindable));
        while (statement.step()) {
          const values = statement.get();
          const row: Record<string, SqlValue | undefined> = {};
          for (let index = 0; index < columns.length; index++) {
            row[columns[index] ?? ''] = values[index];
          }
          yield row;
        }
      } finally {
        statement.free();
      }
    }

    return {
      reader: columns.length > 0,
      iterate,
      all: parameters => [...iterate(parameters)],
      run: parameters => {
        try {
          statement.run(parameters.map(bindable));
          return { changes: database.getRowsModified(), lastInsertRowid: 0 };
        } finally {
          statement.free();
        }
      }
    };
  }

  close(): void {
    this.#database.close();
  }

  readonly #database: Database;
}

function bindable(value: unknown): SqlValue {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    value instanceof Uint8Array
  ) {
    return value;
  }
  throw new TypeError(`SQLite can't hold a value of type ${typeof value}`);
}
