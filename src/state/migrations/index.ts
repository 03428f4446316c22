import type { Migration } from 'kysely/migration';

import { firstTables } from './0001-first-tables';

/** Every migration, by its name; they run in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables
};
