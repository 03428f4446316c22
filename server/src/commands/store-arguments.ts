import { PostgresAddress } from '../database/postgres-address';
import { CommandError } from '../errors';
import type { ServerOptions } from '../options';
import type { Arguments } from './arguments';

/** Where everything is: what every command may be given. */
export const STORE = { data: { type: 'string' }, 'database-url': { type: 'string' } } as const;

type Store = Pick<ServerOptions, 'database'> & { readonly data: string };

/**
 * The data folder, and the PostgreSQL server's database where one is named: by the environment's `PROJECTS_DATABASE_URL`, or
 * by an option. Everybody on a machine can read the options of its processes, so that one must not hold a password.
 */
export function storeOf(given: Arguments): Store {
  const data = given.required('data');
  const option = given.text('database-url');
  const text = option ?? process.env.PROJECTS_DATABASE_URL ?? '';
  const database = text === '' ? null : PostgresAddress.parse(text);
  if (option !== undefined && database?.hasPassword) {
    throw new CommandError(
      'Others can read a password in --database-url: use the environment, as PROJECTS_DATABASE_URL or PGPASSWORD.'
    );
  }
  return { data, database };
}

/** For people. */
export function describeStore({ data, database }: Store): string {
  return database ? `${data}, database ${database.label}` : data;
}
