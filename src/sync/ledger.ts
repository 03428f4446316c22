import { sameNode } from './entry';
import type { Entry, Node, Side, Tree } from './entry';
import type { Conflict, Journal, MemoryChange } from './memory';
import type { MoveStep, Plan, Step } from './plan';
import type { Known, Scan } from './replica';

/** After how many confirmed steps the journal is written while a long run goes on. */
const CHECKPOINT_STEPS = 1000;

interface Trees {
  readonly base: Tree;
  readonly local: Known;
  readonly cloud: Known;
}

/**
 * Collects what a run has learned and confirmed, and commits it to the journal.
 *
 * #### Notes
 * A path's goal enters the base only when every step of the path was applied: both sides are then confirmed to hold it.
 */
export class Ledger {
  constructor(journal: Journal, remembered: Trees) {
    this.#journal = journal;
    this.#remembered = remembered;
  }

  /** Remembers what a scan of a side found. */
  scanned(side: Side, scan: Known & Pick<Scan, 'isFar' | 'isWhole'>): void {
    const { entries, cursor, isFar = false, isWhole = false } = scan;
    const known = this.#remembered[side];
    this.#isFollowed[side] = cursor !== null && !isWhole;
    for (const [path, entry] of entries) {
      if (known.entries.get(path) !== entry) {
        this.#index[side].set(path, entry);
        this.#isWorthSaving ||= !tellsNothingNew(known.entries.get(path), entry);
      }
    }
    for (const path of known.entries.keys()) {
      if (!entries.has(path)) {
        this.#index[side].set(path, null);
        this.#isWorthSaving = true;
      }
    }
    if (cursor !== known.cursor) {
      // Alone it isn't worth a save, but where it is far: read from the older one, the feed tells the same again.
      this.#cursors[side] = cursor;
      this.#isWorthSaving ||= isFar;
    }
  }

  /** Begins a plan: what needs no step is confirmed as it is. */
  begin(plan: Plan): void {
    this.#goals = plan.goals;
    this.#open.clear();
    this.#applied.clear();
    for (const path of plan.steps.flatMap(pathsOf)) {
      this.#open.set(path, (this.#open.get(path) ?? 0) + 1);
    }
    for (const path of plan.goals.keys()) {
      if (!this.#open.has(path)) {
        this.#confirm(path);
      }
    }
  }

  /** A step was applied; `entry` is what its side now holds there. */
  applied(step: Step, entry: Entry | null): void {
    this.#applied.add(`${step.side} ${step.path}`);
    this.#index[step.side].set(step.path, entry);
    if (step.kind === 'move') {
      this.#moved(step, entry);
    }
    this.#isWorthSaving = true;
    this.#sinceFlush += 1;
    for (const path of pathsOf(step)) {
      const open = (this.#open.get(path) ?? 1) - 1;
      this.#open.set(path, open);
      if (open === 0) {
        this.#confirm(path);
      }
    }
  }

  /** What went along with a directory is what it was, under its new name. */
  #moved({ side, from, path, carried }: MoveStep, entry: Entry | null): void {
    const index = this.#index[side];
    for (const each of carried) {
      // What did go along in the cloud, its feed tells: somebody may have changed it meanwhile, and no scan looks again.
      if (each.path !== path && side === 'local') {
        const known = index.get(each.from) ?? this.#remembered[side].entries.get(each.from) ?? null;
        index.set(each.path, known);
      }
      index.set(each.from, null);
    }
    index.set(from, null);
    index.set(path, entry);
  }

  /** True when a step of the plan changed the path on the side. */
  wasApplied(side: Side, path: string): boolean {
    return this.#applied.has(`${side} ${path}`);
  }

  /** True when both sides are confirmed to hold what the plan wants at the path. */
  isConfirmed(path: string): boolean {
    return (this.#open.get(path) ?? 0) === 0;
  }

  /** Remembers a path's agreed state, or with null forgets it. */
  agree(path: string, node: Node | null): void {
    const known = this.#base.has(path) ? this.#base.get(path) : this.#remembered.base.get(path);
    if (!sameNode(known ?? undefined, node ?? undefined)) {
      this.#base.set(path, node);
      this.#isWorthSaving = true;
    }
  }

  /** Remembers what a side holds at a path. */
  saw(side: Side, path: string, entry: Entry | null): void {
    this.#index[side].set(path, entry);
    this.#isWorthSaving = true;
  }

  /**
   * A side did not hold what its scan found at the path: the next scan has to look at it anew, however much it looks as it
   * was known. Not where a feed tells what changed: that would never tell it again.
   */
  distrust(side: Side, path: string): void {
    if (!this.#isFollowed[side]) {
      this.saw(side, path, null);
    }
  }

  /** The intent for the path is done with: the file is whole. */
  settle(path: string): void {
    this.#settled.add(path);
    this.#isWorthSaving = true;
  }

  /** There are new intents for the paths: what was settled of them is the older ones. */
  intended(paths: readonly string[]): void {
    paths.forEach(path => this.#settled.delete(path));
  }

  /** The conflicts that are open now. */
  list(conflicts: readonly Conflict[], known: readonly Conflict[]): void {
    if (JSON.stringify(conflicts) !== JSON.stringify(known)) {
      this.#conflicts = conflicts;
      this.#isWorthSaving = true;
    }
  }

  async checkpoint(): Promise<void> {
    if (this.#sinceFlush >= CHECKPOINT_STEPS) {
      await this.flush();
    }
  }

  /** Commits all that was collected; does nothing when nothing is worth it. */
  async flush(): Promise<void> {
    if (!this.#isWorthSaving) {
      return;
    }
    const change: MemoryChange = {
      base: this.#base,
      local: this.#index.local,
      cloud: this.#index.cloud,
      cursor: this.#cursors,
      settled: [...this.#settled],
      ...(this.#conflicts && { conflicts: this.#conflicts })
    };
    this.#base = new Map();
    this.#index = { local: new Map(), cloud: new Map() };
    this.#cursors = {};
    this.#settled = new Set();
    this.#conflicts = null;
    this.#isWorthSaving = false;
    this.#sinceFlush = 0;
    await this.#journal.commit(change);
  }

  #confirm(path: string): void {
    this.agree(path, this.#goals.get(path) ?? null);
    this.#settled.add(path);
  }

  #journal: Journal;
  #remembered: Trees;
  #goals: Plan['goals'] = new Map();
  /** How many steps of a path are not applied yet. */
  #open = new Map<string, number>();
  #applied = new Set<string>();
  #base = new Map<string, Node | null>();
  #index: { [side in Side]: Map<string, Entry | null> } = { local: new Map(), cloud: new Map() };
  #cursors: { [side in Side]?: string | null } = {};
  /** Sides whose last scan has a cursor: what it found is what is known, and changes are told. */
  #isFollowed: { [side in Side]?: boolean } = {};
  #settled = new Set<string>();
  #conflicts: readonly Conflict[] | null = null;
  #isWorthSaving = false;
  #sinceFlush = 0;
}

/** The paths that a step says something of. */
function pathsOf(step: Step): string[] {
  if (step.kind !== 'move') {
    return [step.path];
  }
  return step.carried.length > 0
    ? step.carried.flatMap(({ from, path }) => [from, path])
    : [step.from, step.path];
}

/** The same, or the same as seen by who can tell more of it: that need not be remembered for its own sake. */
function tellsNothingNew(known: Entry | undefined, entry: Entry): boolean {
  const isFuller =
    known?.id === null &&
    sameNode(known, entry) &&
    known.seenAt === entry.seenAt &&
    entry.version.startsWith(`${known.version} `);
  return isFuller || sameEntry(known, entry);
}

function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  return sameNode(a, b) && a?.version === b?.version && a?.seenAt === b?.seenAt && a?.id === b?.id;
}
