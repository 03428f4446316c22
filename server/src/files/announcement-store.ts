import { randomUUID } from 'node:crypto';

import { type Insertable, type Kysely, type Transaction, sql } from 'kysely';

import type { FilePreloadRequest, Preload, PreloadsRequest } from '../../../src/cloud/schemas';
import type { Database, FileVersionsTable } from '../database/tables';
import { Refusal, tooLarge } from '../errors';
import { MAX_PRELOADS } from '../options';
import type { Access } from '../projects/access';
import type { BlobStore } from '../storage/blob-store';
import type { UploadGrant } from '../storage/upload-signer';
import { arrivedParts } from './arrived-parts';
import { partsOf } from './parts';
import { checkPath } from './project-path';
import { quotaExceeded } from './quota';
import type { UploadLimits } from './upload-store';

/** How long an announced version waits for its content, or an uploaded one for its commit; ms. */
export const ANNOUNCEMENT_LIFETIME = 24 * 60 * 60 * 1000;

type Announced = PreloadsRequest['files'][number];

/** Makes the URL that takes the bytes of a grant. */
type Sign = (grant: UploadGrant) => string;

/**
 * Versions that are going to be sent.
 */
export class AnnouncementStore {
  readonly #db: Kysely<Database>;
  readonly #blobs: BlobStore;
  readonly #limits: UploadLimits;

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
    // What is held must not be taken away before a row names it once more.
    return this.#db
      .transaction()
      .execute(transaction => this.#announceIn(transaction, access, files, sign));
  }

  async #announceIn(
    transaction: Transaction<Database>,
    access: Access,
    files: readonly Announced[],
    sign: Sign
  ): Promise<Preload[]> {
    const held = await this.#held(transaction, access, files);
    const rows: Insertable<FileVersionsTable>[] = [];
    const items: Preload[] = [];
    for (const file of files) {
      const isHeld = held.has(contentKey(file));
      const inParts = !isHeld && file.size > this.#limits.partSize;
      const begun = inParts ? await this.#begun(transaction, access, file) : null;
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
      await transaction.insertInto('file_versions').values(rows).execute();
    }
    return items;
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
  async #held(
    transaction: Transaction<Database>,
    { actor, project }: Access,
    files: readonly Announced[]
  ): Promise<Set<string>> {
    const rows = await transaction
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
    transaction: Transaction<Database>,
    { actor, project }: Access,
    { path, size, sha256 }: Announced
  ): Promise<{ id: string; partSize: number; arrived: ReadonlySet<number> } | null> {
    const version = await transaction
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
      .where(row =>
        row.exists(
          row
            .selectFrom('upload_parts')
            .select('number')
            .whereRef('upload_parts.file_version_id', '=', 'file_versions.id')
        )
      )
      .orderBy('created_at', 'desc')
      .executeTakeFirst();
    if (!version || version.part_size === null) {
      return null;
    }
    const arrived = await arrivedParts(transaction, version.id);
    return { id: version.id, partSize: version.part_size, arrived };
  }
}

function contentKey({ sha256, size }: { sha256: string; size: number }): string {
  return `${sha256} ${size}`;
}
