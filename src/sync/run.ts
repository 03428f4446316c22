import type { Side } from './entry';
import { execute, Tally } from './execute';
import type { Ignores } from './ignore';
import { Ledger } from './ledger';
import { look } from './look';
import type { Sight } from './look';
import type { Conflict, Journal, Memory } from './memory';
import type { Plan, Situation } from './plan';
import { ReplicaError } from './problem';
import type { Problem } from './problem';
import type { ConflictPolicy } from './reconcile';
import type { Replica } from './replica';
import { actionOf } from './report';
import type { Action, RunState, StopReason, SyncReport } from './report';

/** How often a run plans anew for what changed under it. */
const ROUNDS = 3;

export interface RunOptions {
  readonly projectId: string;
  readonly replicas: { readonly [side in Side]: Replica };
  readonly journal: Journal;
  readonly ignores: Ignores;
  readonly conflictPolicy: ConflictPolicy;
  readonly signal: AbortSignal;
  /** Plan, and change nothing. Default false. */
  readonly dryRun?: boolean;
  /** Hash everything again, on both sides. Default false. */
  readonly verify?: boolean;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Requests sent so far, by side; counted by whoever made the replicas. */
  readonly requests?: () => { readonly jupyter: number; readonly cloud: number };
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

/** What a run found and did. */
export interface RunResult {
  readonly report: SyncReport;
  /** The last look at both sides; null when there was none. */
  readonly sight: Sight | null;
}

/**
 * One run: look at both sides, plan, guard, execute, remember. Never rejects for what concerns a path or a side: that
 * is in the report. Rejects when the journal can't be read or written.
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
    return { report: this.#report(), sight: this.#sight };
  }

  async #rounds(): Promise<void> {
    for (let round = 1; round <= ROUNDS; round++) {
      this.#tally.changed.clear();
      await this.#round();
      if (this.#stop || this.#tally.changed.size === 0) {
        return;
      }
    }
    for (const path of this.#tally.changed) {
      const message =
        'This file kept changing while it was synced. It will be synced when it is quiet.';
      this.#tally.problems.push({ path, code: 'busy', message });
    }
  }

  async #round(): Promise<void> {
    const { journal, dryRun = false, verify = false } = this.#options;
    this.#progress('looking');
    const memory = await journal.load();
    this.#known = memory.conflicts;
    const ledger = new Ledger(journal, memory);
    const sight = await look(
      { ...this.#options, memory, verify },
      dryRun ? undefined : ledger
    );
    this.#sight = sight;
    this.#stop = sight.stop;
    this.#conflicts = openConflicts(memory, sight.situation, sight.plan);
    if (dryRun) {
      this.#tally.actions.push(...sight.plan.steps.map(actionOf));
      return;
    }
    if (rootIsGone(sight)) {
      return;
    }
    await this.#carryOut(sight.stop ? creationsOf(sight) : sight.plan, ledger);
  }

  async #carryOut(plan: Plan, ledger: Ledger): Promise<void> {
    const { journal, replicas, signal } = this.#options;
    this.#planned = plan;
    ledger.begin(plan);
    ledger.list(this.#conflicts, this.#known);
    try {
      this.#progress('transferring');
      await execute({
        plan,
        replicas,
        journal,
        ledger,
        signal,
        tally: this.#tally,
        onProgress: () => this.#progress('transferring')
      });
    } finally {
      // What was confirmed is remembered however the run ends.
      this.#progress('saving');
      await ledger.flush();
    }
  }

  #failWith(error: unknown): void {
    if (this.#options.signal.aborted) {
      this.#failure = {
        stopReason: null,
        problem: {
          path: '',
          code: 'cancelled',
          message: 'The sync was cancelled. What was done is kept; the next sync goes on.'
        }
      };
    } else if (error instanceof ReplicaError) {
      const isReason = error.code === 'offline' || error.code === 'signed-out';
      this.#failure = {
        stopReason: isReason ? error.code : null,
        problem: {
          path: '',
          code: error.code === 'unexpected-answer' ? 'failed' : error.code,
          message: error.message
        }
      };
    } else {
      throw error;
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
      conflicts: this.#conflicts,
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
      ...(this.#sight?.problems ?? []),
      ...(this.#sight?.plan.problems ?? []),
      ...this.#tally.problems
    ];
  }

  #progress(phase: RunProgress['phase']): void {
    const steps = this.#planned?.steps ?? [];
    this.#options.onProgress?.({
      phase,
      filesDone: this.#tally.stepsDone,
      filesTotal: steps.length,
      bytesDone: this.#tally.bytesUp + this.#tally.bytesDown,
      bytesTotal: steps.reduce((sum, step) => sum + actionOf(step).bytes, 0)
    });
  }

  #options: RunOptions;
  #started: number;
  #requestsBefore: { readonly jupyter: number; readonly cloud: number };
  #tally = new Tally();
  #sight: Sight | null = null;
  #planned: Plan | null = null;
  #known: readonly Conflict[] = [];
  #conflicts: readonly Conflict[] = [];
  #stop: StopReason | null = null;
  #failure: { readonly stopReason: StopReason | null; readonly problem: Problem } | null = null;
}

const NO_REQUESTS = { jupyter: 0, cloud: 0 };

function rootIsGone({ scans }: Sight): boolean {
  return (['local', 'cloud'] as const).some(
    side => scans[side].root === 'missing' || scans[side].root === 'not-directory'
  );
}

/** The part of a stopped plan that takes nothing away. */
function creationsOf({ plan, situation }: Sight): Plan {
  const isCreation = (path: string) => !situation.base.has(path);
  const isSafe = (path: string) =>
    plan.steps.every(
      step =>
        step.path !== path ||
        (step.kind !== 'delete' && !(step.kind === 'put' && step.expect) && !step.requires)
    );
  void isSafe;
  return { ...plan, steps: plan.steps.filter(step => isCreation(step.path)) };
}

/** Conflicts stay listed until the person has resolved them, or the copy is gone. */
function openConflicts(memory: Memory, situation: Situation, plan: Plan): Conflict[] {
  const planned = new Map(plan.conflicts.map(conflict => [keyOf(conflict), conflict]));
  const open = memory.conflicts.filter(
    conflict =>
      !planned.has(keyOf(conflict)) &&
      conflict.copy !== null &&
      (situation.local.has(conflict.copy) || situation.cloud.has(conflict.copy))
  );
  return [...open, ...planned.values()];
}

function keyOf({ path, copy }: Conflict): string {
  return JSON.stringify([path, copy]);
}

export type { Action };
