import { type Kysely, type Transaction, sql } from 'kysely';

import { CommitAnswer, type CommitOperation, type CommitRequest } from '../../../src/cloud/schemas';
import type { Database, FileVersionRow } from '../database/tables';
import { MAX_COMMIT_OPERATIONS } from '../options';
import { Refusal, notFound, tooLarge } from '../errors';
import type { Access } from '../projects/access';
import { cloudFile, type Entry } from './entry';
import * as operations from './operations';
import { isVersion, type OperationResult, type Precondition } from './operations';
import { invalidPath, pathFault } from './project-path';
import type { UploadStore } from './upload-store';
import { WorkingTree } from './working-tree';

/**
 * Changes the files of projects.
 */
export class CommitStore {
  readonly #db: Kysely<Database>;
  readonly #uploads: UploadStore;
  readonly #quota: number | null;

  /** @param quota - bytes a project's files may hold together. */
  constructor(db: Kysely<Database>, uploads: UploadStore, quota: number | null) {
    this.#db = db;
    this.#uploads = uploads;
    this.#quota = quota;
  }

  /** All operations in order, in one transaction, each applied or refused on its own. */
  async commit({ actor, project }: Access, request: CommitRequest): Promise<CommitAnswer> {
    if (request.operations.length > MAX_COMMIT_OPERATIONS) {
      throw tooLarge(`A commit may have ${MAX_COMMIT_OPERATIONS} operations.`);
    }
    const key = {
      project_id: project.id,
      user_id: actor.id,
      idempotency_key: JSON.stringify(request.idempotency_key)
    };
    const versionIds = request.operations.flatMap(each =>
      each.op === 'put' ? [each.file_version_id] : []
    );
    await this.#uploads.complete(project.id, versionIds);

    return this.#db.transaction().execute(async transaction => {
      const tree = await WorkingTree.open(transaction, project.id, actor);
      const earlier = await transaction
        .selectFrom('commits')
        .select('answer')
        .where('project_id', '=', key.project_id)
        .where('user_id', '=', key.user_id)
        .where('idempotency_key', '=', key.idempotency_key)
        .executeTakeFirst();
      if (earlier) {
        return CommitAnswer.parse(JSON.parse(earlier.answer));
      }
      const versions = await loadVersions(transaction, project.id, versionIds);
      await tree.prefetch(request.operations.flatMap(pathsOf).filter(isValid));
      const results: CommitAnswer['results'] = [];
      const committed = new Set<string>();
      for (const operation of request.operations) {
        const result = await apply(tree, operation, versions);
        if (operation.op === 'put' && result.status === 'applied') {
          committed.add(operation.file_version_id.toLowerCase());
        }
        results.push(resultOnWire(operation, result));
      }
      await tree.flush(this.#quota);
      await markCommitted(transaction, [...committed]);
      const answer: CommitAnswer = { revision: tree.revision, results };
      await transaction
        .insertInto('commits')
        .values({ ...key, answer: JSON.stringify(answer), created_at: new Date() })
        .execute();
      return answer;
    });
  }

  /**
   * The announced path holds this version from now on. Repeated, it changes nothing.
   *
   * Throws 404 where the project has no such version, 409 where its content has not arrived or the path is taken by a
   * directory, 412 where the condition does not hold.
   */
  async commitVersion(
    { actor, project }: Access,
    versionId: string,
    holds: Precondition
  ): Promise<Entry | null> {
    await this.#uploads.complete(project.id, [versionId]);
    return this.#db.transaction().execute(async transaction => {
      const tree = await WorkingTree.open(transaction, project.id, actor);
      const version = (await loadVersions(transaction, project.id, [versionId])).get(
        versionId.toLowerCase()
      );
      if (!version) {
        throw notFound('The version');
      }
      const current = await tree.get(version.path);
      if (current?.file_version_id === version.id) {
        return current;
      }
      if (!holds(current)) {
        throw preconditionFailed(current);
      }
      if (version.state === 'committed') {
        return current;
      }
      const result = await operations.put(tree, version.path, version, () => true);
      throwRefused(result, version.path);
      await tree.flush(this.#quota);
      await markCommitted(transaction, [version.id]);
      return result.entry;
    });
  }

  /**
   * Throws 404 where nothing is there, 409 for a directory that is not empty, 412 where the condition does not hold.
   *
   * @param prune - parents that hold nothing any more go too: for a cloud whose clients know no directories.
   */
  async delete(
    { actor, project }: Access,
    path: string,
    holds: Precondition,
    prune: boolean
  ): Promise<void> {
    await this.#db.transaction().execute(async transaction => {
      const tree = await WorkingTree.open(transaction, project.id, actor);
      const current = await tree.get(path);
      if (!holds(current)) {
        throw preconditionFailed(current);
      }
      if (!current || (prune && current.kind === 'directory')) {
        throw notFound('The file');
      }
      throwRefused(await operations.remove(tree, path, () => true), path);
      if (prune) {
        await pruneParents(tree, path);
      }
      await tree.flush(this.#quota);
    });
  }
}

async function pruneParents(tree: WorkingTree, path: string): Promise<void> {
  let slash = path.lastIndexOf('/');
  while (slash > 0) {
    const parent = path.slice(0, slash);
    const { status } = await operations.remove(tree, parent, () => true);
    if (status !== 'applied') {
      return;
    }
    slash = parent.lastIndexOf('/');
  }
}

function apply(
  tree: WorkingTree,
  operation: CommitOperation,
  versions: ReadonlyMap<string, FileVersionRow>
): Promise<OperationResult> {
  switch (operation.op) {
    case 'put':
      return operations.put(
        tree,
        operation.path,
        versions.get(operation.file_version_id.toLowerCase()) ?? null,
        isVersion(operation.if_version)
      );
    case 'delete':
      return operations.remove(tree, operation.path, isVersion(operation.if_version));
    case 'move':
      return operations.move(tree, {
        from: operation.from,
        to: operation.to,
        holds: isVersion(operation.if_version),
        ifRevision: operation.if_revision ?? null
      });
    case 'mkdir':
      return operations.makeDirectory(tree, operation.path);
  }
}

function pathsOf(operation: CommitOperation): string[] {
  return operation.op === 'move' ? [operation.from, operation.to] : [operation.path];
}

function isValid(path: string): boolean {
  return pathFault(path) === null;
}

function resultOnWire(
  operation: CommitOperation,
  { status, entry, message }: OperationResult
): CommitAnswer['results'][number] {
  return {
    path: operation.op === 'move' ? operation.to : operation.path,
    status,
    file: entry && cloudFile(entry),
    ...(message === undefined ? {} : { message })
  };
}

/** A single call tells with its status what a commit tells in its result. */
function throwRefused({ status, entry, message = '' }: OperationResult, path: string): void {
  switch (status) {
    case 'applied':
      return;
    case 'conflict':
      throw new Refusal(409, 'conflict', `"${path}" was not changed: ${message}.`, {
        current: entry && cloudFile(entry)
      });
    case 'missing_content':
      throw new Refusal(409, 'missing_content', `"${path}" was not changed: ${message}.`);
    case 'invalid':
      throw invalidPath(path, message);
    case 'forbidden':
      throw new Refusal(403, 'forbidden', message);
  }
}

export function preconditionFailed(current: Entry | null): Refusal {
  return new Refusal(
    412,
    'precondition_failed',
    current ? 'It is not the version that was expected.' : 'There is nothing at this path.',
    { current: current && cloudFile(current) }
  );
}

async function loadVersions(
  transaction: Transaction<Database>,
  projectId: string,
  ids: readonly string[]
): Promise<Map<string, FileVersionRow>> {
  if (ids.length === 0) {
    return new Map();
  }
  const rows = await transaction
    .selectFrom('file_versions')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
  return new Map(rows.map(row => [row.id, row]));
}

async function markCommitted(
  transaction: Transaction<Database>,
  ids: readonly string[]
): Promise<void> {
  if (ids.length > 0) {
    await transaction
      .updateTable('file_versions')
      .set({ state: 'committed' })
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .execute();
  }
}
