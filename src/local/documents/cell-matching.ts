import { hunksBetween } from '../../sync/merge/hunks';
import type { Cell } from './notebook-content';

/**
 * For each cell of `to` the place of the same cell in `from`, null for a new one: by the cell's id; where there is none, cells of one
 * content in their order, and between those, where as many cells went as came, those of one type that stand in one place.
 */
export function matchCells(from: readonly Cell[], to: readonly Cell[]): (number | null)[] {
  const hasIds = [...from, ...to].every(({ id }) => id !== null);
  return hasIds ? matchById(from, to) : matchByContent(from, to);
}

function matchById(from: readonly Cell[], to: readonly Cell[]): (number | null)[] {
  const places = new Map(from.map(({ id }, index) => [id, index]));
  return to.map(({ id, type }) => {
    const place = places.get(id);
    return place !== undefined && from[place]?.type === type ? place : null;
  });
}

function matchByContent(from: readonly Cell[], to: readonly Cell[]): (number | null)[] {
  const numbers = new Map<string, number>();
  const numbered = (cells: readonly Cell[]) =>
    cells.map(({ type, source }) => {
      const key = `${type} ${source}`;
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
  const matches: (number | null)[] = [];
  let at = 0;
  const keep = (until: number) => {
    for (; at < until; at++) {
      matches.push(at);
    }
  };
  const [before, after] = [numbered(from), numbered(to)];
  const hunks = hunksBetween(before, after) ?? [{ start: 0, end: before.length, items: after }];
  for (const { start, end, items } of hunks) {
    keep(start);
    const isReplaced = items.length === end - start;
    items.forEach((_, offset) => {
      const isSameType = from[start + offset]?.type === to[matches.length]?.type;
      matches.push(isReplaced && isSameType ? start + offset : null);
    });
    at = end;
  }
  keep(from.length);
  return matches;
}
