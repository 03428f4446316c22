import type { LocalProject } from '../state/local-project';
import { hashOf } from '../sync/content';
import { ProjectsError } from '../tokens';
import type { ConflictChoice, ConflictShown, Problem, SyncReport } from '../tokens';
import { lookAgain, lookAtConflict, readHeld } from './conflict-look';
import type { ConflictLook } from './conflict-look';
import { asProjectsError, wordsOf } from './errors';
import { joined } from './joined';
import type { Registry } from './registry';
import type { Syncing } from './syncing';
import { trans } from '../sync/words';

/** The ways to settle conflicts that need more than one choice of a side. */
export class Resolving {
  constructor(options: Resolving.IOptions) {
    this.#options = options;
  }

  /**
   * Both contents become files of their own first, and so versions in the cloud. The given one then takes the place of the cloud's,
   * under the condition that this still is what was shown, and a sync brings it here.
   */
  async with(
    project: LocalProject,
    path: string,
    content: Uint8Array<ArrayBuffer>,
    shown: ConflictShown
  ): Promise<SyncReport> {
    const { syncing } = this.#options;
    await this.#requireVersions();
    const before = await this.#lookAt(project, path, shown);
    const { path: name } = before.conflict;
    if (syncing.isDraft(project, name)) {
      throw new ProjectsError(
        'failed',
        trans.__(
          '“%1” has unsaved changes in an open document. Save it, or close it without saving; then choose again.',
          name
        )
      );
    }
    const report = before.isSettled ? null : await syncing.settle(project, name);
    if (report && (report.state === 'failed' || report.state === 'stopped')) {
      return report;
    }
    const settled = await this.#lookAt(project, name, shown);
    if (!settled.isSettled) {
      throw lookAgain(name);
    }
    await this.#put(project, settled, content);
    const resolved = await syncing.resolve(project, name, 'keep-cloud');
    return report ? joined(report, resolved) : resolved;
  }

  /** One after the other; what could not be settled is a problem of the report, and stays open. */
  async all(project: LocalProject, choice: ConflictChoice): Promise<SyncReport> {
    const { syncing } = this.#options;
    const problems: Problem[] = [];
    let report = await syncing.sync(project);
    for (const { path, copy } of (await syncing.look(project)).conflicts) {
      try {
        report = joined(report, await syncing.resolve(project, copy ?? path, choice));
      } catch (error) {
        problems.push({ path, code: 'failed', message: wordsOf(error) });
      }
    }
    return problems.length === 0
      ? report
      : { ...report, state: 'partial', problems: [...report.problems, ...problems] };
  }

  async #lookAt(
    project: LocalProject,
    path: string,
    { mine, theirs }: ConflictShown
  ): Promise<ConflictLook> {
    const look = await lookAtConflict(this.#options.syncing, project, path);
    if (look.mine?.entry.sha256 !== mine || look.theirs?.entry.sha256 !== theirs) {
      throw lookAgain(look.conflict.path);
    }
    return look;
  }

  /** What this server held becomes a version of the file too, just before. */
  async #put(
    project: LocalProject,
    { conflict, mine, theirs }: ConflictLook,
    content: Uint8Array<ArrayBuffer>
  ): Promise<void> {
    const sha256 = await hashOf(content);
    if (!mine || !theirs || sha256 === theirs.entry.sha256) {
      return;
    }
    const replicas = await this.#options.syncing.replicas(project);
    const kept = { content: await readHeld(replicas, mine), sha256: mine.entry.sha256 ?? '' };
    try {
      const [outcome] = await replicas.cloud.apply(
        [
          {
            op: 'put',
            path: conflict.path,
            content,
            sha256,
            expect: theirs.entry,
            ...(kept.sha256 !== sha256 && { keep: kept })
          }
        ],
        { signal: new AbortController().signal }
      );
      if (outcome?.status === 'failed') {
        throw new ProjectsError('failed', outcome.problem.message);
      }
      if (outcome?.status !== 'applied') {
        throw lookAgain(conflict.path);
      }
    } catch (error) {
      throw asProjectsError(error);
    }
  }

  async #requireVersions(): Promise<void> {
    const { registry } = this.#options;
    try {
      const features = (await registry.session.client.capabilities())?.features ?? [];
      if (!features.includes('versions') || !features.includes('commits')) {
        throw new ProjectsError(
          'failed',
          trans.__(
            'This cloud keeps no versions of files, so what a merge replaces would be lost. Keep both, and put them together by hand.'
          )
        );
      }
    } catch (error) {
      throw asProjectsError(error);
    }
  }

  readonly #options: Resolving.IOptions;
}

export namespace Resolving {
  export interface IOptions {
    readonly registry: Registry;
    readonly syncing: Syncing;
  }
}
