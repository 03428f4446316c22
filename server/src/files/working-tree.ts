import { randomUUID } from 'node:crypto';

import { type Transaction, sql } from 'kysely';

import type { Actor } from '../accounts/actor';
import type { Database, FileVersionRow } from '../database/tables';
import { notFound } from '../errors';
import { announce } from '../events/announce';
import { type Entry, selectEntries } from './entry';
import { ancestorsOf, isWithin } from './project-path';
import { checkQuota } from './quota';
import { writeChanges } from './write-changes';

/**
 * The files of a project while one transaction changes them: reads see the changes made so far, and `flush` writes
 * them all.
 *
 * #### Notes
 * The project's row stays locked from `open` until the transaction ends. So revisions become visible in their order,
 * and no gap between two of them is ever filled later.
 */
export class WorkingTree {
  readonly #transaction: Transaction<Database>;
  readonly #projectId: string;
  readonly #actor: Actor;
  readonly #now = new Date();
  /** null: the path holds nothing. */
  readonly #known = new Map<string, Entry | null>();
  readonly #changes: Entry[] = [];
  #revision: number;
  #growth = 0;

  private constructor(
    transaction: Transaction<Database>,
    projectId: string,
    actor: Actor,
    revision: number
  ) {
    this.#transaction = transaction;
    this.#projectId = projectId;
    this.#actor = actor;
    this.#revision = revision;
  }

  /** Throws 404 where the project is gone. */
  static async open(
    transaction: Transaction<Database>,
    projectId: string,
    actor: Actor
  ): Promise<WorkingTree> {
    const project = await transaction
      .selectFrom('projects')
      .select('revision')
      .where('id', '=', projectId)
      .forUpdate()
      .executeTakeFirst();
    if (!project) {
      throw notFound('The project');
    }
    return new WorkingTree(transaction, projectId, actor, project.revision);
  }

  get revision(): number {
    return this.#revision;
  }

  /** Reads these paths and their parents at once, where they are not known yet. */
  async prefetch(paths: Iterable<string>): Promise<void> {
    const wanted = new Set<string>();
    for (const path of paths) {
      for (const each of [...ancestorsOf(path), path]) {
        if (!this.#known.has(each)) {
          wanted.add(each);
        }
      }
    }
    if (wanted.size === 0) {
      return;
    }
    const entries = await selectEntries(this.#transaction, this.#projectId)
      .where('files.path', '=', sql<string>`any(${[...wanted]}::text[])`)
      .where('files.deleted', '=', false)
      .execute();
    for (const path of wanted) {
      this.#known.set(path, null);
    }
    for (const entry of entries) {
      this.#known.set(entry.path, entry);
    }
  }

  /** What the path holds; null: nothing. */
  async get(path: string): Promise<Entry | null> {
    await this.prefetch([path]);
    return this.#known.get(path) ?? null;
  }

  /** All that the directory holds, at any depth, in the order of paths. */
  async below(directory: string): Promise<Entry[]> {
    const stored = await this.#storedBelow(directory).where('files.deleted', '=', false).execute();
    for (const entry of stored) {
      if (!this.#known.has(entry.path)) {
        this.#known.set(entry.path, entry);
      }
    }
    const found: Entry[] = [];
    for (const [path, entry] of this.#known) {
      if (entry && path !== directory && isWithin(path, directory)) {
        found.push(entry);
      }
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** When anything in the directory last changed, before this transaction: deletions count. */
  async lastRevisionIn(directory: Entry): Promise<number> {
    const row = await this.#storedBelow(directory.path)
      .clearSelect()
      .select(each => each.fn.max('files.revision').as('last'))
      .executeTakeFirst();
    return Math.max(row?.last ?? 0, directory.revision);
  }

  /** The path holds this version's content from now on. */
  put(path: string, version: FileVersionRow, current: Entry | null): Entry {
    return this.#record({
      path,
      file_id: current?.file_id ?? randomUUID(),
      kind: 'file',
      size: version.size ?? 0,
      sha256: version.sha256,
      file_version_id: version.id,
      description: version.description,
      metadata: version.metadata,
      created_at: current?.created_at ?? this.#now,
      deleted: false
    });
  }

  makeDirectory(path: string): Entry {
    return this.#record({
      path,
      file_id: randomUUID(),
      kind: 'directory',
      size: 0,
      sha256: null,
      file_version_id: randomUUID(),
      description: null,
      metadata: null,
      created_at: this.#now,
      deleted: false
    });
  }

  remove(entry: Entry): void {
    this.#record({ ...entry, deleted: true });
  }

  /** The entry, under another path: the same file. A directory gets a new version. */
  relocate(entry: Entry, path: string): Entry {
    this.remove(entry);
    return this.#record({
      ...entry,
      path,
      file_version_id: entry.kind === 'directory' ? randomUUID() : entry.file_version_id
    });
  }

  /**
   * Writes the changes and the project's new revision, and announces it.
   *
   * @param quota - bytes that the project's files may hold together; throws 507 where they would hold more, and grew.
   */
  async flush(quota: number | null): Promise<void> {
    if (this.#changes.length === 0) {
      return;
    }
    await writeChanges(this.#transaction, this.#projectId, this.#changes);
    await this.#transaction
      .updateTable('projects')
      .set({ revision: this.#revision, updated_at: this.#now })
      .where('id', '=', this.#projectId)
      .execute();
    if (quota !== null && this.#growth > 0) {
      await checkQuota(this.#transaction, this.#projectId, quota);
    }
    await announce(this.#transaction, {
      type: 'project.changed',
      project_id: this.#projectId,
      revision: this.#revision
    });
  }

  #storedBelow(directory: string) {
    return selectEntries(this.#transaction, this.#projectId)
      .where('files.path', '>', `${directory}/`)
      .where('files.path', '<', `${directory}0`);
  }

  #record(
    change: Omit<Entry, 'project_id' | 'revision' | 'updated_at' | 'updated_by' | 'updated_by_name'>
  ): Entry {
    this.#revision += 1;
    const entry: Entry = {
      ...change,
      project_id: this.#projectId,
      revision: this.#revision,
      updated_at: this.#now,
      updated_by: this.#actor.id,
      updated_by_name: this.#actor.name
    };
    const held = this.#known.get(entry.path);
    this.#growth += (entry.deleted ? 0 : entry.size) - (held?.size ?? 0);
    this.#known.set(entry.path, entry.deleted ? null : entry);
    this.#changes.push(entry);
    return entry;
  }
}
