import type { Content } from './content';
import type { Entry, Node, Side, Tree } from './entry';
import type { Problem } from './problem';

/** Where a file's content is taken from: a side, or a merge that has been made. */
export type Source = HeldSource | MergedSource;

export interface HeldSource {
  readonly side: Side;
  readonly path: string;
  readonly entry: Entry;
}

export interface MergedSource {
  readonly side: 'merge';
  readonly path: string;
  /** The content's hash and size; of no side. */
  readonly entry: Entry;
  readonly content: Content;
  /** What the local side holds: it becomes a version in the cloud, since only this machine has it. */
  readonly local: { readonly content: Content; readonly sha256: string };
}

interface StepBase {
  /** The side that is changed. */
  readonly side: Side;
  readonly path: string;
  /** The rule that caused it, in words. */
  readonly reason: string;
  /**
   * A conflict copy that must hold, on both sides, the content that this step takes away. Where it does not, the step is
   * not done.
   */
  readonly requires?: string;
}

export interface PutStep extends StepBase {
  readonly kind: 'put';
  readonly source: Source;
  readonly expect: Entry | null;
  /** The side whose step at this path must have been applied before. */
  readonly follows?: Side;
}

export interface DeleteStep extends StepBase {
  readonly kind: 'delete';
  readonly expect: Entry;
}

export interface MkdirStep extends StepBase {
  readonly kind: 'mkdir';
}

export interface MoveStep extends StepBase {
  readonly kind: 'move';
  readonly from: string;
  readonly expect: Entry;
  /** What goes along with a directory, itself included; empty for a file. */
  readonly carried: readonly { readonly from: string; readonly path: string }[];
}

/** One change to one side, with what makes it safe. */
export type Step = PutStep | DeleteStep | MkdirStep | MoveStep;

export interface PlannedConflict {
  readonly path: string;
  /** Where the losing content is kept; null when both sides stay as they are. */
  readonly copy: string | null;
  readonly reason: string;
  /** sha256 of what both sides held last before; left out where it is not known. */
  readonly base?: string;
  /** What a merge would be made of; left out where there is nothing to merge. */
  readonly merge?: {
    /** sha256 of the content that was agreed last. */
    readonly base: string;
    readonly local: HeldSource;
    readonly cloud: HeldSource;
  };
}

/** What a run is to do; data only. */
export interface Plan {
  readonly steps: readonly Step[];
  /**
   * What each planned path is to hold on both sides once its steps are done (null: nothing). A path without
   * steps holds it already.
   */
  readonly goals: ReadonlyMap<string, Node | null>;
  readonly conflicts: readonly PlannedConflict[];
  readonly problems: readonly Problem[];
  /** Paths whose turn comes once this plan is done: they are planned anew in the same run. */
  readonly waiting?: readonly string[];
}

/** What both sides look like, and what was agreed last. */
export interface Situation {
  readonly base: Tree;
  readonly local: Tree<Entry>;
  readonly cloud: Tree<Entry>;
}
