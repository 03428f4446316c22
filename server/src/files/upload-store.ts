import { randomUUID } from 'node:crypto';

import { type Insertable, type Kysely, sql } from 'kysely';

import type { FilePreloadRequest, Preload, PreloadsRequest } from '../../../src/cloud/schemas';
import type { Database, FileVersionRow, FileVersionsTable } from '../database/tables';
import { MAX_PRELOADS } from '../options';
import { Refusal, systemCode, tooLarge } from '../errors';
import type { Access } from '../projects/access';
import { type BlobStore, type ByteSource, TooManyBytes, WrongBytes } from '../storage/blob-store';
import type { UploadGrant } from '../storage/upload-signer';
import { checkPath } from './project-path';
import { partsOf } from './parts';
import { quotaExceeded } from './working-tree';

/** How long an announced version waits for its content, or an uploaded one for its commit; ms. */
export const ANNOUNCEMENT_LIFETIME = 24 * 60 * 60 * 1000;

export interface UploadLimits {
  /** Bytes. */
  readonly partSize: number;
  readonly maxFileSize: number;
  readonly quota: number | null;
}

type Announced = PreloadsRequest['files'][number];

/** Makes the URL that takes the bytes of a grant. */
type Sign = (grant: UploadGrant) => string;

/**
 * Versions on their way in: announced, then uploaded whole or by parts.
 */
export class UploadStore {
  readonly #db: Kysely<Database>;
  readonly #blobs: BlobStore;
  readonly #limits: UploadLimits;
  readonly #joining = new Map<string, Promise<void>>();

  constructor(db: Kysely<Database>, blobs: BlobStore, limits: UploadLimits) {
    this.#db = db;
    this.#blobs = blobs;
    this.#limits = limits;
  }

  /** Announces a version whose size and hash are not known yet. Answers its id. */
  async announce(
    { actor, project }: Access,
    path: string,
    { description, metadata }: FilePreloadRequest
  ): Promise<string> {
    const id = randomUUID();
    await this.#db
      .insertInto('file_versions')
      .values({
        id,
        project_id: project.id,
        path,
        state: 'announced',
        size: null,
        sha256: null,
        declared: false,
        part_size: null,
        description: description ?? null,
        metadata: metadata == null ? null : JSON.stringify(metadata),
        created_at: new Date(),
        created_by: actor.id
      })
      .execute();
    return id;
  }

  /**
   * Announces many versions. What the project holds already needs no sending; what was sent of an earlier announcement
   * of the same file needs no sending again.
   *
   * Throws 422 `invalid_path`, 413 or 507 for the first file that can't be; then none is announced.
   */
  async announceAll(access: Access, files: readonly Announced[], sign: Sign): Promise<Preload[]> {
    if (files.length > MAX_PRELOADS) {
      throw tooLarge(`At most ${MAX_PRELOADS} files can be announced at once.`);
    }
    this.#check(files);
    const held = await this.#held(access, files);
    const rows: Insertable<FileVersionsTable>[] = [];
    const items: Preload[] = [];
    for (const file of files) {
      const isHeld = held.has(contentKey(file));
      const inParts = !isHeld && file.size > this.#limits.partSize;
      const begun = inParts ? await this.#begun(access, file) : null;
      const id = begun?.id ?? randomUUID();
      const partSize = begun?.partSize ?? this.#limits.partSize;
      if (!begun) {
        rows.push({
          id,
          project_id: access.project.id,
          path: file.path,
          state: isHeld ? 'uploaded' : 'announced',
          size: file.size,
          sha256: file.sha256,
          declared: true,
          part_size: inParts ? partSize : null,
          description: null,
          metadata: null,
          created_at: new Date(),
          created_by: access.actor.id
        });
      }
      items.push({
        path: file.path,
        file_version_id: id,
        signed_url: isHeld ? null : sign({ version: id, part: 0 }),
        ...(inParts
          ? {
              parts: partsOf(file.size, partSize).map(part => ({
                ...part,
                signed_url: begun?.arrived.has(part.number)
                  ? null
                  : sign({ version: id, part: part.number })
              }))
            }
          : {})
      });
    }
    if (rows.length > 0) {
      await this.#db.insertInto('file_versions').values(rows).execute();
    }
    return items;
  }

  /**
   * Takes the bytes that a signed URL allows.
   *
   * Throws 404 where the version is gone, 409 where it is committed with other content, 422 `content_mismatch` where the
   * bytes are not what was announced, 413 and 507 beyond the limits.
   *
   * @param announcedLength - the request's Content-Length, in bytes; null where it has none.
   */
  async receive(
    grant: UploadGrant,
    source: ByteSource,
    announcedLength: number | null
  ): Promise<void> {
    const version = await this.#db
      .selectFrom('file_versions')
      .selectAll()
      .where('id', '=', grant.version)
      .executeTakeFirst();
    if (!version) {
      throw new Refusal(404, 'not_found', 'What was to be uploaded is no longer expected.');
    }
    try {
      await (grant.part === 0
        ? this.#receiveWhole(version, source, announcedLength)
        : this.#receivePart(version, grant.part, source));
    } catch (error) {
      throw this.#explain(error, version);
    }
  }

  /** Joins the parts of those of these versions that arrived by parts, where all of them are there. */
  async complete(projectId: string, versionIds: readonly string[]): Promise<void> {
    if (versionIds.length === 0) {
      return;
    }
    const waiting = await this.#db
      .selectFrom('file_versions')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('state', '=', 'announced')
      .where('part_size', 'is not', null)
      .where('id', '=', sql<string>`any(${[...versionIds]}::uuid[])`)
      .execute();
    for (const version of waiting) {
      let joining = this.#joining.get(version.id);
      if (!joining) {
        joining = this.#join(version).finally(() => this.#joining.delete(version.id));
        this.#joining.set(version.id, joining);
      }
      await joining;
    }
  }

  async #join(version: FileVersionRow): Promise<void> {
    const { id, size, sha256, part_size: partSize } = version;
    if (size === null || sha256 === null || partSize === null) {
      return;
    }
    const arrived = await this.#arrivedParts(id);
    const numbers = partsOf(size, partSize).map(({ number }) => number);
    if (!numbers.every(number => arrived.has(number))) {
      return;
    }
    try {
      await this.#blobs.join(id, numbers, { size, sha256 });
    } catch (error) {
      if (!(error instanceof WrongBytes || error instanceof TooManyBytes)) {
        throw error;
      }
      // Which part is wrong can't be told: all are sent again.
      await this.#db.deleteFrom('upload_parts').where('file_version_id', '=', id).execute();
      await this.#blobs.removeParts(id);
      return;
    }
    await this.#markUploaded(version, { size, sha256 });
    await this.#db.deleteFrom('upload_parts').where('file_version_id', '=', id).execute();
    await this.#blobs.removeParts(id);
  }

  async #receiveWhole(
    version: FileVersionRow,
    source: ByteSource,
    announcedLength: number | null
  ): Promise<void> {
    const { size, sha256 } = version.declared ? version : { size: null, sha256: null };
    const limit = size ?? Math.min(this.#limits.maxFileSize, this.#limits.quota ?? Infinity);
    if (announcedLength !== null && announcedLength > limit) {
      throw new TooManyBytes(`${announcedLength} bytes are to come, and at most ${limit} may.`);
    }
    const stored = await this.#blobs.write(source, limit, arrived => {
      const isShort = announcedLength !== null && arrived.size !== announcedLength;
      const isOther = sha256 !== null && (arrived.size !== size || arrived.sha256 !== sha256);
      if (isShort || isOther) {
        throw new WrongBytes('The bytes are not those that were announced.');
      }
    });
    if (!(await this.#markUploaded(version, stored)) && stored.sha256 !== version.sha256) {
      throw new Refusal(409, 'conflict', 'This version is committed: its content stays as it is.');
    }
  }

  async #receivePart(version: FileVersionRow, number: number, source: ByteSource): Promise<void> {
    const { id, size, part_size: partSize, state } = version;
    const part =
      size === null || partSize === null
        ? undefined
        : partsOf(size, partSize).find(each => each.number === number);
    if (!part) {
      throw new Refusal(404, 'not_found', 'This version has no such part.');
    }
    if (state !== 'announced') {
      return;
    }
    await this.#blobs.writePart(id, number, source, part.size);
    await this.#db
      .insertInto('upload_parts')
      .values({ file_version_id: id, number, size: part.size })
      .onConflict(conflict => conflict.doNothing())
      .execute();
  }

  /** False where the version was committed meanwhile: then its content stays. */
  async #markUploaded(
    { id }: FileVersionRow,
    { size, sha256 }: { size: number; sha256: string }
  ): Promise<boolean> {
    const marked = await this.#db
      .updateTable('file_versions')
      .set({ state: 'uploaded', size, sha256 })
      .where('id', '=', id)
      .where('state', '!=', 'committed')
      .executeTakeFirst();
    return marked.numUpdatedRows > 0n;
  }

  #check(files: readonly Announced[]): void {
    for (const { path, size } of files) {
      checkPath(path);
      if (size > this.#limits.maxFileSize) {
        throw new Refusal(
          413,
          'too_large',
          `"${path}" is larger than the ${this.#limits.maxFileSize} bytes that a file may have.`,
          { path }
        );
      }
      if (this.#limits.quota !== null && size > this.#limits.quota) {
        throw quotaExceeded(this.#limits.quota);
      }
    }
  }

  /** Which of these contents the project holds: committed by anyone, or uploaded by the actor. Never what others hold. */
  async #held({ actor, project }: Access, files: readonly Announced[]): Promise<Set<string>> {
    const rows = await this.#db
      .selectFrom('file_versions')
      .select(['sha256', 'size'])
      .distinct()
      .where('project_id', '=', project.id)
      .where('sha256', '=', sql<string>`any(${files.map(({ sha256 }) => sha256)}::text[])`)
      .where(row =>
        row.or([
          row('state', '=', 'committed'),
          row.and([row('state', '=', 'uploaded'), row('created_by', '=', actor.id)])
        ])
      )
      .execute();
    const held = new Set<string>();
    for (const { sha256, size } of rows) {
      if (sha256 !== null && size !== null && (await this.#blobs.has({ sha256, size }))) {
        held.add(contentKey({ sha256, size }));
      }
    }
    return held;
  }

  /** An earlier announcement of the same file by the same person, of which parts have arrived. */
  async #begun(
    { actor, project }: Access,
    { path, size, sha256 }: Announced
  ): Promise<{ id: string; partSize: number; arrived: ReadonlySet<number> } | null> {
    const version = await this.#db
      .selectFrom('file_versions')
      .select(['id', 'part_size'])
      .where('project_id', '=', project.id)
      .where('path', '=', path)
      .where('sha256', '=', sha256)
      .where('size', '=', size)
      .where('created_by', '=', actor.id)
      .where('state', '=', 'announced')
      .where('part_size', 'is not', null)
      .where('created_at', '>', new Date(Date.now() - ANNOUNCEMENT_LIFETIME))
      .orderBy('created_at', 'desc')
      .executeTakeFirst();
    if (!version || version.part_size === null) {
      return null;
    }
    const arrived = await this.#arrivedParts(version.id);
    return arrived.size === 0 ? null : { id: version.id, partSize: version.part_size, arrived };
  }

  async #arrivedParts(versionId: string): Promise<Set<number>> {
    const rows = await this.#db
      .selectFrom('upload_parts')
      .select('number')
      .where('file_version_id', '=', versionId)
      .execute();
    return new Set(rows.map(({ number }) => number));
  }

  #explain(error: unknown, version: FileVersionRow): unknown {
    if (error instanceof WrongBytes) {
      return contentMismatch(error.message);
    }
    if (error instanceof TooManyBytes) {
      const { maxFileSize, quota } = this.#limits;
      if (version.declared) {
        return contentMismatch(error.message);
      }
      return quota !== null && quota < maxFileSize
        ? quotaExceeded(quota)
        : tooLarge(`A file may have ${maxFileSize} bytes.`);
    }
    if (systemCode(error) === 'ENOSPC') {
      return new Refusal(507, 'quota_exceeded', "The server's disk is full.");
    }
    return error;
  }
}

function contentMismatch(message: string): Refusal {
  return new Refusal(422, 'content_mismatch', message);
}

function contentKey({ sha256, size }: { sha256: string; size: number }): string {
  return `${sha256} ${size}`;
}
