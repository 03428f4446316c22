import type { Migration } from 'kysely/migration';

import { firstTables } from './0001-first-tables';
import { baseOfConflicts } from './0002-base-of-conflicts';
import { whatActionsDid } from './0003-what-actions-did';

/** Every migration, by its name; they run in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables,
  '0002-base-of-conflicts': baseOfConflicts,
  '0003-what-actions-did': whatActionsDid
};
