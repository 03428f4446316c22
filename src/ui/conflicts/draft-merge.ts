import type { Hunk } from '../../sync/merge/hunks';
import { hunksBetween } from '../../sync/merge/hunks';

/** A place of the draft where both sides have something else: the draft has mine there. Offsets in the draft. */
export interface Region {
  readonly from: number;
  readonly to: number;
  readonly mine: string;
  readonly theirs: string;
}

export interface DraftMerge {
  readonly text: string;
  readonly regions: readonly Region[];
}

/**
 * Where a merge by hand starts: what only one side changed is in it, and for what both changed it has mine, marked. Without a base
 * each difference is such a place.
 */
export function draftMerge(base: string | null, mine: string, theirs: string): DraftMerge {
  const lines: string[] = [];
  const numbers = new Map<string, number>();
  const numbered = (text: string): number[] =>
    (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map(line => {
      const known = numbers.get(line);
      if (known !== undefined) {
        return known;
      }
      numbers.set(line, lines.length);
      return lines.push(line) - 1;
    });
  const ofBase = numbered(base ?? mine);
  const ofMine = base === null ? [] : hunksBetween(ofBase, numbered(mine));
  const ofTheirs = hunksBetween(ofBase, numbered(theirs));
  if (!ofMine || !ofTheirs) {
    return { text: mine, regions: [{ from: 0, to: mine.length, mine, theirs }] };
  }
  const textOf = (items: readonly number[]): string => items.map(item => lines[item]).join('');
  const regions: Region[] = [];
  let text = '';
  let at = 0;
  for (const group of groupsOf(ofMine, ofTheirs)) {
    text += textOf(ofBase.slice(at, group.start));
    at = group.end;
    const made = (hunks: readonly Hunk[]): string => textOf(applied(ofBase, group, hunks));
    const [left, right] = [made(group.mine), made(group.theirs)];
    const isBoth = base === null || (group.mine.length > 0 && group.theirs.length > 0);
    if (isBoth && left !== right) {
      regions.push({ from: text.length, to: text.length + left.length, mine: left, theirs: right });
      text += left;
    } else {
      text += group.mine.length > 0 ? left : right;
    }
  }
  return { text: text + textOf(ofBase.slice(at)), regions };
}

interface Group {
  readonly start: number;
  end: number;
  /** Up to which base line what follows would touch it. */
  reach: number;
  readonly mine: Hunk[];
  readonly theirs: Hunk[];
}

/** Changes that touch, or that can't be told apart, are one place. */
function groupsOf(mine: readonly Hunk[], theirs: readonly Hunk[]): Group[] {
  const all = [
    ...mine.map(hunk => ({ hunk, side: 'mine' as const })),
    ...theirs.map(hunk => ({ hunk, side: 'theirs' as const }))
  ].sort((a, b) => a.hunk.start - b.hunk.start || a.hunk.end - b.hunk.end);
  const groups: Group[] = [];
  for (const { hunk, side } of all) {
    let group = groups.at(-1);
    if (!group || Math.min(hunk.reach.from, hunk.start) > group.reach) {
      group = { start: hunk.start, end: hunk.end, reach: hunk.reach.to, mine: [], theirs: [] };
      groups.push(group);
    }
    group[side].push(hunk);
    group.end = Math.max(group.end, hunk.end);
    group.reach = Math.max(group.reach, group.end, hunk.reach.to);
  }
  return groups;
}

function applied(
  base: readonly number[],
  { start, end }: Group,
  hunks: readonly Hunk[]
): readonly number[] {
  const items: number[] = [];
  let at = start;
  for (const hunk of hunks) {
    items.push(...base.slice(at, hunk.start), ...hunk.items);
    at = hunk.end;
  }
  return [...items, ...base.slice(at, end)];
}
