import type { MutableRefObject } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { useReview } from '../review/review-context';
import { TextDiffView } from '../review/text-diff-view';
import { useLanguage } from '../review/use-language';
import { draftMerge } from './draft-merge';
import { withLineFeeds } from './line-ends';
import type { MergeEditor } from './merge-editor';
import type { TakeResult } from './merging';
import { TextMergeView } from './text-merge-view';
import type { Reference } from './text-merge-view';

export interface TextConflictProps {
  readonly path: string;
  readonly mine: string;
  readonly theirs: string;
  /** null where it is not known. */
  readonly base: string | null;
  readonly isMerging: boolean;
  readonly resultRef: MutableRefObject<TakeResult | null>;
}

/** A text that both changed: what differs, and the editor of a merge. */
export function TextConflict({
  path,
  mine,
  theirs,
  base,
  isMerging,
  resultRef
}: TextConflictProps) {
  const { trans } = useReview();
  const language = useLanguage(path);
  const [pair, setPair] = useState('sides');
  const editorRef = useRef<MergeEditor | null>(null);
  const lined = useMemo(
    () => withLineFeeds(base === null ? [mine, theirs] : [mine, theirs, base]),
    [mine, theirs, base]
  );
  const [ofMine = '', ofTheirs = '', ofBase = null] = lined.texts;
  const draft = useMemo(() => draftMerge(ofBase, ofMine, ofTheirs), [ofBase, ofMine, ofTheirs]);
  useEffect(() => {
    resultRef.current = () =>
      editorRef.current && {
        text: lined.back(editorRef.current.text),
        open: editorRef.current.regions.filter(({ choice }) => choice === null).length
      };
    return () => {
      resultRef.current = null;
    };
  }, [lined, resultRef]);
  const yours = { label: trans.__('Yours'), text: ofMine };
  const others = { label: trans.__('Theirs'), text: ofTheirs };
  const before = ofBase === null ? null : { label: trans.__('Before'), text: ofBase };
  if (isMerging) {
    const references: [Reference, ...Reference[]] = [
      { key: 'theirs', ...others },
      { key: 'mine', ...yours },
      ...(before ? [{ key: 'base', ...before }] : [])
    ];
    return (
      <TextMergeView
        draft={draft}
        references={references}
        language={language}
        editorRef={editorRef}
      />
    );
  }
  const pairs = {
    sides: { title: trans.__('Yours and theirs'), before: yours, after: others },
    ...(before && {
      mine: { title: trans.__('What you changed'), before, after: yours },
      theirs: { title: trans.__('What they changed'), before, after: others }
    })
  };
  const shown = Object.entries(pairs).find(([key]) => key === pair)?.[1] ?? pairs.sides;
  return (
    <>
      {before && (
        <label className="jp-Projects-pick">
          {trans.__('Compare:')}{' '}
          <select value={pair} onChange={event => setPair(event.target.value)}>
            {Object.entries(pairs).map(([key, { title }]) => (
              <option key={key} value={key}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
      <TextDiffView before={shown.before} after={shown.after} language={language} />
    </>
  );
}
