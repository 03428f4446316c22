import type { Extension } from '@codemirror/state';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';

/** The same in all texts that are compared: every character counts, line ends too. */
export function editorSetup(options: {
  readonly label: string;
  readonly isEditable: boolean;
}): Extension {
  const { label, isEditable } = options;
  return [
    // Else a file with other line ends would lose them.
    EditorState.lineSeparator.of('\n'),
    lineNumbers(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': label,
      ...(isEditable ? {} : { 'aria-readonly': 'true', tabindex: '0' })
    }),
    isEditable ? [] : [EditorState.readOnly.of(true), EditorView.editable.of(false)],
    THEME
  ];
}

const THEME = EditorView.theme({
  '&': {
    color: 'var(--jp-mirror-editor-variable-color, var(--jp-content-font-color1))',
    backgroundColor: 'var(--jp-layout-color0)',
    fontSize: 'var(--jp-code-font-size)'
  },
  '&.cm-focused': { outline: '2px solid var(--jp-brand-color1)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--jp-code-font-family)',
    lineHeight: 'var(--jp-code-line-height)'
  },
  '.cm-content': { caretColor: 'var(--jp-editor-cursor-color)' },
  '.cm-gutters': {
    color: 'var(--jp-ui-font-color2)',
    backgroundColor: 'var(--jp-layout-color1)',
    borderRight: '1px solid var(--jp-border-color2)'
  }
});
