import { randomId } from '../cloud/random-id';
import type { CommitResult, FileVersion as VersionOnWire } from '../cloud/schemas';
import type { LocalProject } from '../state/local-project';
import { sliceOf } from '../sync/content';
import { invalidPath } from '../sync/path';
import { ProjectsError } from '../tokens';
import type { FileVersion, SyncReport } from '../tokens';
import { asProjectsError } from './errors';
import { joined } from './joined';
import type { Registry } from './registry';
import type { Syncing } from './syncing';
import { trans } from '../sync/words';

/** The file may be changed by others while it is restored: it is tried so often. */
const TRIES = 3;

/** The versions that the cloud keeps of a project's files. */
export class History {
  constructor(options: History.IOptions) {
    this.#options = options;
  }

  async versions(projectId: string, path: string): Promise<FileVersion[]> {
    requirePath(path);
    const { registry } = this.#options;
    await registry.ready;
    const { session } = registry;
    try {
      const offered = await session.client.capabilities();
      if (!offered?.features.includes('versions') || !offered.features.includes('commits')) {
        throw new ProjectsError(
          'failed',
          trans.__('This cloud keeps no versions of files: it has only what they hold now.')
        );
      }
      return (await session.client.files.versions(projectId, path)).map(fromWire);
    } catch (error) {
      throw asProjectsError(error);
    }
  }

  /** What a version of the file holds. */
  async content(
    projectId: string,
    path: string,
    versionId: string
  ): Promise<Uint8Array<ArrayBuffer>> {
    await this.#require(projectId, path, versionId);
    try {
      const { files } = this.#options.registry.session.client;
      return await sliceOf((await files.downloadVersion(projectId, versionId)).content);
    } catch (error) {
      throw asProjectsError(error);
    }
  }

  /**
   * A sync comes first, so that unsynced edits are a version; then the cloud is given the old content, and a second
   * sync brings it here. Where the first can't send what is here, nothing is restored and its report says why.
   */
  async restore(project: LocalProject, path: string, versionId: string): Promise<SyncReport> {
    const { syncing } = this.#options;
    await this.#require(project.id, path, versionId);
    let report: SyncReport | null = null;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const settled = await syncing.settle(project, path);
      report = report ? joined(report, settled) : settled;
      if (!isSettled(settled, path)) {
        return report;
      }
      const result = await this.#put(project, path, versionId);
      if (result.status === 'applied') {
        return joined(report, await syncing.sync(project));
      }
      if (result.status !== 'conflict' || result.file?.kind === 'directory') {
        throw refused(path, result);
      }
    }
    throw new ProjectsError(
      'failed',
      trans.__('“%1” kept changing in the cloud while it was restored. Try again.', path)
    );
  }

  async #require(projectId: string, path: string, versionId: string): Promise<void> {
    const versions = await this.versions(projectId, path);
    if (!versions.some(version => version.versionId === versionId)) {
      throw new ProjectsError('not-found', trans.__('“%1” has no version %2.', path, versionId));
    }
  }

  /** Only over what the cloud held when the sync before ended. */
  async #put(project: LocalProject, path: string, versionId: string): Promise<CommitResult> {
    const { registry } = this.#options;
    try {
      const store = await registry.requireStore();
      const { cloud } = await store.journal(project.id).load();
      const answer = await registry.session.client.files.commit(project.id, {
        idempotency_key: randomId(),
        operations: [
          {
            op: 'put',
            path,
            file_version_id: versionId,
            if_version: cloud.entries.get(path)?.version ?? null
          }
        ]
      });
      // The client saw to it that there is one result for each operation.
      return answer.results[0]!;
    } catch (error) {
      throw asProjectsError(error);
    }
  }

  readonly #options: History.IOptions;
}

export namespace History {
  export interface IOptions {
    readonly registry: Registry;
    readonly syncing: Syncing;
  }
}

function requirePath(path: string): void {
  const fault = invalidPath(path);
  if (fault !== null) {
    throw new ProjectsError(
      'invalid-arguments',
      trans.__('“%1” is no path relative to the project’s root: %2.', path, fault)
    );
  }
}

function fromWire(version: VersionOnWire): FileVersion {
  const { file_version_id, path, size, sha256, created_at, created_by } = version;
  return {
    versionId: file_version_id,
    path,
    size,
    sha256,
    createdAt: new Date(created_at).toISOString(),
    author: created_by ? { id: created_by.id, name: created_by.name ?? '' } : null
  };
}

/** True when what the path holds here is in the cloud by now. */
function isSettled({ state, problems }: SyncReport, path: string): boolean {
  return state !== 'failed' && state !== 'stopped' && !problems.some(each => each.path === path);
}

function refused(path: string, { status, message }: CommitResult): ProjectsError {
  if (status === 'forbidden') {
    return new ProjectsError('forbidden', trans.__('You may not change “%1” in the cloud.', path));
  }
  const why = status === 'conflict' ? trans.__('a folder has its name now') : (message ?? status);
  return new ProjectsError('failed', trans.__('“%1” could not be restored: %2.', path, why));
}
