import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { ProjectsError } from '../tokens';
import type { Progress, SyncReport } from '../tokens';
import { ActiveRun } from './active-run';
import { outcomeOf } from './errand';
import type { Answer, Errand, Outcome } from './errand';
import type { Lease } from './lease';
import { leasedRun } from './leased-run';
import type { Prepared } from './leased-run';
import { Passing } from './passing';
import { cancelled, RunTurn } from './run-turn';
import { RunsElsewhere } from './runs-elsewhere';
import type { Request, TabMessage } from './tab-message';
import type { Tabs } from './tabs';

/**
 * The runs of all projects, one at a time: two at once would only share the same two servers. Those of the browser's other
 * pages are shown as if they were here, and carry out what is asked for here.
 */
export class Runs implements IDisposable {
  constructor(options: Runs.IOptions) {
    const { tabs } = options;
    this.#options = options;
    this.#elsewhere = new RunsElsewhere(tabs);
    this.#passing = new Passing({
      tabs,
      accepts: request => this.#performer?.accepts(request) ?? false,
      carryOut: request => this.#carryOut(request)
    });
    this.#elsewhere.ended.connect(this.#onEndedElsewhere, this);
    this.#elsewhere.changed.connect((_, projectId) => this.#changed.emit(projectId), this);
    this.#elsewhere.progressChanged.connect(
      (_, projectId) => this.#progressChanged.emit(projectId),
      this
    );
    tabs.heard.connect(this.#onHeard, this);
  }

  /** Fires with the project's id when a run of it begins or ends. */
  get changed(): ISignal<this, string> {
    return this.#changed;
  }

  get progressChanged(): ISignal<this, string> {
    return this.#progressChanged;
  }

  /** Fires with what came of a run in another page, before `changed` does. */
  get endedElsewhere(): ISignal<this, RunsElsewhere.Ended> {
    return this.#endedElsewhere;
  }

  progress(projectId: string): Progress | null {
    const own = this.#active?.projectId === projectId ? this.#active.progress : null;
    const theirs = own && own.phase !== 'waiting' ? null : this.#elsewhere.progress(projectId);
    return theirs ?? own;
  }

  /** In whichever page. */
  isRunning(projectId: string): boolean {
    return this.progress(projectId) !== null;
  }

  /** In this page, whose saves are then the engine's own. */
  isRunningHere(projectId: string): boolean {
    return this.#active?.projectId === projectId;
  }

  /** The report of the last run that was not dry, in whichever page; null when there was none. */
  lastReport(projectId: string): SyncReport | null {
    return this.#reports.get(projectId) ?? null;
  }

  /** Stops the project's run, and each that waits for its turn, in all pages. */
  cancel(projectId: string): void {
    this.#cancelHere(projectId);
    this.#options.tabs.tell({ kind: 'cancel', projectId });
  }

  /** Cancels, and resolves when no run of the project is under way here. */
  async settle(projectId: string): Promise<void> {
    this.cancel(projectId);
    await Promise.all(this.#turnsOf(projectId).map(({ ended }) => ended));
  }

  /**
   * Does the work while no run of the project is under way: those that there are, are cancelled; those that come, wait.
   * What was known of the project is forgotten then.
   */
  async apart<T>(projectId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#apart.get(projectId) ?? Promise.resolve();
    const done = before
      .then(() => this.settle(projectId))
      .then(work)
      .then(value => {
        this.#reports.delete(projectId);
        return value;
      });
    const ended = done.then(ignore, ignore);
    this.#apart.set(projectId, ended);
    try {
      return await done;
    } finally {
      if (this.#apart.get(projectId) === ended) {
        this.#apart.delete(projectId);
      }
    }
  }

  /** Who carries out what other pages ask for. */
  performBy(performer: Runs.IPerformer): void {
    this.#performer = performer;
  }

  /**
   * Runs when those before are done. `prepare` is called then, so that a run sees the world as it is at its start.
   * A dry run is no run to a person: it has no progress, and leaves no report. One that was cancelled before its turn
   * came prepares nothing.
   *
   * @param request - lets another page that has the turn carry it out; whoever comes to it first
   */
  async run(
    projectId: string,
    errand: Errand,
    prepare: () => Promise<Prepared>,
    request?: Request
  ): Promise<RunTurn.Ended> {
    const turn = new RunTurn(projectId);
    this.#turns.add(turn);
    const work = () => this.#inTurn(turn, errand, prepare, request);
    this.#last = this.#last.then(work);
    try {
      return await turn.outcome;
    } finally {
      this.#turns.delete(turn);
    }
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    for (const { controller } of this.#turns) {
      controller.abort();
    }
    this.#elsewhere.dispose();
    this.#passing.dispose();
    // The run that ends gives it back first.
    void this.#last.then(() => this.#options.lease.dispose());
    Signal.clearData(this);
  }

  /** Resolves in any case: what goes wrong is the turn's outcome. */
  async #inTurn(
    turn: RunTurn,
    errand: Errand,
    prepare: () => Promise<Prepared>,
    request: Request | undefined
  ): Promise<void> {
    const asked = request && this.#passing.ask(request, answer => accept(turn, answer));
    try {
      await this.#options.tabs.turn(async () => {
        await asked?.settled();
        if (!turn.isDone) {
          await this.#passing.inTurn(() => this.#runNow(turn, errand, prepare));
        }
      });
    } catch (error) {
      turn.reject(error);
    } finally {
      asked?.forget();
    }
  }

  async #carryOut({ projectId, errand }: Request): Promise<Answer> {
    const turn = new RunTurn(projectId);
    this.#turns.add(turn);
    try {
      const prepare = () => this.#performer!.prepare(projectId, errand);
      await this.#runNow(turn, errand, prepare);
      const { report, conflicts } = await turn.outcome;
      return { report, conflicts };
    } finally {
      this.#turns.delete(turn);
    }
  }

  async #runNow(turn: RunTurn, errand: Errand, prepare: () => Promise<Prepared>): Promise<void> {
    const { projectId, controller } = turn;
    while (this.#apart.has(projectId)) {
      await this.#apart.get(projectId);
    }
    if (controller.signal.aborted || this.#isDisposed) {
      turn.resolve(cancelled(projectId));
      return;
    }
    const done = this.#runPrepared(turn, errand, prepare);
    turn.ended = done.then(ignore, ignore);
    try {
      turn.resolve(await done);
    } catch (error) {
      turn.reject(error);
    }
  }

  async #runPrepared(
    { projectId, controller }: RunTurn,
    errand: Errand,
    prepare: () => Promise<Prepared>
  ): Promise<RunTurn.Ended> {
    const { tabs, lease } = this.#options;
    const isDry = errand.dryRun === true;
    let outcome: Outcome | null = null;
    try {
      const result = await leasedRun({
        projectId,
        lease,
        prepare,
        signal: controller.signal,
        onStart: ({ now }) => {
          if (!isDry && !this.#active) {
            this.#active = new ActiveRun({
              tabs,
              projectId,
              now,
              onPace: () => this.#progressChanged.emit(projectId)
            });
            this.#changed.emit(projectId);
          }
        },
        onProgress: progress => {
          if (!isDry && this.#active?.tell(progress)) {
            this.#progressChanged.emit(projectId);
          }
        },
        onEnd: async (prepared, ended) => {
          outcome = outcomeOf(ended, errand);
          await prepared.onEnd(ended, this.lastReport(projectId));
          if (!isDry) {
            this.#reports.set(projectId, ended.report);
          }
        }
      });
      return result ? { ...result, isPassed: false } : cancelled(projectId);
    } finally {
      if (!isDry) {
        this.#active?.end(outcome);
        this.#active = null;
        this.#progressChanged.emit(projectId);
        this.#changed.emit(projectId);
      }
    }
  }

  #cancelHere(projectId: string): void {
    this.#passing.drop(projectId);
    for (const turn of this.#turnsOf(projectId)) {
      turn.controller.abort();
    }
  }

  #onHeard(_: Tabs, message: TabMessage): void {
    if (message.kind === 'cancel') {
      this.#cancelHere(message.projectId);
    }
  }

  #onEndedElsewhere(_: RunsElsewhere, ended: RunsElsewhere.Ended): void {
    this.#reports.set(ended.projectId, ended.outcome.report);
    this.#endedElsewhere.emit(ended);
  }

  #turnsOf(projectId: string): RunTurn[] {
    return [...this.#turns].filter(turn => turn.projectId === projectId);
  }

  readonly #options: Runs.IOptions;
  readonly #elsewhere: RunsElsewhere;
  readonly #passing: Passing;
  readonly #changed = new Signal<this, string>(this);
  readonly #progressChanged = new Signal<this, string>(this);
  readonly #endedElsewhere = new Signal<this, RunsElsewhere.Ended>(this);
  readonly #reports = new Map<string, SyncReport>();
  /** Those under way, and those that wait. */
  readonly #turns = new Set<RunTurn>();
  /** Projects that are worked on while none of their runs may be under way; resolves when that is done. */
  readonly #apart = new Map<string, Promise<void>>();
  #performer: Runs.IPerformer | null = null;
  #active: ActiveRun | null = null;
  #last: Promise<void> = Promise.resolve();
  #isDisposed = false;
}

export namespace Runs {
  export interface IOptions {
    readonly tabs: Tabs;
    readonly lease: Lease;
  }

  export interface IPerformer {
    /** Whether this page would come to the same as the one that asks. */
    accepts(request: Request): boolean;
    prepare(projectId: string, errand: Errand): Promise<Prepared>;
  }
}

function accept(turn: RunTurn, answer: Answer | ProjectsError): void {
  if (answer instanceof ProjectsError) {
    turn.reject(answer);
  } else {
    turn.resolve({ ...answer, sight: null, isPassed: true });
  }
}

function ignore(): void {}
