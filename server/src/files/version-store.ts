import { type Kysely, sql } from 'kysely';

import type { FileVersion } from '../../../src/cloud/schemas';
import type { Database } from '../database/tables';
import { notFound } from '../errors';
import { decodeCursor, encodeCursor, invalidCursor, type Slice } from '../paging';

/** A content that a project holds or held. */
export interface VersionContent {
  readonly size: number;
  readonly sha256: string;
}

interface VersionRow {
  file_version_id: string;
  file_id: string;
  path: string;
  size: number;
  sha256: string | null;
  created_at: Date;
  created_by: string;
  created_by_name: string;
  last: number;
}

/**
 * Every content that the paths of projects hold or held.
 */
export class VersionStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * The versions, the newest first.
   *
   * @param path - only those of the files that are or were there, up to when they left it; undefined: of all files.
   */
  async list(
    projectId: string,
    path: string | undefined,
    cursor: string | undefined,
    limit: number
  ): Promise<Slice<FileVersion>> {
    const before = cursor === undefined ? null : readCursor(cursor);
    const ofPath =
      path === undefined
        ? sql`true`
        : sql`exists (
            select 1 from file_history there
            where there.project_id = held.project_id and there.file_id = held.file_id
              and there.path = ${path}
              and (there.valid_to is null or held.valid_from < there.valid_to)
          )`;
    const versions = sql`
      select distinct on (held.file_version_id) held.file_version_id, held.file_id, held.path,
        held.size, held.sha256, held.valid_from as last
      from file_history held
      where held.project_id = ${projectId} and held.kind = 'file' and ${ofPath}
      order by held.file_version_id, held.valid_from desc
    `;
    const { rows: counted } = await sql<{ total: number }>`
      select count(*) as total from (${versions}) versions
    `.execute(this.#db);
    const { rows } = await sql<VersionRow>`
      select versions.*, made.created_at, made.created_by, users.name as created_by_name
      from (${versions}) versions
      join file_versions made on made.id = versions.file_version_id
      join users on users.id = made.created_by
      where ${before === null ? sql`true` : sql`versions.last < ${before}`}
      order by versions.last desc
      limit ${limit + 1}
    `.execute(this.#db);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(versionOnWire),
      total: counted[0]?.total ?? 0,
      next: last && rows.length > limit ? encodeCursor({ before: last.last }) : null,
      previous: null
    };
  }

  /** Throws 404 where the project never held it. */
  async get(projectId: string, versionId: string): Promise<FileVersion> {
    const { rows } = await sql<VersionRow>`
      select held.file_version_id, held.file_id, held.path, held.size, held.sha256,
        made.created_at, made.created_by, users.name as created_by_name, held.valid_from as last
      from file_history held
      join file_versions made on made.id = held.file_version_id
      join users on users.id = made.created_by
      where held.project_id = ${projectId} and held.file_version_id = ${versionId}
      order by held.valid_from desc
      limit 1
    `.execute(this.#db);
    const row = rows[0];
    if (!row) {
      throw notFound('The version');
    }
    return versionOnWire(row);
  }
}

function versionOnWire(row: VersionRow): FileVersion {
  return {
    file_version_id: row.file_version_id,
    file_id: row.file_id,
    path: row.path,
    size: row.size,
    sha256: row.sha256,
    created_at: row.created_at.toISOString(),
    created_by: { id: row.created_by, name: row.created_by_name }
  };
}

function readCursor(cursor: string): number {
  const { before } = decodeCursor(cursor);
  if (typeof before !== 'number' || !Number.isSafeInteger(before)) {
    throw invalidCursor();
  }
  return before;
}
