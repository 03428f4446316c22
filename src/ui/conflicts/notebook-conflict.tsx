import type { MutableRefObject } from 'react';
import { useEffect, useMemo, useState } from 'react';

import type { Notebook } from '../../sync/merge/notebook';
import { cellsOf, mergedNotebook } from '../review/merged-notebook';
import { rowsOf } from '../review/notebook-rows';
import type { CellChoice, CellRow } from '../review/notebook-rows';
import { NotebookView } from '../review/notebook-view';
import { useReview } from '../review/review-context';
import type { TakeResult } from './merging';

export interface Notebooks {
  readonly mine: Notebook;
  readonly theirs: Notebook;
  /** null where it is not known, or is no notebook. */
  readonly base: Notebook | null;
}

export interface NotebookConflictProps {
  readonly notebooks: Notebooks;
  readonly isMerging: boolean;
  readonly resultRef: MutableRefObject<TakeResult | null>;
}

/** A notebook that both changed, cell by cell. */
export function NotebookConflict({ notebooks, isMerging, resultRef }: NotebookConflictProps) {
  const { trans } = useReview();
  const [choices, setChoices] = useState<ReadonlyMap<string, CellChoice>>(new Map());
  const rows = useMemo(() => rowsOf(notebooks.mine, notebooks.theirs, notebooks.base), [notebooks]);
  useEffect(() => {
    const choiceOf = (row: CellRow): CellChoice => choices.get(row.key) ?? row.suggestion;
    resultRef.current = () => ({
      text: mergedNotebook(rows, choiceOf, notebooks),
      open: rows.filter(row => !choices.has(row.key) && isOpen(row)).length
    });
    return () => {
      resultRef.current = null;
    };
  }, [rows, choices, notebooks, resultRef]);
  const open = rows.filter(row => !choices.has(row.key) && isOpen(row)).length;
  const choose = (row: CellRow, choice: CellChoice): void =>
    setChoices(before => new Map(before).set(row.key, choice));
  return (
    <>
      {isMerging && (
        <div className="jp-Projects-mergeBar">
          <span role="status">
            {open === 0
              ? trans.__('Every cell is chosen: each says what the result has of it.')
              : trans._n(
                  '%1 cell is still to be chosen; the result has yours until then.',
                  '%1 cells are still to be chosen; the result has yours until then.',
                  open
                )}
          </span>
        </div>
      )}
      {rows.every(({ isSame }) => isSame) && (
        <p className="jp-Projects-reviewQuiet">
          {trans.__('The cells are the same; only what is kept about the notebook differs.')}
        </p>
      )}
      <NotebookView
        rows={rows}
        notebook={notebooks.mine}
        labels={{ mine: trans.__('Yours'), theirs: trans.__('Theirs') }}
        wordsOf={row => changeWords(row, trans)}
        choiceFor={
          isMerging
            ? (row, number) => (
                <fieldset className="jp-Projects-cellChoice">
                  <legend>{trans.__('The result has of cell %1:', number)}</legend>
                  {choicesOf(row).map(choice => (
                    <label key={choice}>
                      <input
                        type="radio"
                        name={`jp-projects-${row.key}`}
                        checked={(choices.get(row.key) ?? row.suggestion) === choice}
                        onChange={() => choose(row, choice)}
                      />
                      {choiceWords(row, choice, trans)}
                    </label>
                  ))}
                </fieldset>
              )
            : undefined
        }
      />
    </>
  );
}

/** Whether nothing follows from who changed it. */
function isOpen({ isSame, changedBy, merged }: CellRow): boolean {
  return !isSame && (changedBy === 'unknown' || (changedBy === 'both' && merged === null));
}

function choicesOf({ mine, theirs, merged }: CellRow): CellChoice[] {
  return [
    ...(merged ? (['merged'] as const) : []),
    'mine',
    'theirs',
    ...(mine && theirs ? (['both'] as const) : [])
  ];
}

type Trans = ReturnType<typeof useReview>['trans'];

function choiceWords(row: CellRow, choice: CellChoice, trans: Trans): string {
  const isLeftOut = cellsOf(row, choice).length === 0;
  switch (choice) {
    case 'mine':
      return isLeftOut ? trans.__('Mine: leave it out') : trans.__('Mine');
    case 'theirs':
      return isLeftOut ? trans.__('Theirs: leave it out') : trans.__('Theirs');
    case 'both':
      return trans.__('Both, mine first');
    case 'merged':
      return trans.__('Both changes in one cell');
  }
}

function changeWords({ mine, theirs, changedBy, merged }: CellRow, trans: Trans): string {
  const isAlone = !mine || !theirs;
  switch (changedBy) {
    case 'mine':
      return isAlone
        ? mine
          ? trans.__('You added it.')
          : trans.__('You deleted it.')
        : trans.__('You changed it.');
    case 'theirs':
      return isAlone
        ? theirs
          ? trans.__('They added it.')
          : trans.__('They deleted it.')
        : trans.__('They changed it.');
    case 'both':
      if (isAlone) {
        return mine
          ? trans.__('You changed it, and they deleted it.')
          : trans.__('They changed it, and you deleted it.');
      }
      return merged
        ? trans.__('Both changed it, in different places.')
        : trans.__('Both changed it, in the same place.');
    case 'nobody':
    case 'unknown':
      return isAlone
        ? mine
          ? trans.__('Only yours has it here.')
          : trans.__('Only theirs has it here.')
        : trans.__('It differs.');
  }
}
