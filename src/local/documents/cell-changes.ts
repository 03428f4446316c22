import { matchCells } from './cell-matching';
import type { Cell } from './notebook-content';
import { sameCell } from './notebook-content';

/** A cell that stays, and changes. */
export interface UpdatedCell {
  /** In the notebook as it was. */
  readonly place: number;
  readonly from: Cell;
  readonly to: Cell;
}

/** A cell that comes. */
export interface InsertedCell {
  /** Once those before it are there. */
  readonly index: number;
  readonly cell: Cell;
  /** Of the same cell in the notebook as it was; null for a new one. */
  readonly place: number | null;
}

/** What makes the cells of one notebook into those of another, to be done in this order. */
export interface CellChanges {
  readonly updated: readonly UpdatedCell[];
  /** Places of cells that go, in the notebook as it was, the last first. */
  readonly removed: readonly number[];
  /** The first first. */
  readonly inserted: readonly InsertedCell[];
}

/**
 * Which cells have to be made anew, so that as few as possible are. A cell that is moved is one of those: it goes, and comes again.
 *
 * @param worth - what it is worth that the cell at a place of `from` is kept as it is; 1 for any cell
 */
export function cellChanges(
  from: readonly Cell[],
  to: readonly Cell[],
  worth: (index: number) => number = () => 1
): CellChanges {
  const matches = matchCells(from, to);
  const staying = new Set(
    worthiestRun(
      matches.filter(match => match !== null),
      worth
    )
  );
  const inserted: InsertedCell[] = [];
  const updated: UpdatedCell[] = [];
  to.forEach((cell, index) => {
    const match = matches[index] ?? null;
    const before = match === null ? undefined : from[match];
    if (match === null || before === undefined || !staying.has(match)) {
      inserted.push({ index, cell, place: match });
    } else if (!sameCell(before, cell)) {
      updated.push({ place: match, from: before, to: cell });
    }
  });
  const removed = from.map((_, index) => index).filter(index => !staying.has(index));
  return { removed: removed.reverse(), inserted, updated };
}

/** Those of the numbers that are in rising order, and together worth the most. */
function worthiestRun(
  numbers: readonly number[],
  worth: (number: number) => number
): readonly number[] {
  if (numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? 0) < number)) {
    return numbers;
  }
  interface Run {
    readonly last: number;
    readonly worth: number;
    readonly before: Run | null;
  }
  const runs: Run[] = [];
  for (const number of numbers) {
    let best: Run | null = null;
    for (const run of runs) {
      if (run.last < number && run.worth > (best?.worth ?? 0)) {
        best = run;
      }
    }
    runs.push({ last: number, worth: (best?.worth ?? 0) + worth(number), before: best });
  }
  const [first, ...others] = runs;
  let run: Run | null | undefined = others.reduce(
    (best, each) => (best && best.worth >= each.worth ? best : each),
    first
  );
  const kept: number[] = [];
  for (; run; run = run.before) {
    kept.push(run.last);
  }
  return kept.reverse();
}
