import { atOnce, pacing } from './breathe';
import type { Pausing } from './breathe';
import { conflictPath } from './conflict-name';
import { decide } from './decide';
import type { Decision, Rule } from './decide';
import { nodeOf, otherSide, sameNode } from './entry';
import type { Entry, EntryKind, Node, Side, Tree } from './entry';
import { joinDirectoryMoves } from './directory-moves';
import { withMoves } from './moves';
import type { Moved } from './moves';
import { depthOf, nameOf, parentOf } from './path';
import type { HeldSource, MergedSource, Plan, PlannedConflict, Situation } from './plan';
import type { Problem } from './problem';
import { clashReason, reasonOf } from './reasons';
import { stepsOf } from './steps-of';
import { LEFT } from './wanted';
import type { Outcome, Wanted } from './wanted';
import { trans } from './words';

export type ConflictPolicy = 'keep-both' | 'merge' | 'ask';

export interface Policy {
  readonly conflicts: (path: string) => ConflictPolicy;
  /** The clean merge of both sides' contents at a path, where there is one. */
  readonly merged?: (path: string) => MergedSource | undefined;
  /** Whether the path's state on a side could not be learned: nothing follows from what is or isn't there. */
  readonly isUnknown: (path: string) => boolean;
  /** Whether the path stays as it is on both sides, though all is known of it. Default: none does. */
  readonly isLeft?: (path: string) => boolean;
  /**
   * Whether somebody has unsaved work on the local side's file, and what would become of the file does not go together with that.
   * Default: nobody has.
   */
  readonly isHeld?: (path: string) => boolean;
  /** Whether a directory holds, at any depth, something that the rules leave out. */
  readonly holdsIgnored?: (path: string) => boolean;
  /** Whether a side can move a directory with all it holds, in one step. Default: it can. */
  readonly movesDirectories?: (side: Side) => boolean;
  /** How the local side spells what it holds under the path, where it takes several names for one. Default: as it is. */
  readonly spelling?: (path: string) => string;
  /** Why one of the sides can't hold or show the path. */
  readonly refuses: (path: string, kind: EntryKind) => Problem | null;
}

/**
 * Decides what a run does: a pure function of three trees. It first finds what every path is to be, so that no
 * order of looking matters, and then lists what each side lacks of that.
 */
export function reconcile(situation: Situation, policy: Policy): Plan {
  return atOnce(reconciling(situation, policy));
}

/** The same, with pauses. */
export function* reconciling(situation: Situation, policy: Policy): Pausing<Plan> {
  const canTell = (path: string, kind: EntryKind) =>
    !policy.isUnknown(path) && !policy.isLeft?.(path) && policy.refuses(path, kind) === null;
  const moved = yield* withMoves(situation, canTell);
  const { movesDirectories = () => true } = policy;
  const plan = yield* new Reconciliation(moved, policy).plan();
  return joinDirectoryMoves(plan, situation, movesDirectories);
}

class Reconciliation {
  constructor(situation: Moved, policy: Policy) {
    this.#situation = situation;
    this.#policy = policy;
  }

  *plan(): Pausing<Plan> {
    const { base, local, cloud } = this.#situation;
    const paths = yield* deepestFirst([base, local, cloud]);
    yield* pacing(paths, path => this.#settle(path));
    this.#complete();
    return {
      steps: yield* stepsOf(this.#outcomes, this.#situation),
      goals: this.#goals(),
      conflicts: this.#conflicts,
      problems: this.#problems
    };
  }

  #settle(path: string): void {
    const { base, local, cloud } = this.#situation;
    const entries = { local: local.get(path), cloud: cloud.get(path) };
    if (this.#policy.isUnknown(path) || this.#isLeft(path)) {
      this.#leave(path);
      return;
    }
    const present = entries.local ?? entries.cloud;
    const problem = present ? this.#policy.refuses(path, present.kind) : null;
    if (problem) {
      this.#problems.push(problem);
      this.#leave(path);
      return;
    }
    const known = base.get(path);
    const isQuiet = sameNode(known, entries.local) && sameNode(known, entries.cloud);
    if (isQuiet && !this.#isMoved(path)) {
      this.#leave(path);
      return;
    }
    const decision = decide(known, entries.local, entries.cloud);
    const isFromHere =
      decision.kind === 'settled' || (decision.kind === 'take' && decision.from === 'local');
    if (!isFromHere && entries.local?.kind === 'file' && this.#policy.isHeld?.(path)) {
      const reason = trans.__(
        'changed in the cloud, where you have unsaved changes: save them, or load the file again without them'
      );
      this.#conflicts.push({ path, copy: null, reason });
      this.#leave(path);
      return;
    }
    switch (decision.kind) {
      case 'settled':
        this.#want(
          path,
          this.#wanted(path, 'local', entries.local, trans.__('the same on both sides'))
        );
        return;
      case 'take':
        this.#take(path, decision, entries[decision.from]);
        return;
      case 'clash':
        this.#displace(path, decision.file, entries);
        return;
      case 'conflict':
        this.#conflict(path, entries);
        return;
    }
  }

  #take(path: string, { from, rule }: Extract<Decision, { kind: 'take' }>, entry?: Entry): void {
    if (entry?.kind === 'file' && this.#isHeld(path, otherSide(from))) {
      // What the other side has below this path survives, so the directory keeps the name.
      this.#displace(path, from, { [from]: entry });
      return;
    }
    if (this.#staysForIgnored(path, rule, entry)) {
      return;
    }
    this.#want(path, this.#wanted(path, from, entry, reasonOf(rule, from)));
  }

  /** Whether a directory of the side can't go: what is wanted, or ignored, is in it. */
  #isHeld(path: string, side: Side): boolean {
    const isDirectory = this.#situation[side].get(path)?.kind === 'directory';
    return (
      this.#holdsSomething.has(path) ||
      (isDirectory && (this.#policy.holdsIgnored?.(path) ?? false))
    );
  }

  /**
   * A directory that is there only for what is ignored in it is neither removed nor made on the other side: it leaves
   * what was agreed. Its parents are not held by it.
   */
  #staysForIgnored(path: string, rule: Rule, entry: Entry | undefined): boolean {
    const isDirectory = (entry ?? this.#situation.base.get(path))?.kind === 'directory';
    if (!isDirectory || this.#holdsSomething.has(path) || !this.#policy.holdsIgnored?.(path)) {
      return false;
    }
    if (rule === 'deleted') {
      const message = trans.__(
        'This folder was deleted on the other side, and stays here for the ignored files in it. Delete it by hand if you do not need them.'
      );
      this.#problems.push({ path, code: 'not-empty', message });
      this.#forgotten.push(path);
    } else if (rule !== 'created') {
      return false;
    }
    this.#outcomes.set(path, LEFT);
    return true;
  }

  /** A file meets a directory: the directory keeps the name, the file is kept beside it. */
  #displace(path: string, side: Side, entries: { local?: Entry; cloud?: Entry }): void {
    const file = entries[side];
    if (!file) {
      return;
    }
    if (this.#isBeingKept(path, file)) {
      this.#leave(path);
      return;
    }
    const reason = clashReason(nameOf(path), side);
    const copy = this.#keep(path, side, file, reason);
    this.#want(path, { node: DIRECTORY, source: null, reason, requires: copy });
  }

  #conflict(path: string, { local, cloud }: { local?: Entry; cloud?: Entry }): void {
    const reason = trans.__('changed here and in the cloud since the last sync');
    if (!local || !cloud) {
      return;
    }
    if (this.#policy.conflicts(path) === 'ask') {
      this.#conflicts.push({ path, copy: null, reason, ...this.#agreed(path) });
      this.#leave(path);
      return;
    }
    const merged = this.#policy.merged?.(path);
    if (merged) {
      this.#want(path, {
        node: nodeOf(merged.entry),
        source: merged,
        reason: trans.__('%1: the changes were merged', reason)
      });
      return;
    }
    if (this.#isBeingKept(path, local)) {
      this.#leave(path);
      return;
    }
    const merge = this.#mergeable(path, local, cloud);
    const copy = this.#keep(path, 'local', local, reason, merge);
    const wanted = this.#wanted(
      path,
      'cloud',
      cloud,
      trans.__("%1: the cloud's content keeps the name", reason)
    );
    this.#want(path, wanted && { ...wanted, requires: copy });
  }

  /** What is not known of the copy's name may be this very copy, cut short: another one would keep the content twice. */
  #isBeingKept(path: string, entry: Entry): boolean {
    const copy = this.#spelled(conflictPath(path, entry.sha256 ?? '', () => false));
    return this.#policy.isUnknown(copy);
  }

  /** Before anything is moved, a side holds it at its old place. */
  #mergeable(path: string, local: Entry, cloud: Entry): PlannedConflict['merge'] {
    const base = this.#situation.base.get(path);
    const held = (side: Side, entry: Entry): HeldSource => {
      return { side, path: this.#situation.places[side].get(path) ?? path, entry };
    };
    return this.#policy.conflicts(path) === 'merge' && base?.sha256
      ? { base: base.sha256, local: held('local', local), cloud: held('cloud', cloud) }
      : undefined;
  }

  /** Plans a conflict copy of what `side` holds at `path`, and returns where it goes. */
  #keep(
    path: string,
    side: Side,
    entry: Entry,
    reason: string,
    merge?: PlannedConflict['merge']
  ): string {
    const { local, cloud } = this.#situation;
    const isOther = (node: Node | undefined) => node !== undefined && !sameNode(node, entry);
    const free = conflictPath(path, entry.sha256 ?? '', name => {
      const candidate = this.#spelled(name);
      const planned = this.#copies.get(candidate);
      return (
        isOther(local.get(candidate)) ||
        isOther(cloud.get(candidate)) ||
        isOther(planned?.node) ||
        this.#policy.isUnknown(candidate) ||
        // Copies are made first: what is about to move away is still there.
        this.#situation.moves.some(({ from }) => from === candidate)
      );
    });
    const copy = this.#spelled(free);
    // What stays at the copy's name is nothing else (see above): it is the copy, and is there.
    if (!this.#isLeft(copy)) {
      this.#copies.set(copy, {
        node: nodeOf(entry),
        source: { side, path: this.#situation.places[side].get(path) ?? path, entry },
        reason: trans.__('kept beside %1: %2', nameOf(path), reason)
      });
    }
    this.#conflicts.push({ path, copy, reason, ...this.#agreed(path), ...(merge && { merge }) });
    this.#holdAncestors(copy);
    return copy;
  }

  #agreed(path: string): Pick<PlannedConflict, 'base'> {
    const sha256 = this.#situation.base.get(path)?.sha256;
    return sha256 ? { base: sha256 } : {};
  }

  #isLeft(path: string): boolean {
    return this.#policy.isLeft?.(path) ?? false;
  }

  #spelled(path: string): string {
    return this.#policy.spelling?.(path) ?? path;
  }

  #wanted(path: string, side: Side, entry: Entry | undefined, reason: string): Wanted | null {
    if (!entry) {
      return null;
    }
    const source = entry.kind === 'file' ? { side, path, entry } : null;
    return { node: nodeOf(entry), source, reason };
  }

  #want(path: string, wanted: Wanted | null): void {
    if (!wanted && this.#holdsSomething.has(path)) {
      const reason = trans.__('kept for what it holds');
      this.#outcomes.set(path, { node: DIRECTORY, source: null, reason });
    } else {
      this.#outcomes.set(path, wanted);
    }
    if (wanted) {
      this.#holdAncestors(path);
    }
  }

  #leave(path: string): void {
    const { local, cloud } = this.#situation;
    this.#outcomes.set(path, LEFT);
    if (local.has(path) || cloud.has(path)) {
      this.#holdAncestors(path);
    }
  }

  #holdAncestors(path: string): void {
    // What is above a directory that holds something holds something already.
    for (let above = parentOf(path); above !== '' && !this.#holdsSomething.has(above);) {
      this.#holdsSomething.add(above);
      above = parentOf(above);
    }
  }

  /** Conflict copies, and directories that no side listed but that something needs, join the rest. */
  #complete(): void {
    for (const [path, wanted] of this.#copies) {
      this.#outcomes.set(path, wanted);
    }
    for (const path of this.#holdsSomething) {
      if (!this.#outcomes.has(path)) {
        const reason = trans.__('holds what is synced');
        this.#outcomes.set(path, { node: DIRECTORY, source: null, reason });
      }
    }
  }

  #isMoved(path: string): boolean {
    const { local, cloud } = this.#situation.places;
    return local.has(path) || cloud.has(path);
  }

  #goals(): ReadonlyMap<string, Node | null> {
    const goals = new Map<string, Node | null>();
    for (const [path, outcome] of this.#outcomes) {
      if (outcome !== LEFT) {
        goals.set(path, outcome && outcome.node);
      }
    }
    for (const path of this.#forgotten) {
      goals.set(path, null);
    }
    for (const { from, to } of this.#situation.moves) {
      if (goals.has(to) && !goals.has(from)) {
        goals.set(from, null);
      }
    }
    return goals;
  }

  #situation: Moved;
  #policy: Policy;
  #outcomes = new Map<string, Outcome>();
  #copies = new Map<string, Wanted>();
  #holdsSomething = new Set<string>();
  #conflicts: PlannedConflict[] = [];
  #problems: Problem[] = [];
  #forgotten: string[] = [];
}

/**
 * Whether a directory stays is known once all it holds is. Names break ties, so that the plan does not depend on the
 * order in which the sides were listed.
 */
function* deepestFirst(trees: readonly Tree[]): Pausing<string[]> {
  const paths = new Set<string>();
  for (const tree of trees) {
    yield* pacing(tree.keys(), path => paths.add(path));
  }
  const levels: string[][] = [];
  yield* pacing(paths, path => (levels[depthOf(path)] ??= []).push(path));
  const sorted: string[] = [];
  // Not every depth has paths: a filter leaves out the holes.
  for (const level of levels.reverse().filter(Array.isArray)) {
    level.sort();
    yield;
    level.forEach(path => sorted.push(path));
  }
  return sorted;
}

const DIRECTORY: Node = { kind: 'directory', size: 0, sha256: null };
