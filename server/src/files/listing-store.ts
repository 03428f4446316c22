import { type Kysely, sql } from 'kysely';

import type { ChangesPage, CloudFile } from '../../../src/cloud/schemas';
import type { Database, ProjectRow } from '../database/tables';
import { Refusal } from '../errors';
import { decodeCursor, encodeCursor, invalidCursor, type Slice } from '../paging';
import { cloudFile, type Entry, selectEntries } from './entry';

export interface ListingOptions {
  /** Paths that start with it. */
  readonly prefix: string;
  readonly cursor?: string;
  readonly limit: number;
  /** Leave directories out. */
  readonly filesOnly: boolean;
}

export interface Listing extends Slice<CloudFile> {
  /** What it is of, over all its pages. */
  readonly revision: number;
  readonly epoch: string;
}

export interface ChangesOptions {
  readonly since: number;
  readonly limit: number;
  readonly epoch?: string;
}

/**
 * What projects hold, and how that changed.
 */
export class ListingStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** A page of all that the project holds, in the order of paths. Later pages are of the first one's revision. */
  async list(projectId: string, options: ListingOptions): Promise<Listing> {
    return this.#reading().execute(async transaction => {
      const project = await projectOf(transaction, projectId);
      const cursor = options.cursor === undefined ? null : readCursor(options.cursor);
      const revision = cursor?.revision ?? project.revision;
      if (cursor && cursor.epoch !== project.epoch) {
        throw epochChanged(project);
      }
      if (revision < project.changes_from) {
        throw revisionExpired(project);
      }
      if (revision > project.revision) {
        throw invalidCursor();
      }
      const held = transaction
        .selectFrom('file_history')
        .where('file_history.project_id', '=', projectId)
        .where('valid_from', '<=', revision)
        .where(row => row.or([row('valid_to', 'is', null), row('valid_to', '>', revision)]))
        .$if(options.prefix !== '', query =>
          query.where(sql<boolean>`starts_with(file_history.path, ${options.prefix})`)
        )
        .$if(options.filesOnly, query => query.where('kind', '=', 'file'));
      const { total } = await held
        .select(row => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const backwards = cursor?.direction === 'before';
      const rows = await held
        .innerJoin('users', 'users.id', 'file_history.updated_by')
        .selectAll('file_history')
        .select('users.name as updated_by_name')
        .$if(cursor !== null, query =>
          query.where('file_history.path', backwards ? '<' : '>', cursor?.path ?? '')
        )
        .orderBy('file_history.path', backwards ? 'desc' : 'asc')
        .limit(options.limit + 1)
        .execute();

      const more = rows.length > options.limit;
      const page = rows.slice(0, options.limit);
      if (backwards) {
        page.reverse();
      }
      const at = (direction: Direction, path: string) =>
        encodeCursor({ direction, path, revision, epoch: project.epoch });
      const first = page.at(0);
      const last = page.at(-1);
      return {
        items: page.map(({ valid_from, valid_to: _to, ...row }) =>
          cloudFile({ ...row, revision: valid_from, deleted: false })
        ),
        total,
        next: last && (more || backwards) ? at('after', last.path) : null,
        previous: first && (backwards ? more : cursor !== null) ? at('before', first.path) : null,
        revision,
        epoch: project.epoch
      };
    });
  }

  /** What changed after a revision: for each path its last change, in the order of revisions. */
  async changes(projectId: string, options: ChangesOptions): Promise<ChangesPage> {
    return this.#reading().execute(async transaction => {
      const project = await projectOf(transaction, projectId);
      const isOther = options.epoch !== undefined && options.epoch.toLowerCase() !== project.epoch;
      if (isOther || options.since > project.revision) {
        throw epochChanged(project);
      }
      if (options.since < project.changes_from) {
        throw revisionExpired(project);
      }
      const rows: Entry[] = await selectEntries(transaction, projectId)
        .where('files.revision', '>', options.since)
        .orderBy('files.revision')
        .limit(options.limit + 1)
        .execute();
      const page = rows.slice(0, options.limit);
      const hasMore = rows.length > options.limit;
      return {
        items: page.map(cloudFile),
        revision: hasMore ? (page.at(-1)?.revision ?? options.since) : project.revision,
        has_more: hasMore,
        epoch: project.epoch
      };
    });
  }

  /** One state throughout. */
  #reading() {
    return this.#db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  }
}

async function projectOf(db: Kysely<Database>, projectId: string): Promise<ProjectRow> {
  return db
    .selectFrom('projects')
    .selectAll()
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow(() => new Refusal(404, 'not_found', 'The project was not found.'));
}

function epochChanged({ epoch, revision }: ProjectRow): Refusal {
  return new Refusal(
    410,
    'epoch_changed',
    'This project was restored from a backup since: list all of it again.',
    { epoch, revision }
  );
}

function revisionExpired({ epoch, revision }: ProjectRow): Refusal {
  return new Refusal(
    410,
    'revision_expired',
    'Changes are not remembered for so long: list all of the project again.',
    { epoch, revision }
  );
}

type Direction = 'after' | 'before';

interface ListingCursor {
  readonly direction: Direction;
  readonly path: string;
  readonly revision: number;
  readonly epoch: string;
}

function readCursor(cursor: string): ListingCursor {
  const { direction, path, revision, epoch } = decodeCursor(cursor);
  if (
    (direction !== 'after' && direction !== 'before') ||
    typeof path !== 'string' ||
    path.includes('\0') ||
    !path.isWellFormed() ||
    typeof revision !== 'number' ||
    !Number.isSafeInteger(revision) ||
    typeof epoch !== 'string'
  ) {
    throw invalidCursor();
  }
  return { direction, path, revision, epoch };
}
