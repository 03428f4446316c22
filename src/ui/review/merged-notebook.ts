import type { Json, JsonObject } from '../../sync/merge/json';
import { scalarOf, stringIn } from '../../sync/merge/json';
import { mergeMembers, mergeWhole } from '../../sync/merge/json-merge';
import type { Notebook } from '../../sync/merge/notebook';
import { hasIds, notebookOf, printNotebook } from '../../sync/merge/notebook';
import type { CellChoice, CellRow } from './notebook-rows';

/**
 * The notebook that the choices lead to, as its file has it; null where that would be no valid notebook. What is not in cells is that
 * of the side that changed it, and mine where both did.
 */
export function mergedNotebook(
  rows: readonly CellRow[],
  choiceOf: (row: CellRow) => CellChoice,
  {
    mine,
    theirs,
    base
  }: {
    readonly mine: Notebook;
    readonly theirs: Notebook;
    readonly base: Notebook | null;
  }
): string | null {
  const chosen = rows.flatMap(row => cellsOf(row, choiceOf(row)));
  const items = hasIds(mine) ? withDistinctIds(chosen) : chosen;
  const root = mergeMembers(
    base?.root,
    mine.root,
    theirs.root,
    (key, before, left, right): Json | undefined => {
      if (key === 'cells') {
        return { kind: 'array', items };
      }
      if (key === 'nbformat_minor') {
        return scalarOf(Math.max(mine.minor, theirs.minor));
      }
      const merged = mergeWhole(before, left, right);
      return merged === null ? left : merged;
    }
  );
  return root && notebookOf(root, mine.layout) ? printNotebook(root, mine.layout) : null;
}

/** A side that lacks the cell has nothing to give. */
export function cellsOf({ mine, theirs, merged }: CellRow, choice: CellChoice): JsonObject[] {
  const wanted = {
    mine: [mine],
    theirs: [theirs],
    both: [mine, theirs],
    merged: [merged ?? mine]
  }[choice];
  return wanted.filter(cell => cell !== null);
}

/** A cell whose id another has already gets one that follows from it. */
function withDistinctIds(cells: readonly JsonObject[]): JsonObject[] {
  const taken = new Set<string>();
  return cells.map(cell => {
    const id = stringIn(cell.members.get('id')) ?? '';
    let free = id;
    for (let number = 2; taken.has(free); number += 1) {
      free = `${id.slice(0, 58)}-${number}`;
    }
    taken.add(free);
    return free === id
      ? cell
      : { kind: 'object', members: new Map(cell.members).set('id', scalarOf(free)) };
  });
}
