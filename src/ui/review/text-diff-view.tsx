import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { useEffect, useRef } from 'react';

import { useReview } from './review-context';
import type { NamedText } from './text-diff';
import { showTextDiff } from './text-diff';
import { useWasSeen } from './use-seen';
import { useIsWide } from './use-width';

export interface TextDiffViewProps {
  readonly before: NamedText;
  readonly after: NamedText;
  readonly language: Extension | null;
  /** What is not there at all; it is told in place of its text. */
  readonly missing?: { readonly before: boolean; readonly after: boolean };
}

/** What differs between two texts: beside each other where there is room, else below each other. */
export function TextDiffView({ before, after, language, missing }: TextDiffViewProps) {
  const { trans } = useReview();
  const frame = useRef<HTMLDivElement>(null);
  const isWide = useIsWide(frame);
  const wasSeen = useWasSeen(frame);
  const host = useRef<HTMLDivElement>(null);
  const { label: beforeLabel, text: beforeText } = before;
  const { label: afterLabel, text: afterText } = after;
  useEffect(() => {
    if (!host.current || language === null || !wasSeen) {
      return;
    }
    return showTextDiff({
      parent: host.current,
      before: { label: beforeLabel, text: beforeText },
      after: { label: afterLabel, text: afterText },
      isWide,
      language,
      phrases: EditorState.phrases.of({
        '$ unchanged lines': trans.__('$ unchanged lines; show them')
      })
    });
  }, [beforeLabel, beforeText, afterLabel, afterText, isWide, language, wasSeen, trans]);
  const titled = (label: string, isMissing = false): string =>
    isMissing ? trans.__('%1: not there', label) : label;
  return (
    <div ref={frame} className="jp-Projects-diff">
      {isWide ? (
        <div className="jp-Projects-sideTitles" aria-hidden="true">
          <span>{titled(beforeLabel, missing?.before)}</span>
          <span>{titled(afterLabel, missing?.after)}</span>
        </div>
      ) : (
        <p className="jp-Projects-reviewQuiet">
          {trans.__('Lines marked − are “%1”, those marked + are “%2”.', beforeLabel, afterLabel)}
        </p>
      )}
      {beforeText === afterText && (
        <p className="jp-Projects-reviewQuiet" role="status">
          {trans.__('The two are the same.')}
        </p>
      )}
      <div ref={host} className={`jp-Projects-diffHost${isWide ? '' : ' jp-mod-narrow'}`} />
    </div>
  );
}
