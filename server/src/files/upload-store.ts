import { type Kysely, sql } from 'kysely';

import type { Exclusively } from '../database/exclusively';
import type { Database, FileVersionRow } from '../database/tables';
import { Refusal, systemCode, tooLarge } from '../errors';
import { type BlobStore, type ByteSource, TooManyBytes, WrongBytes } from '../storage/blob-store';
import type { UploadGrant } from '../storage/upload-signer';
import { arrivedParts } from './arrived-parts';
import { partsOf } from './parts';
import { quotaExceeded } from './quota';

export interface UploadLimits {
  /** Bytes. */
  readonly partSize: number;
  readonly maxFileSize: number;
  readonly quota: number | null;
}

/**
 * Contents on their way in: whole, or by parts.
 */
export class UploadStore {
  readonly #db: Kysely<Database>;
  readonly #blobs: BlobStore;
  readonly #limits: UploadLimits;
  readonly #exclusively: Exclusively;

  constructor(
    db: Kysely<Database>,
    exclusively: Exclusively,
    blobs: BlobStore,
    limits: UploadLimits
  ) {
    this.#db = db;
    this.#exclusively = exclusively;
    this.#blobs = blobs;
    this.#limits = limits;
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
      .select('id')
      .where('project_id', '=', projectId)
      .where('state', '=', 'announced')
      .where('part_size', 'is not', null)
      .where('id', '=', sql<string>`any(${[...versionIds]}::uuid[])`)
      .execute();
    for (const { id } of waiting) {
      await this.#exclusively(`join ${id}`, () => this.#join(id));
    }
  }

  /** Whoever joined it just before has removed its parts. */
  async #join(id: string): Promise<void> {
    const version = await this.#db
      .selectFrom('file_versions')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'announced')
      .executeTakeFirst();
    const { size, sha256, part_size: partSize } = version ?? {};
    if (!version || size == null || sha256 == null || partSize == null) {
      return;
    }
    const arrived = await arrivedParts(this.#db, id);
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

  /** False where the version was committed meanwhile: then its content stays. A commit goes by what it has read of it. */
  async #markUploaded(
    { id }: FileVersionRow,
    { size, sha256 }: { size: number; sha256: string }
  ): Promise<boolean> {
    const marked = await this.#db
      .transaction()
      .execute(transaction =>
        transaction
          .updateTable('file_versions')
          .set({ state: 'uploaded', size, sha256 })
          .where('id', '=', id)
          .where('state', '!=', 'committed')
          .executeTakeFirst()
      );
    return marked.numUpdatedRows > 0n;
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
