import type { TranslationBundle } from '@jupyterlab/translation';

import type { LocalProject } from '../state/local-project';
import type { Side } from '../sync/entry';
import { createIgnores } from '../sync/ignore';
import type { Conflict } from '../sync/memory';
import { isWithin } from '../sync/path';
import type { Replica } from '../sync/replica';
import type { Resolution } from '../sync/resolve';
import type { RunResult } from '../sync/run';
import { takingsOf } from '../sync/word';
import type { Word } from '../sync/word';
import { ProjectsError } from '../tokens';
import type { ConflictChoice, FileStatus, SyncReport } from '../tokens';
import { activityOf } from './activity-of';
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

  /** Holds for what was stopped last; where nothing was, there is nothing that the word is for. */
  async approve(project: LocalProject): Promise<SyncReport> {
    const takings = this.#stopped.get(project.id) ?? new Set<string>();
    return (await this.#run(project, { word: { kind: 'approve', takings } })).report;
  }

  async restore(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { word: { kind: 'restore' } })).report;
  }

  async preview(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, { dryRun: true })).report;
  }

  /** Looks at both sides, and tells each file's status. */
  async status(project: LocalProject): Promise<readonly FileStatus[]> {
    const isSyncing = this.#options.runs.isRunning(project.id);
    const { sight, report, conflicts } = await this.#run(project, { dryRun: true });
    if (!sight) {
      const { stopReason, problems } = report;
      const isReason = stopReason === 'offline' || stopReason === 'signed-out';
      throw new ProjectsError(
        isReason ? stopReason : 'failed',
        problems[0]?.message ?? 'The two sides could not be looked at. Try again.'
      );
    }
    return fileStatuses(sight, conflicts, isSyncing);
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
    const result = await runs.run(project.id, async () => {
      // Now that it is this page's turn: another may have synced while it waited.
      const store = await registry.requireStore();
      const now = registry.require({ projectId: project.id });
      const { conflictPolicy, ignore, syncHidden, stateFolder } = settings.current;
      return {
        ...errand,
        replicas: {
          local: this.#options.localReplica(now),
          cloud: this.#options.cloudReplica(now)
        },
        journal: store.journal(now.id),
        ignores: createIgnores({
          patterns: ignore,
          syncHidden,
          excluded: isWithin(stateFolder, now.path) ? [below(stateFolder, now.path)] : []
        }),
        conflictPolicy: (path: string) => (path === errand.keepBoth ? 'keep-both' : conflictPolicy),
        requests: () => counter.sent,
        now: () => performance.now(),
        onEnd: (ended: RunResult, previous: SyncReport | null) => this.#ended(now, ended, previous)
      };
    });
    return result;
  }

  #ended(project: LocalProject, result: RunResult, previous: SyncReport | null): void {
    const { registry, trans, onError } = this.#options;
    const { report, error, sight } = result;
    const { session, store } = registry;
    const at = new Date();
    if (error) {
      session.failed(error);
      onError(error);
    } else {
      session.answered();
    }
    if (report.dryRun) {
      return;
    }
    this.#stopped.delete(project.id);
    if (report.state === 'stopped' && sight) {
      this.#stopped.set(project.id, takingsOf(sight.plan));
    }
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
      store?.save().catch(onError);
    }
  }

  readonly #options: Syncing.IOptions;
  /** What the last stopped run of a project would have taken away. */
  readonly #stopped = new Map<string, ReadonlySet<string>>();
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

function conflictAt(conflicts: readonly Conflict[], path: string): Conflict | undefined {
  return conflicts.find(each => each.path === path) ?? conflicts.find(each => each.copy === path);
}

function below(path: string, folder: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}
