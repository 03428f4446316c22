import type { TranslationBundle } from '@jupyterlab/translation';

import { CloudError } from '../cloud/errors';
import type { LocalProject } from '../state/local-project';
import type { Side } from '../sync/entry';
import { createIgnores } from '../sync/ignore';
import type { Conflict } from '../sync/memory';
import { isWithin } from '../sync/path';
import type { Replica } from '../sync/replica';
import type { StopReason } from '../sync/report';
import type { Resolution } from '../sync/resolve';
import type { RunResult } from '../sync/run';
import { takingsOf } from '../sync/word';
import type { Word } from '../sync/word';
import { ProjectsError } from '../tokens';
import type { ConflictChoice, FileStatus, SyncReport } from '../tokens';
import { activityOf } from './activity-of';
import type { CloudSession } from './cloud-session';
import { fileStatuses } from './file-status';
import { joined } from './joined';
import type { Registry } from './registry';
import type { RequestCounter } from './request-counter';
import type { Runs } from './runs';
import type { SettingsSource } from './settings';

/** What a run of a project differs in. */
interface Errand {
  readonly dryRun?: boolean;
  /** A conflict at this path is kept as two files, whatever the policy. */
  readonly keepBoth?: string;
  readonly resolution?: Resolution;
  /** Hash everything again. */
  readonly verify?: boolean;
  /** The only side that may be changed. */
  readonly changes?: Side;
  readonly word?: Word;
  /** Nobody asked for it, and nobody may look at what comes of it. */
  readonly unasked?: boolean;
}

/** What a run that was stopped would have taken away. */
interface Stopped {
  readonly reason: StopReason | null;
  readonly takings: ReadonlySet<string>;
}

/**
 * Runs the engine for a project, with its two sides as they are now, and remembers and tells what came of it.
 */
export class Syncing {
  constructor(options: Syncing.IOptions) {
    this.#options = options;
  }

  async sync(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, {})).report;
  }

  /** A sync that the person did not ask for. */
  async syncUnasked(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { unasked: true })).report;
  }

  /** A sync after which the cloud has what the file held here: a conflict at the path is kept as two files. */
  async settle(project: LocalProject, path: string): Promise<SyncReport> {
    return (await this.#run(project, { keepBoth: path })).report;
  }

  async pull(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { changes: 'local' })).report;
  }

  async push(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { changes: 'cloud' })).report;
  }

  async verify(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { verify: true })).report;
  }

  /** Forgets what the person was asked; for a project that is unlinked. */
  forget(projectId: string): void {
    this.#stopped.delete(projectId);
  }

  /** Holds for what the person was asked; where nothing was, there is nothing that the word is for. */
  async approve(project: LocalProject): Promise<SyncReport> {
    const takings = this.#stopped.get(project.id)?.takings ?? new Set<string>();
    return (await this.#run(project, { word: { kind: 'approve', takings } })).report;
  }

  async restore(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { word: { kind: 'restore' } })).report;
  }

  async preview(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { dryRun: true })).report;
  }

  /** Looks at both sides when no sync is under way, and tells each file's status. */
  async status(project: LocalProject): Promise<readonly FileStatus[]> {
    const { sight, report, conflicts } = await this.#run(project, { dryRun: true });
    if (!sight) {
      const { stopReason, problems } = report;
      const isReason = stopReason === 'offline' || stopReason === 'signed-out';
      throw new ProjectsError(
        isReason ? stopReason : 'failed',
        problems[0]?.message ?? 'The two sides could not be looked at. Try again.'
      );
    }
    return fileStatuses(sight, conflicts);
  }

  /**
   * Carries out the choice after an ordinary sync that keeps this conflict as two files: whatever the choice takes away
   * is a version in the cloud by then.
   */
  async resolve(project: LocalProject, path: string, choice: ConflictChoice): Promise<SyncReport> {
    const before = await this.#run(project, { keepBoth: path });
    const isUsable = before.report.state !== 'failed' && before.report.state !== 'stopped';
    if (!isUsable) {
      return before.report;
    }
    const conflict = conflictAt(before.conflicts, path);
    if (!conflict) {
      throw new ProjectsError('not-found', `There is no open conflict at “${path}”.`);
    }
    const after = await this.#run(project, { resolution: { conflict, choice } });
    return joined(before.report, after.report);
  }

  async #run(project: LocalProject, errand: Errand): Promise<RunResult> {
    const { registry, runs, counter, settings } = this.#options;
    const { unasked = false, ...choices } = errand;
    const result = await runs.run(project.id, async () => {
      // Now that it is this page's turn: another may have synced while it waited.
      const store = await registry.requireStore();
      const now = registry.require({ projectId: project.id });
      const { session } = registry;
      const { conflictPolicy, ignore, syncHidden } = settings.current;
      const others = [registry.stateFolder, ...registry.linked().map(({ path }) => path)];
      return {
        ...choices,
        replicas: {
          local: this.#options.localReplica(now),
          cloud: this.#options.cloudReplica(now)
        },
        journal: store.journal(now.id),
        ignores: createIgnores({
          patterns: ignore,
          syncHidden,
          excluded: others
            .filter(path => path !== now.path && isWithin(path, now.path))
            .map(path => below(path, now.path))
        }),
        conflictPolicy: (path: string) => (path === errand.keepBoth ? 'keep-both' : conflictPolicy),
        requests: () => counter.sent,
        now: () => performance.now(),
        onEnd: (result: RunResult, previous: SyncReport | null) =>
          this.#ended({ project: now, session, unasked, result, previous })
      };
    });
    // The log's lines are written before the report is given: nothing goes on behind it.
    await this.#saved;
    return result;
  }

  #ended({ project, session, unasked, result, previous }: Ended): void {
    const { registry, trans, onError } = this.#options;
    const { report, error } = result;
    const { store } = registry;
    const at = new Date();
    if (error) {
      // What Jupyter refuses says nothing of the cloud.
      if (error instanceof CloudError) {
        session.failed(error);
      }
      onError(error);
    } else {
      session.answered();
    }
    if (report.dryRun) {
      return;
    }
    this.#noteStop(project.id, result, unasked);
    if (report.state !== 'failed' && report.state !== 'stopped') {
      store?.noteSync(project.id, at.getTime());
    }
    const about = {
      projectId: project.id,
      projectTitle: registry.titleOf(project.id),
      at: at.toISOString()
    };
    const lines = activityOf(report, previous, about, trans);
    store?.addActivities(lines);
    if (lines.length > 0) {
      this.#saved = store?.save().catch(onError) ?? this.#saved;
    }
  }

  /** A person answers what they saw: a run that they did not ask for adds nothing to the question. */
  #noteStop(projectId: string, { report, sight }: RunResult, unasked: boolean): void {
    if (report.state === 'failed') {
      return;
    }
    if (report.state !== 'stopped' || !sight) {
      this.#stopped.delete(projectId);
      return;
    }
    const reason = report.stopReason;
    if (!unasked || this.#stopped.get(projectId)?.reason !== reason) {
      this.#stopped.set(projectId, { reason, takings: takingsOf(sight.plan) });
    }
  }

  readonly #options: Syncing.IOptions;
  /** The last save of log lines. */
  #saved: Promise<void> = Promise.resolve();
  /** By the project's id. */
  readonly #stopped = new Map<string, Stopped>();
}

export namespace Syncing {
  export interface IOptions {
    readonly registry: Registry;
    readonly runs: Runs;
    readonly settings: SettingsSource;
    readonly counter: RequestCounter;
    readonly localReplica: (project: LocalProject) => Replica;
    readonly cloudReplica: (project: LocalProject) => Replica;
    readonly trans: TranslationBundle;
    readonly onError: (error: unknown) => void;
  }
}

interface Ended {
  readonly project: LocalProject;
  /** That of the run's start. */
  readonly session: CloudSession;
  readonly unasked: boolean;
  readonly result: RunResult;
  readonly previous: SyncReport | null;
}

function conflictAt(conflicts: readonly Conflict[], path: string): Conflict | undefined {
  return conflicts.find(each => each.path === path) ?? conflicts.find(each => each.copy === path);
}

function below(path: string, folder: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}
