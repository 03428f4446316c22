import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { MergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

import { editorSetup } from '../review/editor-setup';
import type { NamedText } from '../review/text-diff';
import type { DraftMerge } from './draft-merge';
import type { OpenRegion, RegionWords } from './region-field';
import { focusPlace, regionField, regionMarks } from './region-field';

export interface MergeEditorOptions {
  readonly parent: HTMLElement;
  readonly draft: DraftMerge;
  readonly label: string;
  readonly reference: NamedText;
  /** What is put beside the result; else the result stands alone. */
  readonly isWide: boolean;
  readonly language: Extension;
  readonly phrases: Extension;
  readonly words: RegionWords;
  /** The name of the button that takes a change from beside. */
  readonly take: string;
  readonly onChange: () => void;
}

/** The text that a merge is to be, which the person edits, beside what they merge from. */
export class MergeEditor {
  constructor(options: MergeEditorOptions) {
    const { parent, draft, label, reference, language, phrases, words } = options;
    const result: Extension = [
      editorSetup({ label, isEditable: true }),
      language,
      phrases,
      history(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      regionMarks(draft.regions, words),
      EditorView.updateListener.of(({ docChanged }) => docChanged && options.onChange())
    ];
    if (!options.isWide) {
      this.#view = new EditorView({ parent, doc: draft.text, extensions: result });
      return;
    }
    this.#merge = new MergeView({
      parent,
      a: {
        doc: reference.text,
        extensions: [editorSetup({ label: reference.label, isEditable: false }), language, phrases]
      },
      b: { doc: draft.text, extensions: result },
      gutter: true,
      revertControls: 'a-to-b',
      renderRevertControl: () => takeButton(options.take)
    });
    this.#view = this.#merge.b;
  }

  get text(): string {
    return this.#view.state.sliceDoc();
  }

  get regions(): readonly OpenRegion[] {
    return this.#view.state.field(regionField);
  }

  /** Puts another text beside the result. */
  compareWith({ text }: NamedText): void {
    const beside = this.#merge?.a;
    beside?.dispatch({ changes: { from: 0, to: beside.state.doc.length, insert: text } });
  }

  /** Brings the keyboard to the buttons of a place. */
  goTo(index: number): void {
    const region = this.regions[index];
    if (region) {
      this.#view.dispatch({ effects: EditorView.scrollIntoView(region.from, { y: 'center' }) });
      requestAnimationFrame(() => focusPlace(this.#view, index));
    }
  }

  dispose(): void {
    if (this.#merge) {
      this.#merge.destroy();
    } else {
      this.#view.destroy();
    }
  }

  readonly #view: EditorView;
  readonly #merge: MergeView | null = null;
}

function takeButton(label: string): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = '→';
  button.title = label;
  button.setAttribute('aria-label', label);
  return button;
}
