import { mergeNotebooks } from '../../sync/merge/notebook-merge';
import { cellJson } from './cell-json';
import { matchCells } from './cell-matching';
import { notebookContent, sameCell, sameJson, sameNotebook } from './notebook-content';
import type { Cell, NotebookContent } from './notebook-content';

export interface OpenNotebook {
  /** What the document and the file held when they were last the same; null where that is not known. */
  readonly base: NotebookContent | null;
  readonly mine: NotebookContent;
  /** What the file holds. */
  readonly theirs: NotebookContent;
  /** Places in `mine` of cells that run, or wait for their turn or for input. */
  readonly running: ReadonlySet<number>;
}

/**
 * What the document is to hold so that it has all that the file has, and all that was done here; null where that can't be: the
 * change is then held back whole.
 */
export function incorporateNotebook(open: OpenNotebook): NotebookContent | null {
  const { base, mine, running } = open;
  const theirs = aligned(withOutputsOf(open), mine);
  const isClean = base !== null && sameNotebook(base, mine);
  const merged = isClean || sameNotebook(mine, theirs) ? theirs : base && merge(base, mine, theirs);
  if (!merged || (!isClean && base && meetsEdits(base, mine, theirs))) {
    return null;
  }
  const places = matchCells(mine.cells, merged.cells);
  for (const place of running) {
    const [before, after] = [mine.cells[place], merged.cells[places.indexOf(place)]];
    if (!before || !after || !sameCell(before, after)) {
      return null;
    }
  }
  return merged;
}

/** With each cell that is the same as the document's being that very one: most are, and need not be compared again. */
function aligned(theirs: NotebookContent, mine: NotebookContent): NotebookContent {
  const places = matchCells(mine.cells, theirs.cells);
  const cells = theirs.cells.map((cell, index) => {
    const held = mine.cells[places[index] ?? -1];
    return held && sameCell(held, cell) ? held : cell;
  });
  return { ...theirs, cells };
}

/** What the file holds, but for the outputs of what was run here since. */
function withOutputsOf({ base, mine, theirs, running }: OpenNotebook): NotebookContent {
  const places = matchCells(mine.cells, theirs.cells);
  const ran = base ? ranSince(base, mine) : new Set();
  const cells = theirs.cells.map((cell, index) => {
    const place = places[index] ?? -1;
    const held = ran.has(place) || running.has(place) ? mine.cells[place] : undefined;
    return held ? { ...cell, outputs: held.outputs, count: held.count } : cell;
  });
  return { ...theirs, cells };
}

/** Places in `mine` of cells whose outputs are others than they were. */
function ranSince(base: NotebookContent, mine: NotebookContent): ReadonlySet<number> {
  const places = matchCells(base.cells, mine.cells);
  const hasRun = (cell: Cell, index: number) => {
    const before = base.cells[places[index] ?? -1];
    return !before || before.count !== cell.count || !sameJson(before.outputs, cell.outputs);
  };
  return new Set(mine.cells.flatMap((cell, index) => (hasRun(cell, index) ? [index] : [])));
}

/** Whether a cell whose source was edited here has another one in the file too. */
function meetsEdits(
  base: NotebookContent,
  mine: NotebookContent,
  theirs: NotebookContent
): boolean {
  const [here, there] = [mine, theirs].map(({ cells }) => {
    const places = matchCells(base.cells, cells);
    return new Map(places.map((place, index) => [place, cells[index]?.source]));
  });
  return base.cells.some(({ source }, place) => {
    const [ofMine, ofTheirs] = [here?.get(place), there?.get(place)];
    const isEdited = ofMine !== undefined && ofMine !== source;
    return isEdited && ofTheirs !== undefined && ofTheirs !== source && ofTheirs !== ofMine;
  });
}

function merge(
  base: NotebookContent,
  mine: NotebookContent,
  theirs: NotebookContent
): NotebookContent | null {
  const runs = sameRuns(base, mine, theirs);
  const inner = new Set([...runs.values()].flatMap(([, ...others]) => others.map(({ id }) => id)));
  const [ofBase, ofMine, ofTheirs] = [base, mine, theirs].map(notebook =>
    textOf({
      ...notebook,
      cells: notebook.cells
        .filter(({ id }) => !inner.has(id))
        .map(cell => (runs.has(cell.id) ? { ...EMPTY, id: cell.id } : cell))
    })
  );
  const text = mergeNotebooks(ofBase ?? '', ofMine ?? '', ofTheirs ?? '');
  const merged = text === null ? null : notebookContent(JSON.parse(text));
  const known = new Map(mine.cells.map(cell => [cell.id, cell]));
  const trust = new Map(theirs.cells.map(({ id, isTrusted }) => [id, isTrusted]));
  return (
    merged && {
      ...merged,
      cells: merged.cells.flatMap(cell => {
        const before = known.get(cell.id);
        const isKnown = cell.id !== null && before && sameCell(before, cell);
        return runs.get(cell.id) ?? [isKnown ? before : { ...cell, isTrusted: trust.get(cell.id) }];
      })
    }
  );
}

/**
 * Runs of cells that stand together in all three, and are the same: by the id of the first. They go through the merge as one empty
 * cell, since reading them takes time.
 */
function sameRuns(
  base: NotebookContent,
  mine: NotebookContent,
  theirs: NotebookContent
): ReadonlyMap<string | null, readonly Cell[]> {
  const others = [base, theirs].map(({ cells }) => {
    const places = new Map(cells.map(({ id }, place) => [id, place]));
    return { cells, places };
  });
  const runs = new Map<string | null, Cell[]>();
  let run: Cell[] = [];
  for (const cell of mine.cells) {
    const isSame =
      cell.id !== null &&
      others.every(({ cells, places }) => {
        const other = cells[places.get(cell.id) ?? -1];
        return other && sameCell(other, cell);
      });
    const last = run.at(-1);
    const goesOn =
      last &&
      others.every(({ places }) => places.get(cell.id) === (places.get(last.id) ?? NaN) + 1);
    if (!isSame) {
      run = [];
    } else if (goesOn) {
      run.push(cell);
    } else {
      run = [cell];
      runs.set(cell.id, run);
    }
  }
  return runs;
}

const EMPTY: Cell = {
  id: null,
  type: 'raw',
  source: '',
  metadata: {},
  attachments: undefined,
  outputs: [],
  count: null,
  isTrusted: undefined
};

function textOf({ minor, metadata, cells }: NotebookContent): string {
  return JSON.stringify({
    cells: cells.map(cellJson),
    metadata,
    nbformat: 4,
    nbformat_minor: minor
  });
}
