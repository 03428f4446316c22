import { diffArrays } from 'diff';

import { cellKeys } from '../../sync/merge/cell-keys';
import { mergeCell } from '../../sync/merge/cell-merge';
import { isUntouched } from '../../sync/merge/cell-run';
import type { JsonObject } from '../../sync/merge/json';
import { same, stringIn } from '../../sync/merge/json';
import type { Notebook } from '../../sync/merge/notebook';
import { hasIds, multilineIn } from '../../sync/merge/notebook';

/** `merged`: what both changed of the cell goes together. */
export type CellChoice = 'mine' | 'theirs' | 'both' | 'merged';

/** A cell on both sides, or on the one that has it. */
export interface CellRow {
  /** Different from that of the other rows. */
  readonly key: string;
  readonly mine: JsonObject | null;
  readonly theirs: JsonObject | null;
  readonly isSame: boolean;
  /** Where both changed it in ways that go together; else null. */
  readonly merged: JsonObject | null;
  /** What follows from who changed it; for what both did, mine. */
  readonly suggestion: CellChoice;
  /** Who changed it since the version that both were made from. */
  readonly changedBy: 'nobody' | 'mine' | 'theirs' | 'both' | 'unknown';
}

/** The cells of two notebooks, side by side. */
export function rowsOf(mine: Notebook, theirs: Notebook, base: Notebook | null): CellRow[] {
  const before = base && hasIds(base) === hasIds(mine) ? base : null;
  const keys = (before && cellKeys(before, mine, theirs)) ?? cellKeys(mine, mine, theirs);
  const [mineKeys, theirKeys] = [keys?.local ?? bySource(mine), keys?.cloud ?? bySource(theirs)];
  const [ofMine, ofTheirs] = [byKey(mineKeys, mine), byKey(theirKeys, theirs)];
  const ofBase =
    before && keys && keys.base.length === before.cells.length && byKey(keys.base, before);
  return diffArrays([...mineKeys], [...theirKeys]).flatMap(({ added, removed, value }) =>
    value.map(key => {
      const isOnBoth = ofMine.has(key) && ofTheirs.has(key);
      const cells = {
        mine: added ? null : (ofMine.get(key) ?? null),
        theirs: removed ? null : (ofTheirs.get(key) ?? null)
      };
      const verdict =
        isOnBoth && (added || removed)
          ? MOVED
          : verdictOf(cells, ofBase ? (ofBase.get(key) ?? null) : undefined);
      const isSame = cells.mine !== null && cells.theirs !== null && same(cells.mine, cells.theirs);
      return { key: added ? `+${key}` : key, ...cells, isSame, ...verdict };
    })
  );
}

type Verdict = Pick<CellRow, 'merged' | 'suggestion' | 'changedBy'>;

/** A cell that is elsewhere on the other side stays where it is on mine. */
const MOVED: Verdict = { merged: null, suggestion: 'mine', changedBy: 'unknown' };

/** @param base - undefined where it is not known */
function verdictOf(
  { mine, theirs }: { readonly mine: JsonObject | null; readonly theirs: JsonObject | null },
  base: JsonObject | null | undefined
): Verdict {
  if (mine && theirs && same(mine, theirs)) {
    return { merged: null, suggestion: 'mine', changedBy: 'nobody' };
  }
  if (base === undefined) {
    return { merged: null, suggestion: mine ? 'mine' : 'theirs', changedBy: 'unknown' };
  }
  const isChanged = (cell: JsonObject | null): boolean =>
    base === null ? cell !== null : cell === null || !isUntouched(base, cell);
  const [byMine, byTheirs] = [isChanged(mine), isChanged(theirs)];
  if (byMine && byTheirs) {
    const merged = base && mine && theirs ? mergeCell(base, mine, theirs) : null;
    return { merged, suggestion: merged ? 'merged' : 'mine', changedBy: 'both' };
  }
  return byTheirs
    ? { merged: null, suggestion: 'theirs', changedBy: 'theirs' }
    : { merged: null, suggestion: 'mine', changedBy: byMine ? 'mine' : 'nobody' };
}

/** Where cells can't be told apart for sure: by their source, and by which of those with this source it is. */
function bySource({ cells }: Notebook): string[] {
  const seen = new Map<string, number>();
  return cells.map(cell => {
    const type = stringIn(cell.members.get('cell_type')) ?? '';
    const source = `${type} ${multilineIn(cell.members.get('source')) ?? ''}`;
    const times = (seen.get(source) ?? 0) + 1;
    seen.set(source, times);
    return `${times} ${source}`;
  });
}

function byKey(keys: readonly string[], { cells }: Notebook): ReadonlyMap<string, JsonObject> {
  return new Map(
    keys.flatMap((key, index) => {
      const cell = cells[index];
      return cell ? [[key, cell] as const] : [];
    })
  );
}
