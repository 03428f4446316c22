import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import type { MutableRefObject } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { Button } from '../components/button';
import { useReview } from '../review/review-context';
import { useIsWide } from '../review/use-width';
import type { DraftMerge } from './draft-merge';
import { MergeEditor } from './merge-editor';
import type { OpenRegion } from './region-field';

/** What can be put beside the result. */
export interface Reference {
  readonly key: string;
  readonly label: string;
  readonly text: string;
}

export interface TextMergeViewProps {
  readonly draft: DraftMerge;
  readonly references: readonly [Reference, ...Reference[]];
  readonly language: Extension | null;
  /** Is given the editor while there is one. */
  readonly editorRef: MutableRefObject<MergeEditor | null>;
}

/** The result of a merge, which the person edits, beside one of the contents that it is made from. */
export function TextMergeView({ draft, references, language, editorRef }: TextMergeViewProps) {
  const { trans } = useReview();
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const isWide = useIsWide(frame);
  const [beside, setBeside] = useState(references[0].key);
  const [regions, setRegions] = useState<readonly OpenRegion[]>([]);
  const reference = references.find(({ key }) => key === beside) ?? references[0];
  const shown = useRef(reference);
  useEffect(() => {
    shown.current = reference;
    editorRef.current?.compareWith(reference);
  }, [reference, editorRef]);
  const words = useMemo(
    () => ({
      title: (number: number, count: number) =>
        trans.__('Both changed this (%1 of %2). Keep:', number, count),
      choices: [
        { choice: 'mine' as const, label: trans.__('Mine') },
        { choice: 'theirs' as const, label: trans.__('Theirs') },
        { choice: 'both' as const, label: trans.__('Both') }
      ]
    }),
    [trans]
  );
  const start = useRef(draft);
  useEffect(() => {
    if (!host.current || language === null) {
      return;
    }
    const made: MergeEditor = new MergeEditor({
      parent: host.current,
      draft: start.current,
      label: trans.__('Result of the merge'),
      reference: shown.current,
      isWide,
      language,
      phrases: EditorState.phrases.of({}),
      words,
      take: trans.__('Take this change into the result'),
      onChange: () => setRegions(made.regions)
    });
    editorRef.current = made;
    setRegions(made.regions);
    return () => {
      // Another layout goes on with what was made so far.
      start.current = { text: made.text, regions: made.regions };
      editorRef.current = null;
      made.dispose();
    };
  }, [isWide, language, trans, words, editorRef]);
  const open = regions.filter(({ choice }) => choice === null).length;
  const next = regions.findIndex(({ choice }) => choice === null);
  return (
    <div ref={frame} className="jp-Projects-diff">
      <div className="jp-Projects-mergeBar">
        <span role="status">
          {regions.length === 0
            ? trans.__('Nothing was changed by both in the same place: the result has all changes.')
            : open === 0
              ? trans.__('You have chosen in every place.')
              : trans._n(
                  '%1 place is still to be chosen; it has your lines until then.',
                  '%1 places are still to be chosen; they have your lines until then.',
                  open
                )}
        </span>
        {next >= 0 && (
          <Button onClick={() => editorRef.current?.goTo(next)}>
            {trans.__('Go to the next place')}
          </Button>
        )}
      </div>
      {isWide && (
        <div className="jp-Projects-sideTitles">
          <label>
            {trans.__('Beside it:')}{' '}
            <select value={reference.key} onChange={event => setBeside(event.target.value)}>
              {references.map(({ key, label }) => (
                <option key={key} value={key}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <span>{trans.__('Result, to be edited')}</span>
        </div>
      )}
      <div ref={host} className="jp-Projects-diffHost jp-mod-merge" />
    </div>
  );
}
