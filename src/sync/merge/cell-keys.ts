import { hunksBetween } from './hunks';
import type { JsonObject } from './json';
import { stringIn } from './json';
import type { Notebook } from './notebook';
import { hasIds, idOf, multilineIn } from './notebook';

/** What tells each cell of a notebook from its others, in order; a cell has one key in all three notebooks. */
export interface CellKeys {
  readonly base: readonly string[];
  readonly local: readonly string[];
  readonly cloud: readonly string[];
}

/**
 * The ids where the format has them. Before, a cell is that of the base which has its source, or stands in its place among as many
 * and has a line in common; a new cell's key is its content. Null where equal cells hide which of them is new or
 * gone, where only some notebooks have ids, or they differ too much.
 */
export function cellKeys(base: Notebook, local: Notebook, cloud: Notebook): CellKeys | null {
  const sides = [base, local, cloud];
  if (sides.every(hasIds)) {
    return {
      base: base.cells.map(idOf),
      local: local.cells.map(idOf),
      cloud: cloud.cells.map(idOf)
    };
  }
  if (sides.some(hasIds)) {
    return null;
  }
  const ofLocal = matched(base.cells, local.cells);
  const ofCloud = matched(base.cells, cloud.cells);
  return ofLocal && ofCloud
    ? { base: base.cells.map((_, index) => keyInBase(index)), local: ofLocal, cloud: ofCloud }
    : null;
}

function keyInBase(index: number): string {
  return `base ${index}`;
}

function matched(base: readonly JsonObject[], side: readonly JsonObject[]): string[] | null {
  const numbers = new Map<string, number>();
  const numbered = (cells: readonly JsonObject[]): number[] =>
    cells.map(cell => {
      const content = `${typeOf(cell)}\n${multilineIn(cell.members.get('source'))}`;
      const number = numbers.get(content) ?? numbers.size;
      numbers.set(content, number);
      return number;
    });
  const hunks = hunksBetween(numbered(base), numbered(side));
  if (
    hunks === null ||
    hunks.some(({ start, end, reach }) => reach.from < start || reach.to > end)
  ) {
    return null;
  }
  const keys: string[] = [];
  const seen = new Map<string, number>();
  let at = 0;
  const keep = (end: number): void => {
    for (; at < end; at++) {
      keys.push(keyInBase(at));
    }
  };
  for (const { start, end, items } of hunks) {
    keep(start);
    const before = base.slice(start, end);
    const after = side.slice(keys.length, keys.length + items.length);
    if (
      before.length === after.length &&
      before.every((cell, index) => alike(cell, after[index]))
    ) {
      keep(end);
    } else {
      keys.push(...after.map(cell => keyOfNew(cell, seen)));
      at = end;
    }
  }
  keep(base.length);
  return keys;
}

/** Cells of one content are told apart by how many stand before. */
function keyOfNew(cell: JsonObject, seen: Map<string, number>): string {
  const content = `${typeOf(cell)} ${multilineIn(cell.members.get('source'))}`;
  const before = seen.get(content) ?? 0;
  seen.set(content, before + 1);
  return `new ${content} ${before}`;
}

function alike(before: JsonObject, after: JsonObject | undefined): boolean {
  if (after === undefined || typeOf(before) !== typeOf(after)) {
    return false;
  }
  const lines = new Set(linesOf(before));
  return linesOf(after).some(line => line.trim() !== '' && lines.has(line));
}

function linesOf(cell: JsonObject): string[] {
  return (multilineIn(cell.members.get('source')) ?? '').split('\n');
}

function typeOf(cell: JsonObject): string {
  return stringIn(cell.members.get('cell_type')) ?? '';
}
