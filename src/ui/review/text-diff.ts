import { MergeView, unifiedMergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { editorSetup } from './editor-setup';

/** A text that is compared, and what it is called. */
export interface NamedText {
  readonly label: string;
  readonly text: string;
}

export interface TextDiffOptions {
  readonly parent: HTMLElement;
  readonly before: NamedText;
  readonly after: NamedText;
  /** Beside each other; else one below the other, change by change. */
  readonly isWide: boolean;
  readonly language: Extension;
  /** What the fold of unchanged lines says. */
  readonly phrases: Extension;
}

const COLLAPSE = { margin: 3, minSize: 6 };

/** Shows what differs between two texts; neither can be changed. Returns what takes it away. */
export function showTextDiff(options: TextDiffOptions): () => void {
  const { parent, before, after, isWide, language, phrases } = options;
  const extensions = ({ label }: NamedText): Extension => [
    editorSetup({ label, isEditable: false }),
    language,
    phrases
  ];
  if (isWide) {
    const view = new MergeView({
      parent,
      a: { doc: before.text, extensions: extensions(before) },
      b: { doc: after.text, extensions: extensions(after) },
      gutter: true,
      collapseUnchanged: COLLAPSE
    });
    return () => view.destroy();
  }
  const view = new EditorView({
    parent,
    doc: after.text,
    extensions: [
      extensions(after),
      unifiedMergeView({
        original: before.text,
        mergeControls: false,
        gutter: true,
        collapseUnchanged: COLLAPSE
      })
    ]
  });
  return () => view.destroy();
}
