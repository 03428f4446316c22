import { batchesOf, forEachLimited } from './batches';
import type { Breathe } from './breathe';
import { isConflictName } from './conflict-name';
import type { Side } from './entry';
import type { Ledger } from './ledger';
import type { Intent, Journal } from './memory';
import { stagesOf } from './order';
import type { Stages } from './order';
import type { DeleteStep, HeldSource, MkdirStep, MoveStep, Plan, PutStep, Step } from './plan';
import type { Problem } from './problem';
import type { Operation, Outcome, ReadResult, Replica } from './replica';
import { actionOf } from './report';
import type { Action } from './report';

/** What travels in one batch, and how many batches are under way in each direction. */
const BATCH = { items: 200, bytes: 16 * 1024 * 1024 };
const BATCHES_AT_ONCE = 2;
const OPERATIONS = { items: 500, bytes: Infinity };

export interface Execution {
  readonly plan: Plan;
  readonly replicas: { readonly [side in Side]: Replica };
  readonly journal: Journal;
  readonly ledger: Ledger;
  /** Paths that were about to be written before: a page that is gone may still be doing it. */
  readonly intended: ReadonlySet<string>;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** Awaited between the pieces of long work. Default: nothing comes in between. */
  readonly breathe?: Breathe;
  readonly onApplied?: (step: Step) => void;
  /** Called as steps end and bytes move. */
  readonly onProgress: () => void;
}

/** What a run did; grows while it goes on. */
export class Tally {
  readonly actions: Action[] = [];
  /** The steps behind the actions. */
  readonly steps: Step[] = [];
  readonly problems: Problem[] = [];
  /** Paths whose precondition did not hold: to be planned anew. */
  readonly changed = new Set<string>();
  /** Content bytes sent to and had from the cloud. */
  bytesUp = 0;
  bytesDown = 0;
  stepsDone = 0;
}

/**
 * Does a plan's steps, each with its precondition. What was applied is in the ledger and the tally, also when this
 * throws.
 */
export async function execute(execution: Execution): Promise<void> {
  await new Executor(execution).run();
}

class Executor {
  constructor(execution: Execution) {
    this.#it = execution;
  }

  async run(): Promise<void> {
    const stages = stagesOf(this.#it.plan);
    await this.#it.breathe?.();
    await this.#intend([...stages.keep, ...stages.put.flat()]);
    try {
      await this.#carryOut(stages);
    } finally {
      this.#settleUnwritten();
    }
  }

  async #carryOut(stages: Stages): Promise<void> {
    await this.#putAll(stages.keep);
    for (const steps of [...stages.clear, ...stages.arrange]) {
      await this.#changeAll(steps);
    }
    for (const steps of stages.put) {
      await this.#putAll(steps);
    }
    for (const steps of stages.drop) {
      await this.#changeAll(steps);
    }
  }

  /** Where a write can be cut short, a crash from here on finds what was about to be written. */
  async #intend(puts: readonly PutStep[]): Promise<void> {
    const intents = puts.filter(step => !this.#it.replicas[step.side].atomic).map(intentOf);
    if (intents.length > 0) {
      await this.#it.journal.intend(intents);
      const paths = intents.map(({ path }) => path);
      this.#unwritten = new Set(paths.filter(path => !this.#it.intended.has(path)));
      this.#it.ledger.intended(paths);
    }
  }

  /**
   * Whether nobody else can be writing there what we were to write. Under a conflict copy's name, and where something was about to be
   * written before, what is found may be the start of it, by a page that went.
   */
  #isOurs(path: string): boolean {
    return !isConflictName(path) && !this.#it.intended.has(path);
  }

  /** Of a write that never began, the next run must not think that it was cut short. */
  #settleUnwritten(): void {
    for (const path of this.#unwritten) {
      this.#it.ledger.settle(path);
    }
  }

  async #putAll(puts: readonly PutStep[]): Promise<void> {
    const directions = new Map<string, PutStep[]>();
    for (const step of puts) {
      const direction = `${step.source.side} to ${step.side}`;
      const steps = directions.get(direction);
      if (steps) {
        steps.push(step);
      } else {
        directions.set(direction, [step]);
      }
    }
    await forEachLimited(directions.values(), directions.size, steps =>
      forEachLimited(
        batchesOf(steps, step => step.source.entry.size, BATCH),
        BATCHES_AT_ONCE,
        batch => this.#unlessFailed(() => this.#putBatch(batch))
      )
    );
  }

  /** Once anything has failed as a whole, nothing more is begun, in whichever direction. */
  async #unlessFailed(work: () => Promise<void>): Promise<void> {
    if (this.#hasFailed) {
      return;
    }
    try {
      await work();
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  /** All of a batch goes from one side to one side. */
  async #putBatch(batch: readonly PutStep[]): Promise<void> {
    const steps = this.#ready(batch);
    const [first] = steps;
    if (!first) {
      return;
    }
    const results = await this.#read(steps);
    const read: PutStep[] = [];
    const operations: Operation[] = [];
    for (const [index, step] of steps.entries()) {
      const operation = this.#putOperation(step, results[index]);
      if (operation) {
        read.push(step);
        operations.push(operation);
      }
    }
    await this.#apply(first.side, read, operations);
  }

  /** All from one side, or all merged. */
  async #read(steps: readonly PutStep[]): Promise<ReadResult[]> {
    const held: HeldSource[] = [];
    const merged: ReadResult[] = [];
    for (const { source } of steps) {
      if (source.side === 'merge') {
        merged.push({ status: 'read', content: source.content, entry: source.entry });
      } else {
        held.push(source);
      }
    }
    const [first] = held;
    if (!first) {
      return merged;
    }
    return this.#it.replicas[first.side].read(held, {
      signal: this.#it.signal,
      ...(first.side === 'cloud' && { onBytes: this.#onDownload })
    });
  }

  #putOperation(step: PutStep, result: ReadResult | undefined): Operation | null {
    if (result?.status === 'read') {
      const { path, expect, source, side } = step;
      const sha256 = result.entry.sha256 ?? '';
      // Here nothing keeps what was; the cloud does.
      const isKept = source.side === 'merge' && side === 'cloud' && source.local.sha256 !== sha256;
      const keep = isKept ? { keep: source.local } : {};
      return { op: 'put', path, content: result.content, sha256, expect, ...keep };
    }
    this.#record(step, result);
    if (result?.status === 'changed' && step.source.side !== 'merge') {
      this.#it.ledger.distrust(step.source.side, step.source.path);
    }
    return null;
  }

  /** The steps are independent of each other, and may be of both sides. */
  async #changeAll(all: readonly ChangeStep[]): Promise<void> {
    const steps = this.#ready(all);
    await forEachLimited(['local', 'cloud'] as const, 2, async side => {
      const mine = steps.filter(step => step.side === side);
      for (const batch of batchesOf(mine, () => 0, OPERATIONS)) {
        await this.#unlessFailed(() => this.#apply(side, batch, batch.map(changeOperation)));
      }
    });
  }

  async #apply(side: Side, steps: readonly Step[], operations: readonly Operation[]) {
    if (steps.length === 0) {
      return;
    }
    if (side === 'local') {
      steps.forEach(({ path }) => this.#unwritten.delete(path));
    }
    const told = new Set<number>();
    const onOutcome = (index: number, outcome: Outcome | undefined) => {
      const step = steps[index];
      if (step && !told.has(index)) {
        told.add(index);
        this.#record(step, outcome);
        if (outcome?.status === 'changed') {
          this.#it.ledger.distrust(side, step.kind === 'move' ? step.from : step.path);
        }
        this.#it.onProgress();
      }
    };
    const outcomes = await this.#it.replicas[side].apply(operations, {
      signal: this.#it.signal,
      onOutcome,
      ...(side === 'cloud' && { onBytes: this.#onUpload })
    });
    steps.forEach((_, index) => onOutcome(index, outcomes[index]));
    await this.#it.ledger.checkpoint();
  }

  #record(step: Step, outcome: Outcome | Exclude<ReadResult, { status: 'read' }> | undefined) {
    const { ledger, tally } = this.#it;
    tally.stepsDone += 1;
    switch (outcome?.status) {
      case 'applied':
        ledger.applied(step, outcome.entry);
        tally.actions.push(actionOf(step));
        tally.steps.push(step);
        this.#it.onApplied?.(step);
        return;
      case 'failed':
        tally.problems.push({ ...outcome.problem, path: step.path });
        return;
      default:
        // Its precondition did not hold, so nothing was written; by us.
        if (step.kind === 'put' && step.side === 'local' && this.#isOurs(step.path)) {
          this.#unwritten.add(step.path);
        }
        tally.changed.add(step.path);
    }
  }

  /** Leaves out what would take content away that is not kept yet: by its conflict copy, or as the cloud's version. */
  #ready<T extends Step>(steps: readonly T[]): T[] {
    const { ledger } = this.#it;
    return steps.filter(step => {
      const follows = step.kind === 'put' ? step.follows : undefined;
      return (
        (step.requires === undefined || ledger.isConfirmed(step.requires)) &&
        (follows === undefined || ledger.wasApplied(follows, step.path))
      );
    });
  }

  #onUpload = (bytes: number): void => {
    this.#it.tally.bytesUp += bytes;
    this.#it.onProgress();
  };

  #onDownload = (bytes: number): void => {
    this.#it.tally.bytesDown += bytes;
    this.#it.onProgress();
  };

  #it: Execution;
  /** Paths with an intent of which nothing was written. */
  #unwritten = new Set<string>();
  #hasFailed = false;
}

/** A step that moves no content. */
type ChangeStep = DeleteStep | MkdirStep | MoveStep;

function changeOperation(step: ChangeStep): Operation {
  const { path } = step;
  switch (step.kind) {
    case 'mkdir':
      return { op: 'mkdir', path };
    case 'delete':
      return { op: 'delete', path, expect: step.expect };
    case 'move':
      return { op: 'move', from: step.from, path, expect: step.expect };
  }
}

function intentOf({ path, expect, source }: PutStep): Intent {
  return {
    path,
    before: expect?.sha256 ?? null,
    after: source.entry.sha256 ?? '',
    size: source.entry.size,
    // A merge is in the cloud before it is written here.
    source:
      source.side === 'merge'
        ? { side: 'cloud', path, version: '' }
        : { side: source.side, path: source.path, version: source.entry.version }
  };
}
