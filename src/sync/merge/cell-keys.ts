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

/** How many pairs of changed cells are compared at most, where cells have no ids. */
const MOST_PAIRS = 10_000;

/**
 * The ids where the format has them. Before, a cell is that of the base which has its source, or else the only one which has a
 * line in common; a new cell's key is its source. Null where that leaves a doubt, or where only some notebooks have ids.
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
  const [ofBase, ofLocal, ofCloud] = [base, local, cloud].map(({ cells }) => bySource(cells));
  if (sides.some(hasIds) || !ofBase || !ofLocal || !ofCloud) {
    return null;
  }
  const [localKeys, cloudKeys] = [matched(ofBase, ofLocal), matched(ofBase, ofCloud)];
  return localKeys && cloudKeys
    ? { base: [...ofBase.keys()], local: localKeys, cloud: cloudKeys }
    : null;
}

/** Null where a notebook has one source twice, so that its cells can't be told apart. */
function bySource(cells: readonly JsonObject[]): ReadonlyMap<string, JsonObject> | null {
  const map = new Map(cells.map(cell => [`${typeOf(cell)} ${sourceOf(cell)}`, cell]));
  return map.size < cells.length ? null : map;
}

function matched(
  base: ReadonlyMap<string, JsonObject>,
  side: ReadonlyMap<string, JsonObject>
): string[] | null {
  const gone = [...base].filter(([key]) => !side.has(key));
  const added = [...side].filter(([key]) => !base.has(key));
  if (gone.length * added.length > MOST_PAIRS) {
    return null;
  }
  const edited = new Map<string, string>();
  for (const [key, cell] of added) {
    const [before, ...others] = gone.filter(([, other]) => alike(other, cell));
    if (before !== undefined) {
      edited.set(key, before[0]);
    }
    if (others.length > 0) {
      return null;
    }
  }
  return new Set(edited.values()).size < edited.size
    ? null
    : [...side.keys()].map(key => edited.get(key) ?? key);
}

function alike(before: JsonObject, after: JsonObject): boolean {
  const lines = new Set(linesOf(before));
  return typeOf(before) === typeOf(after) && linesOf(after).some(line => lines.has(line));
}

function linesOf(cell: JsonObject): string[] {
  return sourceOf(cell)
    .split('\n')
    .filter(line => line.trim() !== '');
}

function sourceOf(cell: JsonObject): string {
  return multilineIn(cell.members.get('source')) ?? '';
}

function typeOf(cell: JsonObject): string {
  return stringIn(cell.members.get('cell_type')) ?? '';
}
