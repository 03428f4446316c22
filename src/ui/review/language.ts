import { HighlightStyle, language, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { CodeEditor } from '@jupyterlab/codeeditor';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import { tags } from '@lezer/highlight';

/** Ms after which a language that did not come is done without. */
const PATIENCE = 3000;

/** As JupyterLab colours code, in its themes. */
const COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.keyword, color: 'var(--jp-mirror-editor-keyword-color)', fontWeight: 'bold' },
    { tag: tags.comment, color: 'var(--jp-mirror-editor-comment-color)', fontStyle: 'italic' },
    { tag: tags.string, color: 'var(--jp-mirror-editor-string-color)' },
    { tag: tags.number, color: 'var(--jp-mirror-editor-number-color)' },
    { tag: tags.operator, color: 'var(--jp-mirror-editor-operator-color)' },
    { tag: tags.meta, color: 'var(--jp-mirror-editor-meta-color)' },
    { tag: [tags.atom, tags.bool], color: 'var(--jp-mirror-editor-atom-color)' },
    {
      tag: tags.definition(tags.variableName),
      color: 'var(--jp-mirror-editor-def-color)'
    },
    { tag: tags.standard(tags.variableName), color: 'var(--jp-mirror-editor-builtin-color)' },
    { tag: tags.heading, color: 'var(--jp-mirror-editor-header-color)', fontWeight: 'bold' },
    { tag: tags.link, color: 'var(--jp-mirror-editor-link-color)' },
    { tag: tags.strong, fontWeight: 'bold' },
    { tag: tags.emphasis, fontStyle: 'italic' }
  ])
);

const known = new Map<string, Promise<Extension>>();

/** What colours a text of this MIME type; nothing where that is not known. */
export function languageFor(editors: IEditorServices | null, mimeType: string): Promise<Extension> {
  if (!editors || mimeType === 'text/plain') {
    return Promise.resolve([]);
  }
  const found = known.get(mimeType) ?? learned(editors, mimeType);
  known.set(mimeType, found);
  return found;
}

/** JupyterLab's editors know the languages, and load them when they are needed: one is asked. */
function learned(editors: IEditorServices, mimeType: string): Promise<Extension> {
  return new Promise(resolve => {
    const model = new CodeEditor.Model({ mimeType });
    const done = (extension: Extension): void => {
      clearTimeout(timer);
      resolve(extension);
      // An editor must not go in the middle of its own update.
      queueMicrotask(() => {
        editor.dispose();
        model.dispose();
      });
    };
    const timer = setTimeout(() => done([]), PATIENCE);
    const look = (view: EditorView): void => {
      const found = view.state.facet(language);
      if (found) {
        done([found.extension, COLOURS]);
      }
    };
    const editor = editors.factoryService.newInlineEditor({
      host: document.createElement('div'),
      model,
      extensions: [EditorView.updateListener.of(({ view }) => look(view))]
    });
  });
}
