import type { ILanguageInfoMetadata } from '@jupyterlab/nbformat';
import type { ReactNode } from 'react';

import { printJson } from '../../sync/merge/json';
import type { Notebook } from '../../sync/merge/notebook';
import { CellView, sourceOf } from './cell-view';
import type { CellRow } from './notebook-rows';
import { useReview } from './review-context';

export interface NotebookViewProps {
  readonly rows: readonly CellRow[];
  /** Whose metadata tell the language. */
  readonly notebook: Notebook;
  readonly labels: { readonly mine: string; readonly theirs: string };
  readonly wordsOf: (row: CellRow) => string;
  readonly choiceFor?: (row: CellRow, number: number) => ReactNode;
}

/** Two notebooks, cell by cell; runs of cells that are the same are folded. */
export function NotebookView({ rows, notebook, labels, wordsOf, choiceFor }: NotebookViewProps) {
  const { trans, editors } = useReview();
  const mimeType = codeTypeOf(notebook, editors);
  return (
    <div className="jp-Projects-cells">
      {runsOf(rows).map(({ first, rows: run }) =>
        run[0]?.isSame ? (
          <details key={run[0].key} className="jp-Projects-sameCells">
            <summary>
              {trans._n('%1 cell is the same', '%1 cells are the same', run.length)}
            </summary>
            {run.map(row => (
              <pre key={row.key}>{sourceOf(row.mine)}</pre>
            ))}
          </details>
        ) : (
          run.map((row, index) => (
            <CellView
              key={row.key}
              row={row}
              number={first + index}
              labels={labels}
              words={wordsOf(row)}
              mimeType={mimeType}
            >
              {choiceFor?.(row, first + index)}
            </CellView>
          ))
        )
      )}
    </div>
  );
}

interface Run {
  /** The number of its first cell, from 1. */
  readonly first: number;
  readonly rows: CellRow[];
}

function runsOf(rows: readonly CellRow[]): Run[] {
  const runs: Run[] = [];
  rows.forEach((row, index) => {
    const last = runs.at(-1);
    if (last && last.rows[0]?.isSame === row.isSame) {
      last.rows.push(row);
    } else {
      runs.push({ first: index + 1, rows: [row] });
    }
  });
  return runs;
}

function codeTypeOf(
  { metadata }: Notebook,
  editors: ReturnType<typeof useReview>['editors']
): string {
  const info = metadata.members.get('language_info');
  if (!info || !editors) {
    return 'text/plain';
  }
  const language = JSON.parse(printJson(info)) as ILanguageInfoMetadata;
  const found = editors.mimeTypeService.getMimeTypeByLanguage(language);
  return typeof found === 'string' ? found : (found[0] ?? 'text/plain');
}
