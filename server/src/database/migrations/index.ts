import type { Migration } from 'kysely/migration';

import { initial } from './001-initial';
import { eventTickets } from './002-event-tickets';
import { installation } from './003-installation';

/** In the order of their names. A released one never changes. */
export const migrations: Record<string, Migration> = {
  '001-initial': initial,
  '002-event-tickets': eventTickets,
  '003-installation': installation
};
