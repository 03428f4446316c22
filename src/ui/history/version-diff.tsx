import { useMemo } from 'react';

import { readNotebook } from '../../sync/merge/notebook';
import { comparisonOf } from '../review/content-kind';
import { FactsTable } from '../review/facts-table';
import type { Facts } from '../review/facts-table';
import { ImagePair } from '../review/image-pair';
import { rowsOf } from '../review/notebook-rows';
import { NotebookView } from '../review/notebook-view';
import { useReview } from '../review/review-context';
import { TextDiffView } from '../review/text-diff-view';
import { useLanguage } from '../review/use-language';

export interface NamedContent extends Facts {
  /** null where it is too large to be shown. */
  readonly content: Uint8Array<ArrayBuffer> | null;
}

export interface VersionDiffProps {
  readonly path: string;
  readonly before: NamedContent;
  readonly after: NamedContent;
}

/** What differs between two versions of a file, each kind in its way; nothing can be changed. */
export function VersionDiff({ path, before, after }: VersionDiffProps) {
  const { trans } = useReview();
  const language = useLanguage(path);
  const comparison = useMemo(
    () => comparisonOf(path, [before.content, after.content]),
    [path, before, after]
  );
  const [ofBefore = '', ofAfter = ''] = 'texts' in comparison ? comparison.texts : [];
  const notebooks = useMemo(() => {
    const [left, right] =
      comparison.kind === 'notebook' ? [readNotebook(ofBefore), readNotebook(ofAfter)] : [];
    return left && right ? { left, right, rows: rowsOf(left, right, null) } : null;
  }, [comparison, ofBefore, ofAfter]);
  if (comparison.kind === 'image') {
    const images = [before, after].flatMap(({ label, content }) =>
      content ? [{ label, content }] : []
    );
    return <ImagePair images={images} mimeType={comparison.mimeType} />;
  }
  if (comparison.kind === 'facts') {
    const why =
      comparison.why === 'binary'
        ? trans.__('The contents are no text, so only what is known of them is shown.')
        : trans.__('The contents are too large to be shown side by side.');
    return <FactsTable facts={[before, after]} why={why} />;
  }
  if (notebooks) {
    return (
      <>
        {notebooks.rows.every(({ isSame }) => isSame) && (
          <p className="jp-Projects-reviewQuiet" role="status">
            {trans.__('The cells are the same.')}
          </p>
        )}
        <NotebookView
          rows={notebooks.rows}
          notebook={notebooks.right}
          labels={{ mine: before.label, theirs: after.label }}
          wordsOf={({ mine, theirs }) =>
            mine && theirs
              ? trans.__('It was changed.')
              : mine
                ? trans.__('It was deleted.')
                : trans.__('It was added.')
          }
        />
      </>
    );
  }
  return (
    <TextDiffView
      before={{ label: before.label, text: ofBefore }}
      after={{ label: after.label, text: ofAfter }}
      language={language}
    />
  );
}
