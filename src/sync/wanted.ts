import type { Node } from './entry';
import type { Source } from './plan';

/** What a path is to become on both sides. */
export interface Wanted {
  readonly node: Node;
  /** Where a file's content is; null for a directory. */
  readonly source: Source | null;
  /** The rule that caused it, in words. */
  readonly reason: string;
  /** A conflict copy that must be there first. */
  readonly requires?: string;
}

/** Both sides stay as they are, and nothing is agreed. */
export const LEFT = 'left' as const;

/** null: nothing is to be there. */
export type Outcome = Wanted | null | typeof LEFT;
