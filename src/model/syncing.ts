import type { TranslationBundle } from '@jupyterlab/translation';

import { CloudError } from '../cloud/errors';
import { RulesChanged } from '../cloud/shared-rules';
import { HelperError } from '../local/helper/helper-error';
import type { LocalProject } from '../state/local-project';
import { breather } from '../sync/breathe';
import type { Drafts } from '../sync/drafts';
import type { Side } from '../sync/entry';
import type { Conflict } from '../sync/memory';
import { joinPath } from '../sync/path';
import type { Situation, Step } from '../sync/plan';
import type { Replica } from '../sync/replica';
import type { StopReason } from '../sync/report';
import type { Carried, RunResult } from '../sync/run';
import { trans } from '../sync/words';
import { ProjectsError } from '../tokens';
import type { ConflictChoice, FileStatus, SyncReport } from '../tokens';
import { activityOf } from './activity-of';
import type { CloudSession } from './cloud-session';
import { outcomeOf } from './errand';
import type { Errand, Outcome } from './errand';
import { rethrow } from './errors';
import { joined } from './joined';
import { KnownFiles } from './known-files';
import type { Prepared } from './leased-run';
import type { Scope } from './pending';
import { conflictAt } from './open-conflict';
import type { ProjectIgnores } from './project-ignores';
import type { Registry } from './registry';
import type { RequestCounter } from './request-counter';
import type { RunTurn } from './run-turn';
import type { Runs } from './runs';
import type { SettingsSource } from './settings';
import type { SharedDrafts } from './shared-drafts';
import type { Identity } from './tab-message';

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
    const { runs } = options;
    runs.performBy({
      accepts: ({ identity }) => JSON.stringify(identity) === JSON.stringify(this.#identity()),
      prepare: (projectId, errand) => this.#prepare(projectId, errand)
    });
    runs.changed.connect((_, projectId) => {
      if (!runs.isRunningHere(projectId)) {
        this.files.rest(projectId);
      }
    });
    runs.endedElsewhere.connect((_, { projectId, outcome }) => this.#noteStop(projectId, outcome));
  }

  /** What is known of the files of each project. */
  readonly files = new KnownFiles();

  async sync(project: LocalProject): Promise<SyncReport> {
    return (await this.#run(project, {})).report;
  }

  /** A sync that the person did not ask for. */
  async syncUnasked(project: LocalProject, scope?: Scope): Promise<SyncReport> {
    const { only, busy } = scope ?? {};
    return (
      await this.#run(project, { unasked: true, ...(only && { only }), ...(busy && { busy }) })
    ).report;
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
    this.files.forget(projectId);
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

  /** Each file's status: as the run has it that carries out a plan at this moment, else by a look at both sides. */
  async status(project: LocalProject): Promise<readonly FileStatus[]> {
    const running = await this.#whileCarriedOut(project.id);
    if (running) {
      return running;
    }
    const { sight, report } = await this.#run(project, { dryRun: true });
    const found = this.files.of(project.id);
    if (!sight || !found) {
      const { stopReason, problems } = report;
      const isReason = stopReason === 'offline' || stopReason === 'signed-out';
      throw new ProjectsError(
        isReason ? stopReason : 'failed',
        problems[0]?.message ?? trans.__('The two sides could not be looked at. Try again.')
      );
    }
    return found;
  }

  /** Both sides as they are when no sync is under way, and the conflicts that are open. Changes nothing. */
  async look(project: LocalProject): Promise<Syncing.ILook> {
    const { sight, report, conflicts } = await this.#run(project, { dryRun: true });
    if (!sight) {
      const { stopReason, problems } = report;
      const isReason = stopReason === 'offline' || stopReason === 'signed-out';
      throw new ProjectsError(
        isReason ? stopReason : 'failed',
        problems[0]?.message ?? trans.__('The two sides could not be looked at. Try again.')
      );
    }
    return { situation: sight.situation, conflicts };
  }

  /** The two sides, for what is no run: reading, and writes that check their precondition in the same step. */
  async replicas(project: LocalProject): Promise<{ readonly [side in Side]: Replica }> {
    const { localReplica, cloudReplica } = this.#options;
    return { local: await localReplica(project), cloud: cloudReplica(project) };
  }

  /** Whether an open document holds unsaved work on the file. */
  isDraft(project: LocalProject, path: string): boolean {
    return this.#options.drafts.has(joinPath(project.path, path));
  }

  /**
   * Carries out the choice after an ordinary sync that keeps this conflict as two files: whatever the choice takes away
   * is a version in the cloud by then.
   */
  async resolve(project: LocalProject, path: string, choice: ConflictChoice): Promise<SyncReport> {
    const isDraft = this.isDraft(project, path);
    if (isDraft && choice !== 'keep-cloud') {
      throw new ProjectsError(
        'failed',
        trans.__(
          '“%1” has unsaved changes in an open document. Save it, or close it without saving; then choose again.',
          path
        )
      );
    }
    const before = await this.#run(project, { keepBoth: path });
    const isUsable = before.report.state !== 'failed' && before.report.state !== 'stopped';
    if (!isUsable) {
      return before.report;
    }
    const conflict = conflictAt(before.conflicts, path);
    if (!conflict && isDraft) {
      return before.report;
    }
    if (!conflict) {
      throw new ProjectsError('not-found', trans.__('There is no open conflict at “%1”.', path));
    }
    const after = await this.#run(project, { resolution: { conflict, choice } });
    return joined(before.report, after.report);
  }

  /** Waits until a run of this page has planned; null when none carries anything out then. */
  async #whileCarriedOut(projectId: string): Promise<readonly FileStatus[] | null> {
    const { runs } = this.#options;
    if (runs.isRunningHere(projectId) && !this.files.isCarriedOut(projectId)) {
      await new Promise<void>(resolve => {
        const slot = (_: unknown, changed: string): void => {
          if (changed === projectId) {
            runs.changed.disconnect(slot);
            this.files.changed.disconnect(slot);
            resolve();
          }
        };
        runs.changed.connect(slot);
        this.files.changed.connect(slot);
      });
    }
    return this.files.isCarriedOut(projectId) ? this.files.of(projectId) : null;
  }

  async #run({ id }: LocalProject, errand: Errand): Promise<RunTurn.Ended> {
    const { registry, runs } = this.#options;
    const identity = this.#identity();
    const isForOthers = identity !== null && errand.dryRun !== true && errand.unasked !== true;
    const request = isForOthers ? { projectId: id, errand, identity } : undefined;
    const ended = await runs
      .run(id, errand, () => this.#prepare(id, errand), request)
      .catch(rethrow);
    if (ended.isPassed) {
      // What the other page saved is shown here before its report is given.
      await registry.requireStore();
    }
    return ended;
  }

  /** null while the cloud does not answer this page: what another would come to is another matter. */
  #identity(): Identity | null {
    const { connection, cloudUrl, account } = this.#options.registry.session;
    return connection === 'online' && account ? { cloudUrl, accountId: account.id } : null;
  }

  async #prepare(projectId: string, errand: Errand): Promise<Prepared> {
    const { registry, counter, settings } = this.#options;
    // Now that it is this page's turn: another may have synced while it waited.
    const store = await registry.requireStore();
    const { reloads } = store;
    const now = registry.require({ projectId });
    const { session } = registry;
    const { conflictPolicy } = settings.current;
    return {
      ...errand,
      replicas: {
        local: await this.#options.localReplica(now),
        cloud: this.#options.cloudReplica(now)
      },
      journal: store.journal(now.id),
      ignores: this.#options.ignores.of(now),
      conflictPolicy: (path: string) => (path === errand.keepBoth ? 'keep-both' : conflictPolicy),
      drafts: draftsIn(now, this.#options.drafts, errand.keepBoth),
      requests: () => counter.sent,
      breathe: breather(),
      ...(errand.dryRun !== true && {
        onPlan: (carried: Carried) => this.files.planned(projectId, carried),
        onApplied: (step: Step) => this.files.applied(projectId, step)
      }),
      now: () => performance.now(),
      catchUp: () => registry.catchUp(),
      isOvertaken: ({ error }) => {
        if (error instanceof HelperError) {
          this.#options.onHelperFailed(error);
        }
        return error instanceof HelperError || error instanceof RulesChanged;
      },
      isCurrent: () => store.reloads === reloads,
      onEnd: (result, previous) => this.#ended({ project: now, session, errand, result, previous })
    };
  }

  async #ended({ project, session, errand, result, previous }: Ended): Promise<void> {
    const { registry, trans, onError } = this.#options;
    const { report, error } = result;
    const { store } = registry;
    const at = new Date();
    if (errand.changes === undefined) {
      this.files.ended(project.id, result);
    } else {
      // It has planned for one side alone.
      this.files.forget(project.id);
    }
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
    this.#noteStop(project.id, outcomeOf(result, errand));
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
      // The log's lines are written before the report is given: nothing goes on behind it.
      await store?.save().catch(onError);
    }
  }

  /** A person answers what they saw: a run that they did not ask for adds nothing to the question. */
  #noteStop(projectId: string, { report, takings, unasked }: Outcome): void {
    if (report.state === 'failed') {
      return;
    }
    if (report.state !== 'stopped' || !takings) {
      this.#stopped.delete(projectId);
      return;
    }
    const reason = report.stopReason;
    if (!unasked || this.#stopped.get(projectId)?.reason !== reason) {
      this.#stopped.set(projectId, { reason, takings });
    }
  }

  readonly #options: Syncing.IOptions;
  /** By the project's id. */
  readonly #stopped = new Map<string, Stopped>();
}

export namespace Syncing {
  export interface ILook {
    readonly situation: Situation;
    readonly conflicts: readonly Conflict[];
  }

  export interface IOptions {
    readonly registry: Registry;
    readonly runs: Runs;
    readonly settings: SettingsSource;
    readonly counter: RequestCounter;
    readonly localReplica: (project: LocalProject) => Replica | Promise<Replica>;
    readonly cloudReplica: (project: LocalProject) => Replica;
    /** The local replica threw a `HelperError`: it must be another one from now on. */
    readonly onHelperFailed: (error: HelperError) => void;
    /** The cloud's replica throws `RulesChanged` where the rules that all devices share are others by now. */
    readonly ignores: ProjectIgnores;
    /** No change goes under unsaved work that it does not go together with. */
    readonly drafts: SharedDrafts;
    readonly trans: TranslationBundle;
    readonly onError: (error: unknown) => void;
  }
}

interface Ended {
  readonly project: LocalProject;
  /** That of the run's start. */
  readonly session: CloudSession;
  readonly errand: Errand;
  readonly result: RunResult;
  readonly previous: SyncReport | null;
}

/** Those in a project's folder; what the person decided on is theirs to lose. */
function draftsIn({ path: folder }: LocalProject, drafts: SharedDrafts, decided?: string): Drafts {
  return {
    has: path => path !== decided && drafts.has(joinPath(folder, path)),
    admits: (path, content) => drafts.admits(joinPath(folder, path), content)
  };
}
