import type { ReactNode } from 'react';

import type { JsonObject } from '../../sync/merge/json';
import { same, stringIn } from '../../sync/merge/json';
import { multilineIn } from '../../sync/merge/notebook';
import type { CellRow } from './notebook-rows';
import { OutputList, outputsOf } from './output-list';
import { useReview } from './review-context';
import { TextDiffView } from './text-diff-view';
import { useMimeTypeLanguage } from './use-language';

export interface CellViewProps {
  readonly row: CellRow;
  /** From 1. */
  readonly number: number;
  readonly labels: { readonly mine: string; readonly theirs: string };
  /** Who changed it, for people. */
  readonly words: string;
  /** The MIME type of the notebook's code. */
  readonly mimeType: string;
  /** The choice. */
  readonly children?: ReactNode;
}

/** A cell that differs: its source and its outputs, those of both sides beside each other. */
export function CellView({ row, number, labels, words, mimeType, children }: CellViewProps) {
  const { trans } = useReview();
  const { mine, theirs } = row;
  const isCode = typeOf(mine ?? theirs) === 'code';
  const language = useMimeTypeLanguage(isCode ? mimeType : 'text/x-ipythongfm');
  const hasOutputs = [mine, theirs].some(cell => cell && outputsOf(cell).length > 0);
  const isOneOutput = same(mine?.members.get('outputs'), theirs?.members.get('outputs'));
  return (
    <section className="jp-Projects-cell" aria-label={trans.__('Cell %1', number)}>
      <header>
        <h3>{trans.__('Cell %1', number)}</h3>
        <span className="jp-Projects-reviewQuiet">{words}</span>
      </header>
      {children}
      <TextDiffView
        before={{ label: labels.mine, text: sourceOf(mine) }}
        after={{ label: labels.theirs, text: sourceOf(theirs) }}
        language={language}
        missing={{ before: mine === null, after: theirs === null }}
      />
      {hasOutputs && isOneOutput && mine && (
        <div className="jp-Projects-side">
          <span className="jp-Projects-reviewQuiet">{trans.__('The outputs are the same.')}</span>
          <OutputList cell={mine} />
        </div>
      )}
      {hasOutputs && !isOneOutput && (
        <div className="jp-Projects-sides">
          {[
            { label: labels.mine, cell: mine },
            { label: labels.theirs, cell: theirs }
          ].map(({ label, cell }) => (
            <div key={label} className="jp-Projects-side" role="group" aria-label={label}>
              <span className="jp-Projects-reviewQuiet">{trans.__('Outputs: %1', label)}</span>
              {cell && <OutputList cell={cell} />}
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

/** '' for a cell that is not there. */
export function sourceOf(cell: JsonObject | null): string {
  return multilineIn(cell?.members.get('source')) ?? '';
}

function typeOf(cell: JsonObject | null): string {
  return stringIn(cell?.members.get('cell_type')) ?? '';
}
