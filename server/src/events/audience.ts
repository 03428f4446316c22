import { type Kysely, sql } from 'kysely';

import type { Database } from '../database/tables';
import type { Notice } from './announce';

/**
 * Of these API keys, those that are good and whose user may know of the event: who may see the project now, and whom
 * the notice names beside.
 *
 * #### Notes
 * One query for all listeners. It asks what `concerns` (projects/access) asks for one actor.
 *
 * @param keys - their ids.
 */
export async function audienceOf(
  db: Kysely<Database>,
  { event, also }: Notice,
  keys: readonly string[]
): Promise<ReadonlySet<string>> {
  const types = also.map(subject => subject.subject_type);
  const ids = also.map(subject => subject.subject_id);
  const { rows } = await sql<{ id: string }>`
    with subject(type, id) as (
      select subject_type, subject_id from permissions where project_id = ${event.project_id}::uuid
      union all
      select * from unnest(${types}::text[], ${ids}::text[])
    )
    select key.id from api_keys as key
    where ${isGood(keys)}
      and exists (
        select 1 from subject
        where subject.id = '*'
          or (subject.type = 'user_id' and subject.id = key.user_id::text)
          or exists (
            select 1 from organization_members as member
            join organizations as organization on organization.id = member.organization_id
            where member.user_id = key.user_id
              and (
                (subject.type = 'org_id' and subject.id = organization.id::text)
                or (subject.type = 'org_name' and subject.id = organization.name)
              )
          )
      )
  `.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Of these API keys, those that are neither expired nor revoked. */
export async function goodKeys(
  db: Kysely<Database>,
  keys: readonly string[]
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select key.id from api_keys as key where ${isGood(keys)}
  `.execute(db);
  return new Set(rows.map(({ id }) => id));
}

function isGood(keys: readonly string[]) {
  return sql`key.id = any(${keys}::uuid[])
    and key.revoked_at is null
    and (key.expires_at is null or key.expires_at > now())`;
}
