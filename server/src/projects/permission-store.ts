import type { Kysely } from 'kysely';

import type { PatchPermissions, PermissionChange, Permissions } from '../../../src/cloud/schemas';
import type { Database } from '../database/tables';
import { Refusal, invalidRequest } from '../errors';
import { announce, type Subject } from '../events/announce';

/** Of a subject's id, in UTF-16 units: an index and a notification hold it whole. */
const MAX_ID_LENGTH = 255;

/**
 * Who may do what with a project.
 */
export class PermissionStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async list(projectId: string): Promise<Permissions> {
    const rows = await this.#db
      .selectFrom('permissions')
      .selectAll()
      .where('project_id', '=', projectId)
      .orderBy('created_at')
      .orderBy('subject_id')
      .execute();
    const items = rows.map(row => ({
      type: row.subject_type,
      relation: row.relation,
      id: row.subject_id
    }));
    return { items, num_items: items.length };
  }

  /** All of the changes, or none. Throws 409 where no owner would be left. */
  async change(projectId: string, request: PatchPermissions): Promise<Permissions> {
    const changes = [...request.permissions, ...changesForPublic(request.is_public)];
    changes.forEach(checkSubject);
    await this.#db.transaction().execute(async transaction => {
      const removed: Subject[] = [];
      for (const change of changes) {
        const row = {
          project_id: projectId,
          subject_type: change.type,
          subject_id: change.type === 'org_name' ? change.id : change.id.toLowerCase(),
          relation: change.relation
        };
        if (change.action === 'add') {
          await transaction
            .insertInto('permissions')
            .values({ ...row, created_at: new Date() })
            .onConflict(conflict => conflict.doNothing())
            .execute();
        } else {
          const gone = await transaction
            .deleteFrom('permissions')
            .where('project_id', '=', row.project_id)
            .where('subject_type', '=', row.subject_type)
            .where('subject_id', '=', row.subject_id)
            .where('relation', '=', row.relation)
            .returning(['subject_type', 'subject_id'])
            .execute();
          removed.push(...gone);
        }
      }
      const owner = await transaction
        .selectFrom('permissions')
        .select('subject_id')
        .where('project_id', '=', projectId)
        .where('relation', '=', 'owner')
        .executeTakeFirst();
      if (!owner) {
        throw new Refusal(409, 'last_owner', 'A project needs an owner: add another one first.');
      }
      await announce(transaction, { type: 'permissions.changed', project_id: projectId }, removed);
    });
    return this.list(projectId);
  }
}

/** Public is: everybody reads. Not public is: no row speaks of everybody. */
function changesForPublic(isPublic: boolean | null | undefined): PermissionChange[] {
  if (isPublic == null) {
    return [];
  }
  if (isPublic) {
    return [{ type: 'user_id', relation: 'reader', id: '*', action: 'add' }];
  }
  const types = ['user_id', 'org_id', 'org_name'] as const;
  const relations = ['writer', 'reader', 'finder'] as const;
  return types.flatMap(type =>
    relations.map(relation => ({ type, relation, id: '*', action: 'remove' as const }))
  );
}

function checkSubject({ type, relation, id }: PermissionChange): void {
  if (
    type !== 'org_name' &&
    id !== '*' &&
    !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
  ) {
    throw invalidRequest(`"${id.toWellFormed()}" is neither an id nor "*".`, {
      field: 'permissions'
    });
  }
  if (relation === 'owner' && id === '*') {
    throw invalidRequest('Not everybody can be owner.', { field: 'permissions' });
  }
  if (id.length > MAX_ID_LENGTH || id.includes('\0') || !id.isWellFormed()) {
    throw invalidRequest('An id is not valid text, or too long.', { field: 'permissions' });
  }
}
