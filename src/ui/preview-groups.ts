import type { Action, Side } from '../tokens';

/** What a sync changes on one side. */
export interface PreviewGroup {
  /** The side that is changed. */
  readonly side: Side;
  readonly actions: readonly Action[];
  /** Bytes that travel. */
  readonly bytes: number;
  /** How many of them take a file away. */
  readonly deletions: number;
}

/** What goes up, then what comes down; a side on which nothing changes is left out. */
export function groupsOf(actions: readonly Action[]): readonly PreviewGroup[] {
  return (['cloud', 'local'] as const)
    .map(side => {
      const own = actions.filter(action => action.side === side);
      return {
        side,
        actions: own,
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
        deletions: own.filter(({ kind }) => kind === 'delete').length
      };
    })
    .filter(group => group.actions.length > 0);
}
