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
  const theirs = withOutputsOf(open);
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
  return {
    ...merged,
    cells: merged.cells.map((cell, index) => withTrust(cell, mine.cells[places[index] ?? -1]))
  };
}

/** The same outputs are trusted as before; others, as the file's. */
function withTrust(cell: Cell, before: Cell | undefined): Cell {
  return before && sameJson(before.outputs, cell.outputs)
    ? { ...cell, isTrusted: before.isTrusted }
    : cell;
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
  const known = new Map<string, Cell>();
  const small = smaller(base, mine, theirs, known);
  const [ofBase, ofMine, ofTheirs] = small.map(textOf);
  const text = mergeNotebooks(ofBase ?? '', ofMine ?? '', ofTheirs ?? '');
  const merged = text === null ? null : notebookContent(JSON.parse(text));
  const trust = new Map(theirs.cells.map(({ id, isTrusted }) => [id, isTrusted]));
  return (
    merged && {
      ...merged,
      cells: merged.cells.map(
        cell => known.get(cell.id ?? '') ?? { ...cell, isTrusted: trust.get(cell.id) }
      )
    }
  );
}

/** Cells that are the same in all three go through the merge as empty ones: most are, and reading them takes time. */
function smaller(
  base: NotebookContent,
  mine: NotebookContent,
  theirs: NotebookContent,
  known: Map<string, Cell>
): NotebookContent[] {
  const [inBase, inTheirs] = [base, theirs].map(
    ({ cells }) => new Map(cells.map(cell => [cell.id, cell]))
  );
  for (const cell of mine.cells) {
    const [ofBase, ofTheirs] = [inBase?.get(cell.id), inTheirs?.get(cell.id)];
    if (
      cell.id !== null &&
      ofBase &&
      ofTheirs &&
      sameCell(cell, ofBase) &&
      sameCell(cell, ofTheirs)
    ) {
      known.set(cell.id, cell);
    }
  }
  return [base, mine, theirs].map(notebook => ({
    ...notebook,
    cells: notebook.cells.map(cell => (known.has(cell.id ?? '') ? emptied(cell) : cell))
  }));
}

function emptied({ id }: Cell): Cell {
  return {
    id,
    type: 'raw',
    source: '',
    metadata: {},
    attachments: undefined,
    outputs: [],
    count: null,
    isTrusted: undefined
  };
}

function textOf({ minor, metadata, cells }: NotebookContent): string {
  return JSON.stringify({
    cells: cells.map(cellJson),
    metadata,
    nbformat: 4,
    nbformat_minor: minor
  });
}
