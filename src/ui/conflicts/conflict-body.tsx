import type { MutableRefObject } from 'react';
import { useMemo } from 'react';

import type { ConflictSides } from '../../tokens';
import { readNotebook } from '../../sync/merge/notebook';
import { hasIds } from '../../sync/merge/notebook';
import { useNow } from '../hooks';
import type { Comparison } from '../review/content-kind';
import { comparisonOf, textOf } from '../review/content-kind';
import { FactsTable } from '../review/facts-table';
import { ImagePair } from '../review/image-pair';
import { useReview } from '../review/review-context';
import { whenWords } from '../review/when-words';
import type { TakeResult } from './merging';
import { NotebookConflict } from './notebook-conflict';
import type { Notebooks } from './notebook-conflict';
import { TextConflict } from './text-conflict';

/** How a conflict can be shown, and whether it can be merged by hand. */
export type Shown =
  | {
      readonly kind: 'text';
      readonly mine: string;
      readonly theirs: string;
      readonly base: string | null;
      readonly isText: boolean;
    }
  | { readonly kind: 'notebook'; readonly notebooks: Notebooks }
  | Exclude<Comparison, { kind: 'text' | 'notebook' }>;

export function shownOf({ path, mine, theirs, base }: ConflictSides): Shown {
  const comparison = comparisonOf(path, [mine?.content ?? null, theirs?.content ?? null]);
  if (comparison.kind === 'image' || comparison.kind === 'facts') {
    const isLarge = comparison.kind === 'facts' && mine && theirs && comparison.why === 'missing';
    return isLarge ? { kind: 'facts', why: 'large' } : comparison;
  }
  const [ofMine = '', ofTheirs = ''] = comparison.texts;
  const ofBase = base?.content ? textOf(base.content) : null;
  const notebooks = comparison.kind === 'notebook' && notebooksOf(ofMine, ofTheirs, ofBase);
  return notebooks
    ? { kind: 'notebook', notebooks }
    : {
        kind: 'text',
        mine: ofMine,
        theirs: ofTheirs,
        base: ofBase,
        isText: comparison.kind === 'text'
      };
}

function notebooksOf(mine: string, theirs: string, base: string | null): Notebooks | null {
  const [ofMine, ofTheirs] = [readNotebook(mine), readNotebook(theirs)];
  return ofMine && ofTheirs && hasIds(ofMine) === hasIds(ofTheirs)
    ? { mine: ofMine, theirs: ofTheirs, base: base === null ? null : readNotebook(base) }
    : null;
}

export interface ConflictBodyProps {
  readonly sides: ConflictSides;
  readonly shown: Shown;
  readonly isMerging: boolean;
  readonly resultRef: MutableRefObject<TakeResult | null>;
}

/** The contents of a conflict beside each other, each kind in its way. */
export function ConflictBody({ sides, shown, isMerging, resultRef }: ConflictBodyProps) {
  const { trans, locale, projects } = useReview();
  const { path, mine, theirs, base } = sides;
  const now = useNow();
  const labels = useMemo(
    () => ({ mine: trans.__('Yours'), theirs: trans.__('Theirs'), base: trans.__('Before') }),
    [trans]
  );
  switch (shown.kind) {
    case 'text':
      return <TextConflict path={path} {...shown} isMerging={isMerging} resultRef={resultRef} />;
    case 'notebook':
      return (
        <NotebookConflict notebooks={shown.notebooks} isMerging={isMerging} resultRef={resultRef} />
      );
    case 'image': {
      const images = [
        { label: labels.mine, side: mine },
        { label: labels.theirs, side: theirs },
        { label: labels.base, side: base }
      ].flatMap(({ label, side }) => (side?.content ? [{ label, content: side.content }] : []));
      return <ImagePair images={images} mimeType={shown.mimeType} />;
    }
    case 'facts': {
      const facts = [
        { label: labels.mine, side: mine },
        { label: labels.theirs, side: theirs },
        ...(base ? [{ label: labels.base, side: base }] : [])
      ].map(({ label, side }) => ({
        label,
        size: side?.size ?? null,
        when: side?.at ? whenWords(side.at, now, locale, trans) : '',
        who:
          side === mine && mine
            ? (projects.account?.name ?? trans.__('you'))
            : (side?.author?.name ?? '')
      }));
      return <FactsTable facts={facts} why={factsWords(shown.why, trans)} />;
    }
  }
}

function factsWords(
  why: 'missing' | 'large' | 'binary',
  trans: ReturnType<typeof useReview>['trans']
): string {
  switch (why) {
    case 'missing':
      return trans.__('One of the two files is not there, so there is nothing to compare it with.');
    case 'large':
      return trans.__('The contents are too large to be shown side by side.');
    case 'binary':
      return trans.__('The contents are no text, so only what is known of them is shown.');
  }
}
