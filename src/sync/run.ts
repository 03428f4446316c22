import type { Breathe } from './breathe';
import type { Side } from './entry';
import type { Drafts } from './drafts';
import { execute, Tally } from './execute';
import { filesOf } from './guard';
import type { Past } from './guard';
import type { Ignores } from './ignore';
import { Ledger } from './ledger';
import { look } from './look';
import type { Sight } from './look';
import type { Conflict, Journal, Memory } from './memory';
import type { Plan, Situation, Step } from './plan';
import { ReplicaError } from './problem';
import type { Problem, ProblemCode } from './problem';
import type { ConflictPolicy } from './reconcile';
import type { Replica } from './replica';
import { actionOf } from './report';
import { resolutionPlan, whyNoChoice } from './resolve';
import type { Resolution } from './resolve';
import type { Word } from './word';
import type { RunState, StopReason, SyncReport } from './report';
import { trans } from './words';

/** How often a run plans anew for what changed under it. */
const ROUNDS = 3;

export interface RunOptions {
  readonly projectId: string;
  readonly replicas: { readonly [side in Side]: Replica };
  readonly journal: Journal;
  readonly ignores: Ignores;
  readonly conflictPolicy: (path: string) => ConflictPolicy;
  /** Carry out a person's choice, and nothing else. */
  readonly resolution?: Resolution;
  readonly signal: AbortSignal;
  /** Plan, and change nothing. Default false. */
  readonly dryRun?: boolean;
  /** Hash everything again, on both sides. Default false. */
  readonly verify?: boolean;
  /** The only side that may be changed. Default: both may. */
  readonly changes?: Side;
  /**
   * The only paths of the local side that may have changed since it was last looked at, as far as is known. Default: all. What is
   * met otherwise is looked at whole before anything else is done.
   */
  readonly only?: readonly string[];
  /** Files of the local side that are being written at this moment: left as they are. */
  readonly busy?: readonly string[];
  /** Unsaved work on files of the local side: no change goes under it that it does not go together with. Default: there is none. */
  readonly drafts?: Drafts;
  /** What the person said to a run that was stopped. */
  readonly word?: Word;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told of each plan before its first step. */
  readonly onPlan?: (carried: Carried) => void;
  /** Told of each step that was applied. */
  readonly onApplied?: (step: Step) => void;
  /** Requests sent so far, by side; counted by whoever made the replicas. */
  readonly requests?: () => { readonly jupyter: number; readonly cloud: number };
  /** Awaited between the pieces of long work. Default: nothing comes in between. */
  readonly breathe?: Breathe;
  /** A clock in ms, for `durationMs` alone. */
  readonly now: () => number;
}

/** How far a run is. */
export interface RunProgress {
  readonly phase: 'looking' | 'transferring' | 'saving';
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** A plan that is to be carried out, and what it was made from. */
export interface Carried {
  readonly sight: Sight;
  /** All of the sight's plan, a part of it, or what a person's choice led to. */
  readonly plan: Plan;
  /** Those that are open. */
  readonly conflicts: readonly Conflict[];
}

/** What a run found and did. */
export interface RunResult {
  readonly report: SyncReport;
  /** What ended the run early; null when nothing did. The report says it in words. */
  readonly error: unknown;
  /** The last look at both sides; null when there was none. */
  readonly sight: Sight | null;
  /** Those that are open. */
  readonly conflicts: readonly Conflict[];
}

/**
 * One run: look at both sides, plan, guard, execute, remember. Never rejects: whatever went wrong is in the report.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  return new Run(options).result();
}

class Run {
  constructor(options: RunOptions) {
    this.#options = options;
    this.#started = options.now();
    this.#requestsBefore = options.requests?.() ?? NO_REQUESTS;
  }

  async result(): Promise<RunResult> {
    try {
      await this.#rounds();
    } catch (error) {
      this.#failWith(error);
    }
    const error = this.#failure?.error ?? null;
    return { report: this.#report(), error, sight: this.#sight, conflicts: this.#conflicts };
  }

  async #rounds(): Promise<void> {
    for (let round = 1; round <= ROUNDS; round++) {
      this.#tally.changed.clear();
      await this.#round(round);
      if (this.#stop || this.#tally.changed.size === 0) {
        return;
      }
    }
    for (const path of this.#tally.changed) {
      const message = trans.__(
        'This file kept changing while it was synced. It will be synced when it is quiet.'
      );
      this.#tally.problems.push({ path, code: 'busy', message });
    }
  }

  async #round(round: number): Promise<void> {
    this.#tally.problems.length = 0;
    this.#tally.stepsDone = 0;
    const { journal, dryRun = false, verify = false, only, ...options } = this.#options;
    this.#progress('looking');
    const memory = await journal.load();
    this.#known = memory.conflicts;
    this.#intended = new Set(memory.intents.map(({ path }) => path));
    const ledger = new Ledger(journal, memory);
    const sight = await look(
      {
        ...options,
        memory,
        verify,
        respells: round < ROUNDS,
        past: this.#past,
        // What was met otherwise than it was known calls for a look at everything.
        ...(only && round === 1 && { only })
      },
      dryRun ? undefined : ledger
    );
    this.#sight = sight;
    for (const problem of sight.problems.filter(({ code }) => code === 'interrupted')) {
      // It is settled with this look: no later one tells of it.
      this.#interrupted.set(problem.path, problem);
    }
    this.#past ??= {
      baseFiles: filesOf(sight.situation.base).length,
      steps: this.#tally.steps
    };
    this.#stop = sight.stop;
    this.#conflicts = openConflicts(memory, sight.situation, sight.plan);
    if (dryRun) {
      this.#tally.actions.push(...sight.plan.steps.map(actionOf));
      return;
    }
    const { resolution } = this.#options;
    if (resolution) {
      await this.#resolve(resolution, sight, ledger);
    } else if (!sight.stop) {
      await this.#carryOut(sight, sight.plan, ledger);
      sight.plan.waiting?.forEach(path => this.#tally.changed.add(path));
    } else if (isPlaceToCreate(sight.stop)) {
      await this.#carryOut(sight, creationsOf(sight.plan), ledger);
    }
    // Else nothing is remembered either: a look that was stopped must be stopped again the next time.
  }

  async #resolve(resolution: Resolution, sight: Sight, ledger: Ledger): Promise<void> {
    const { path } = resolution.conflict;
    const refusal = whyNoChoice(sight.situation, resolution);
    const plan = sight.stop || refusal ? null : resolutionPlan(sight.situation, resolution);
    if (!plan) {
      const message =
        refusal ??
        trans.__('The two sides differ at this file again. Sync, then choose once more.');
      this.#tally.problems.push({ path, code: refusal ? 'failed' : 'busy', message });
      return;
    }
    const others = this.#conflicts.filter(
      conflict => keyOf(conflict) !== keyOf(resolution.conflict)
    );
    await this.#carryOut(sight, plan, ledger, () => {
      if ([...plan.goals.keys()].every(goal => ledger.isConfirmed(goal))) {
        this.#conflicts = others;
      }
    });
  }

  async #carryOut(sight: Sight, plan: Plan, ledger: Ledger, onDone?: () => void): Promise<void> {
    const { journal, replicas, signal, breathe, onPlan, onApplied } = this.#options;
    await breathe?.();
    this.#filesTotal = plan.steps.length;
    this.#bytesTotal += plan.steps.reduce((sum, step) => sum + actionOf(step).bytes, 0);
    ledger.begin(plan);
    onPlan?.({ sight, plan, conflicts: this.#conflicts });
    await breathe?.();
    try {
      this.#progress('transferring');
      await execute({
        plan,
        replicas,
        journal,
        ledger,
        intended: this.#intended,
        signal,
        tally: this.#tally,
        ...(breathe && { breathe }),
        ...(onApplied && { onApplied }),
        onProgress: () => this.#progress('transferring')
      });
      onDone?.();
    } finally {
      // What was confirmed is remembered however the run ends.
      this.#progress('saving');
      ledger.list(this.#conflicts, this.#known);
      await ledger.flush();
    }
  }

  #failWith(error: unknown): void {
    const fail = (code: ProblemCode, message: string, stopReason: StopReason | null = null) => {
      this.#failure = { error, stopReason, problem: { path: '', code, message } };
    };
    const message = error instanceof Error ? error.message : String(error);
    if (this.#options.signal.aborted) {
      fail(
        'cancelled',
        trans.__('The sync was cancelled. What was done is kept; the next sync goes on.')
      );
    } else if (!(error instanceof ReplicaError)) {
      fail('failed', message);
    } else if (error.code === 'offline' || error.code === 'signed-out') {
      fail(error.code, message, error.code);
    } else {
      fail(error.code === 'forbidden' ? 'forbidden' : 'failed', message);
    }
  }

  #report(): SyncReport {
    const { projectId, dryRun = false, now, requests } = this.#options;
    const { actions, bytesUp, bytesDown } = this.#tally;
    const sent = requests?.() ?? NO_REQUESTS;
    const problems = this.#problems();
    return {
      projectId,
      dryRun,
      state: this.#state(problems),
      stopReason: this.#failure?.stopReason ?? this.#stop,
      actions,
      conflicts: this.#conflicts.map(({ path, copy, reason }) => ({ path, copy, reason })),
      problems,
      bytesUp,
      bytesDown,
      requests: {
        jupyter: sent.jupyter - this.#requestsBefore.jupyter,
        cloud: sent.cloud - this.#requestsBefore.cloud
      },
      durationMs: Math.round(now() - this.#started)
    };
  }

  #state(problems: readonly Problem[]): RunState {
    if (this.#failure) {
      return 'failed';
    }
    if (this.#stop) {
      return 'stopped';
    }
    if (problems.length > 0) {
      return 'partial';
    }
    return this.#conflicts.length > 0 ? 'conflicts' : 'synced';
  }

  #problems(): Problem[] {
    return [
      ...(this.#failure ? [this.#failure.problem] : []),
      ...this.#interrupted.values(),
      ...(this.#sight?.problems ?? []).filter(({ code }) => code !== 'interrupted'),
      ...(this.#sight?.plan.problems ?? []),
      ...this.#tally.problems
    ];
  }

  #progress(phase: RunProgress['phase']): void {
    this.#options.onProgress?.({
      phase,
      filesDone: this.#tally.stepsDone,
      filesTotal: this.#filesTotal,
      bytesDone: this.#tally.bytesUp + this.#tally.bytesDown,
      bytesTotal: this.#bytesTotal
    });
  }

  #options: RunOptions;
  #started: number;
  #requestsBefore: { readonly jupyter: number; readonly cloud: number };
  #tally = new Tally();
  #sight: Sight | null = null;
  /** Files that may be cut short for good, by path. */
  readonly #interrupted = new Map<string, Problem>();
  #past: Past | undefined;
  #filesTotal = 0;
  #bytesTotal = 0;
  #known: readonly Conflict[] = [];
  /** Paths with intents at the start of the round. */
  #intended: ReadonlySet<string> = new Set();
  #conflicts: readonly Conflict[] = [];
  #stop: StopReason | null = null;
  #failure: Failure | null = null;
}

interface Failure {
  readonly error: unknown;
  readonly stopReason: StopReason | null;
  readonly problem: Problem;
}

const NO_REQUESTS = { jupyter: 0, cloud: 0 };

/** A root that isn't what it was is no place to create anything. */
function isPlaceToCreate(stop: StopReason): boolean {
  return stop === 'mass-delete' || stop === 'all-changed';
}

/** The part of a stopped plan that takes nothing away: files and folders that are new, where nothing is in their place. */
function creationsOf({ steps, goals }: Plan): Plan {
  const unsafe = new Set(steps.filter(step => !isCreation(step)).map(step => step.path));
  const creations = steps.filter(step => !unsafe.has(step.path));
  return {
    steps: creations,
    goals: new Map(creations.map(({ path }) => [path, goals.get(path) ?? null])),
    conflicts: [],
    problems: []
  };
}

function isCreation(step: Step): boolean {
  return (
    step.requires === undefined && (step.kind === 'mkdir' || (step.kind === 'put' && !step.expect))
  );
}

/** Conflicts stay listed until the person has resolved them, or the copy is gone. */
function openConflicts(memory: Memory, situation: Situation, plan: Plan): Conflict[] {
  const planned = new Map(
    plan.conflicts.map(({ path, copy, reason, base }) => [
      keyOf({ path, copy, reason }),
      { path, copy, reason, ...(base !== undefined && { base }) }
    ])
  );
  const open = memory.conflicts.filter(
    conflict =>
      !planned.has(keyOf(conflict)) &&
      conflict.copy !== null &&
      plan.goals.get(conflict.copy) !== null &&
      (situation.local.has(conflict.copy) || situation.cloud.has(conflict.copy))
  );
  return [...open, ...planned.values()];
}

function keyOf({ path, copy }: Conflict): string {
  return JSON.stringify([path, copy]);
}
