import type { Migration } from 'kysely/migration';

import { initial } from './001-initial';

/** In the order of their names. A released one never changes. */
export const migrations: Record<string, Migration> = {
  '001-initial': initial
};
