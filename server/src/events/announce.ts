import { type Transaction, sql } from 'kysely';
import { z } from 'zod';

import { ProjectEvent } from '../../../src/cloud/schemas';
import type { Database, PermissionsTable } from '../database/tables';

/** Where server processes tell each other of changes. */
export const CHANNEL = 'projects_events';

/** Whom a permission speaks of. */
export type Subject = Pick<PermissionsTable, 'subject_type' | 'subject_id'>;

/** What goes over the channel: an event, and whom it concerns who may not see the project any more. */
export const Notice = z.object({
  event: ProjectEvent,
  also: z.array(
    z.object({
      subject_type: z.enum(['user_id', 'org_id', 'org_name']),
      subject_id: z.string()
    })
  )
});
export type Notice = z.infer<typeof Notice>;

/** Of JSON that subjects of one notification may take, in bytes: PostgreSQL takes 7,999 in all. */
const MAX_SUBJECTS = 6000;

/**
 * Tells every server process of a change, at the moment when the transaction's changes become visible: neither before
 * that, nor where it is rolled back.
 *
 * @param also - those who could see the project up to now, where that ends with the change.
 */
export async function announce(
  transaction: Transaction<Database>,
  event: ProjectEvent,
  also: readonly Subject[] = []
): Promise<void> {
  for (const subjects of portionsOf(also)) {
    const notice: Notice = { event, also: subjects };
    await sql`select pg_notify(${CHANNEL}, ${JSON.stringify(notice)})`.execute(transaction);
  }
}

/** At least one, which may be empty. */
function portionsOf(subjects: readonly Subject[]): Subject[][] {
  const portions: Subject[][] = [[]];
  let size = 0;
  for (const subject of subjects) {
    const bytes = Buffer.byteLength(JSON.stringify(subject)) + 1;
    if (size + bytes > MAX_SUBJECTS) {
      portions.push([]);
      size = 0;
    }
    portions.at(-1)?.push(subject);
    size += bytes;
  }
  return portions;
}
