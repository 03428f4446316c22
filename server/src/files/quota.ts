import { type Transaction, sql } from 'kysely';

import type { Database } from '../database/tables';
import { Refusal } from '../errors';

/** Throws 507 where the project's files hold more. Older versions don't count. */
export async function checkQuota(
  transaction: Transaction<Database>,
  projectId: string,
  quota: number
): Promise<void> {
  const { rows } = await sql<{ held: number }>`
    select coalesce(sum(size), 0)::bigint as held
    from files where project_id = ${projectId} and not deleted
  `.execute(transaction);
  if ((rows[0]?.held ?? 0) > quota) {
    throw quotaExceeded(quota);
  }
}

export function quotaExceeded(quota: number): Refusal {
  return new Refusal(
    507,
    'quota_exceeded',
    `The files of this project may hold ${quota} bytes together, and would hold more.`,
    { quota }
  );
}
