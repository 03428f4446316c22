import type { ClientConfig } from 'pg';

import { CommandError } from '../errors';

/**
 * Where a PostgreSQL server's database is, and who we are there.
 *
 * #### Notes
 * It may hold a password: nothing prints it, nor does printing what holds it.
 */
export class PostgresAddress {
  readonly #url: string;
  /** For people, without a password. */
  readonly label: string;
  readonly hasPassword: boolean;

  private constructor(text: string, url: URL) {
    this.#url = text;
    const host = url.searchParams.get('host') ?? (url.host || 'this machine');
    this.label = `${host}${url.pathname}`;
    this.hasPassword = url.password !== '' || url.searchParams.has('password');
  }

  /**
   * @param text - as `postgres://user:password@host:5432/database`. Throws a `CommandError`, which doesn't repeat it, where
   * it is not.
   */
  static parse(text: string): PostgresAddress {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.pathname.length < 2) {
      throw new CommandError(
        "The database's address is not of the form postgres://user:password@host:5432/database"
      );
    }
    return new PostgresAddress(text, url);
  }

  /** What pg connects with. */
  config(): ClientConfig {
    return { connectionString: this.#url };
  }
}
