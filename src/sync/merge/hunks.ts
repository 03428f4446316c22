import type { ChangeObject } from 'diff';
import { diffArrays } from 'diff';

/** How many insertions and deletions a difference may have until it is too costly to find (time grows with its square). */
const MOST_EDITS = 2000;

/** The items of the base from `start` up to, not including, `end` have become `items`. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly items: readonly number[];
  /**
   * The base's positions, both inclusive, over which the hunk can be moved without changing the outcome. Where items repeat, a
   * difference does not tell which of them are new.
   */
  readonly reach: { readonly from: number; readonly to: number };
}

/**
 * What leads from `base` to `side`, in order, at least one item apart. Depends on the two alone. Null when they differ too
 * much.
 */
export function hunksBetween(base: readonly number[], side: readonly number[]): Hunk[] | null {
  const shorter = Math.min(base.length, side.length);
  let head = 0;
  while (head < shorter && base[head] === side[head]) {
    head++;
  }
  let tail = 0;
  while (tail < shorter - head && base.at(-1 - tail) === side.at(-1 - tail)) {
    tail++;
  }
  const before = base.slice(head, base.length - tail);
  const after = side.slice(head, side.length - tail);
  if (before.length === 0 || after.length === 0) {
    const only = { start: head, end: head + before.length, items: after };
    return before.length + after.length === 0
      ? []
      : [{ ...only, reach: reachOf(only, base, 0, base.length) }];
  }
  const changes = diffArrays(before, after, { maxEditLength: MOST_EDITS });
  if (changes === undefined) {
    return null;
  }
  return gather(changes, head).map((hunk, index, hunks) => ({
    ...hunk,
    reach: reachOf(hunk, base, hunks[index - 1]?.end ?? 0, hunks[index + 1]?.start ?? base.length)
  }));
}

type Change = Omit<Hunk, 'reach'>;

/** Insertions and deletions without an unchanged item between them are one hunk. */
function gather(changes: readonly ChangeObject<number[]>[], head: number): Change[] {
  const hunks: Change[] = [];
  let at = head;
  for (const { added, removed, count, value } of changes) {
    const end = added ? at : at + count;
    if (added || removed) {
      const open = hunks.at(-1)?.end === at ? hunks.pop() : undefined;
      const items = open?.items ?? [];
      hunks.push({ start: open?.start ?? at, end, items: added ? items.concat(value) : items });
    }
    at = end;
  }
  return hunks;
}

function reachOf(
  { start, end, items }: Change,
  base: readonly number[],
  lowest: number,
  highest: number
): Hunk['reach'] {
  const removed = end - start;
  if (removed > 0 && items.length > 0) {
    return { from: start, to: end };
  }
  const size = removed + items.length;
  const moving = (offset: number) => (removed > 0 ? base[start + offset] : items.at(offset % size));
  let up = 0;
  while (start - up > lowest && base[start - up - 1] === moving(size - up - 1)) {
    up++;
  }
  let down = 0;
  while (end + down < highest && base[end + down] === moving(down)) {
    down++;
  }
  return { from: start - up, to: end + down };
}
