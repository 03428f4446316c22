import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool } from 'kysely';

import type { Actor } from '../accounts/actor';
import type { Database, ProjectRow } from '../database/tables';
import { forbidden, notFound } from '../errors';

export type Role = 'owner' | 'writer' | 'reader' | 'finder';

/** From what may least. */
const ranks: readonly Role[] = ['finder', 'reader', 'writer', 'owner'];

/** What one may do with a project, as `permissions/my` names it. */
export type Right = 'find' | 'read' | 'modify' | 'share' | 'delete' | 'own';

/** The least role that has the right. */
const needed: Readonly<Record<Right, Role>> = {
  find: 'finder',
  read: 'reader',
  modify: 'writer',
  share: 'owner',
  delete: 'owner',
  own: 'owner'
};

export interface Access {
  readonly actor: Actor;
  readonly project: ProjectRow;
  readonly role: Role;
}

export function hasRight(role: Role, right: Right): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(needed[right]);
}

/** True for permission rows that speak of the actor: by user, by organization, or of everybody. */
export function concerns(actor: Actor) {
  return (row: ExpressionBuilder<Database, 'permissions'>): Expression<SqlBool> => {
    const subject = (type: 'user_id' | 'org_id' | 'org_name', ids: readonly string[]) =>
      row.and([
        row('permissions.subject_type', '=', type),
        row('permissions.subject_id', 'in', [...ids, '*'])
      ]);
    return row.or([
      subject('user_id', [actor.id]),
      subject(
        'org_id',
        actor.organizations.map(({ id }) => id)
      ),
      subject(
        'org_name',
        actor.organizations.map(({ name }) => name)
      )
    ]);
  };
}

/**
 * The project, where the actor may do this with it.
 *
 * Throws 404 where they can't even see it: that it exists is nobody else's business; 403 where they see it and may not.
 */
export async function accessTo(
  db: Kysely<Database>,
  actor: Actor,
  projectId: string,
  right: Right
): Promise<Access> {
  const project = await db
    .selectFrom('projects')
    .selectAll()
    .where('id', '=', projectId)
    .executeTakeFirst();
  const relations = project
    ? await db
        .selectFrom('permissions')
        .select('relation')
        .where('project_id', '=', projectId)
        .where(concerns(actor))
        .execute()
    : [];
  const role = ranks.findLast(rank => relations.some(({ relation }) => relation === rank));
  if (!project || !role) {
    throw notFound('The project');
  }
  if (!hasRight(role, right)) {
    throw forbidden(`As ${role} of this project you may not ${explain(right)}.`);
  }
  return { actor, project, role };
}

function explain(right: Right): string {
  switch (right) {
    case 'find':
      return 'see it';
    case 'read':
      return 'read its files';
    case 'modify':
      return 'change it';
    case 'share':
      return 'share it';
    case 'delete':
      return 'delete it';
    case 'own':
      return 'do what only owners may';
  }
}
