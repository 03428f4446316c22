import { randomUUID } from 'node:crypto';

import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';

import type { CloudProject, CreateProject, PatchProject } from '../../../src/cloud/schemas';
import type { Actor } from '../accounts/actor';
import type { Database, ProjectRow } from '../database/tables';
import { forbidden, invalidRequest } from '../errors';
import { announce } from '../events/announce';
import { decodeCursor, encodeCursor, invalidCursor, type Slice } from '../paging';
import { concerns } from './access';
import { isSlug, randomSlug, titleFrom } from './slug';
import { checkStorable } from './storable';

export interface ProjectFilter {
  /** A user's or an organization's id. */
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly name?: string;
  readonly cursor?: string;
  readonly limit: number;
}

interface ProjectWithOwner extends ProjectRow {
  owner_name: string | null;
}

/**
 * Projects, but for their files and permissions' changes.
 */
export class ProjectStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async create(actor: Actor, request: CreateProject): Promise<CloudProject> {
    const name = request.name === '<random>' ? randomSlug() : request.name;
    checkName(name);
    checkStorable(request, 'The project');
    const owner = ownerOf(actor, request.owner);
    const id = randomUUID();
    const now = new Date();
    await this.#db.transaction().execute(async transaction => {
      await transaction
        .insertInto('projects')
        .values({
          id,
          name,
          title: request.title ?? titleFrom(name),
          description: request.description ?? null,
          metadata: JSON.stringify(request.metadata ?? {}),
          owner_type: owner.type,
          owner_id: owner.id,
          revision: 0,
          epoch: randomUUID(),
          created_at: now,
          updated_at: now
        })
        .execute();
      await transaction
        .insertInto('permissions')
        .values({
          project_id: id,
          subject_type: owner.type === 'user' ? 'user_id' : 'org_id',
          subject_id: owner.id,
          relation: 'owner',
          created_at: now
        })
        .execute();
      await announce(transaction, { type: 'project.created', project_id: id, revision: 0 });
    });
    return this.get(id);
  }

  async get(id: string): Promise<CloudProject> {
    return projectOnWire(
      await withOwner(this.#db.selectFrom('projects'))
        .where('projects.id', '=', id)
        .executeTakeFirstOrThrow()
    );
  }

  /** Those that the actor can see, the newest first. */
  async list(actor: Actor, filter: ProjectFilter): Promise<Slice<CloudProject>> {
    const { owner, name, tags } = filter;
    const seen = this.#db
      .selectFrom('projects')
      .where(row =>
        row.exists(
          row
            .selectFrom('permissions')
            .select('permissions.project_id')
            .whereRef('permissions.project_id', '=', 'projects.id')
            .where(concerns(actor))
        )
      )
      .$if(owner !== undefined, query => query.where('owner_id', '=', owner ?? ''))
      .$if(name !== undefined, query => query.where('projects.name', '=', name ?? ''))
      .$if(tags.length > 0, query =>
        query.where(sql<boolean>`projects.metadata -> 'tags' @> ${JSON.stringify(tags)}::jsonb`)
      );

    const { total } = await seen
      .select(row => row.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const cursor = filter.cursor === undefined ? null : readCursor(filter.cursor);
    const backwards = cursor?.direction === 'before';
    const order = backwards ? 'asc' : 'desc';
    const rows = await withOwner(seen)
      .$if(cursor !== null, query =>
        query.where(
          sql<boolean>`(projects.created_at, projects.id) ${sql.raw(backwards ? '>' : '<')} (${cursor?.at}::timestamptz, ${cursor?.id}::uuid)`
        )
      )
      .orderBy('projects.created_at', order)
      .orderBy('projects.id', order)
      .limit(filter.limit + 1)
      .execute();

    const more = rows.length > filter.limit;
    const page = rows.slice(0, filter.limit);
    if (backwards) {
      page.reverse();
    }
    const first = page.at(0);
    const last = page.at(-1);
    return {
      items: page.map(projectOnWire),
      total,
      next: last && (more || backwards) ? cursorAt('after', last) : null,
      previous: first && (backwards ? more : cursor !== null) ? cursorAt('before', first) : null
    };
  }

  /**
   * Sets what is given. Metadata is merged, field by field; a field that is null goes. It is a change like one of a
   * file: the project's revision rises by one, which no file carries then.
   */
  async patch(id: string, request: PatchProject): Promise<CloudProject> {
    if (request.name !== undefined) {
      checkName(request.name);
    }
    checkStorable(request, 'The project');
    await this.#db.transaction().execute(async transaction => {
      const current = await transaction
        .selectFrom('projects')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const name = request.name ?? current.name;
      const revision = current.revision + 1;
      await transaction
        .updateTable('projects')
        .set({
          name,
          title: request.title === undefined ? current.title : (request.title ?? titleFrom(name)),
          description:
            request.description === undefined ? current.description : request.description,
          metadata: JSON.stringify(merge(current.metadata, request.metadata ?? {})),
          revision,
          updated_at: new Date()
        })
        .where('id', '=', id)
        .execute();
      await announce(transaction, { type: 'project.changed', project_id: id, revision });
    });
    return this.get(id);
  }

  async delete(id: string): Promise<void> {
    await this.#db.transaction().execute(async transaction => {
      const saw = await transaction
        .selectFrom('permissions')
        .select(['subject_type', 'subject_id'])
        .where('project_id', '=', id)
        .execute();
      await transaction.deleteFrom('projects').where('id', '=', id).execute();
      await announce(transaction, { type: 'project.deleted', project_id: id }, saw);
    });
  }

  /** After a restored backup: no client may take this project for a later state of the one it knew. */
  async renewEpoch(id: string): Promise<boolean> {
    return this.#db.transaction().execute(async transaction => {
      const renewed = await transaction
        .updateTable('projects')
        .set({ epoch: randomUUID() })
        .where('id', '=', id)
        .returning(['id', 'revision'])
        .executeTakeFirst();
      if (renewed) {
        await announce(transaction, {
          type: 'project.changed',
          project_id: renewed.id,
          revision: renewed.revision
        });
      }
      return renewed !== undefined;
    });
  }
}

function withOwner<O>(query: SelectQueryBuilder<Database, 'projects', O>) {
  return query
    .leftJoin('users', 'users.id', 'projects.owner_id')
    .leftJoin('organizations', 'organizations.id', 'projects.owner_id')
    .selectAll('projects')
    .select(row => row.fn.coalesce('users.name', 'organizations.name').as('owner_name'));
}

function projectOnWire(row: ProjectWithOwner): CloudProject {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    metadata: row.metadata,
    owner: { type: row.owner_type, id: row.owner_id, name: row.owner_name ?? '' },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    epoch: row.epoch,
    revision: row.revision
  };
}

function ownerOf(
  actor: Actor,
  wanted: CreateProject['owner']
): { type: 'user' | 'organization'; id: string } {
  if (!wanted || wanted.type === 'user') {
    const isOther =
      (wanted?.id != null && wanted.id.toLowerCase() !== actor.id) ||
      (wanted?.id == null && wanted?.name != null && wanted.name !== actor.name);
    if (isOther) {
      throw forbidden('A project can be made only for yourself or for an organization of yours.');
    }
    return { type: 'user', id: actor.id };
  }
  const organization = actor.organizations.find(({ id, name }) =>
    wanted.id == null ? name === wanted.name : id === wanted.id.toLowerCase()
  );
  if (!organization) {
    throw forbidden('You are no member of that organization.');
  }
  return { type: 'organization', id: organization.id };
}

function checkName(name: string): void {
  if (!isSlug(name)) {
    throw invalidRequest(
      'A project\'s name is a slug of letters, digits, ".", "_" and "-": put other text in its title.',
      { field: 'name' }
    );
  }
}

function merge(
  current: Record<string, unknown>,
  changes: Record<string, unknown>
): Record<string, unknown> {
  const merged = { ...current, ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

type Direction = 'after' | 'before';

function cursorAt(direction: Direction, row: ProjectRow): string {
  return encodeCursor({ direction, at: row.created_at.toISOString(), id: row.id });
}

function readCursor(cursor: string): { direction: Direction; at: string; id: string } {
  const { direction, at, id } = decodeCursor(cursor);
  if (
    (direction !== 'after' && direction !== 'before') ||
    typeof at !== 'string' ||
    Number.isNaN(Date.parse(at)) ||
    typeof id !== 'string' ||
    !/^[0-9a-f-]{36}$/.test(id)
  ) {
    throw invalidCursor();
  }
  return { direction, at, id };
}
