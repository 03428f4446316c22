import { invertedEffects } from '@codemirror/commands';
import type { Extension, Range } from '@codemirror/state';
import { StateEffect, StateField } from '@codemirror/state';
import type { DecorationSet } from '@codemirror/view';
import { Decoration, EditorView, WidgetType } from '@codemirror/view';

import type { Region } from './draft-merge';

export type RegionChoice = 'mine' | 'theirs' | 'both';

/** A place of the draft where the person chooses; null until they did. */
export interface OpenRegion extends Region {
  readonly choice: RegionChoice | null;
}

export interface RegionWords {
  /** The name of a place, by its number from 1. */
  readonly title: (number: number, count: number) => string;
  readonly choices: readonly { readonly choice: RegionChoice; readonly label: string }[];
}

const chose = StateEffect.define<{
  readonly index: number;
  readonly choice: RegionChoice | null;
}>();

/** What is undone was not chosen. */
const undoing = invertedEffects.of(({ effects, startState }) =>
  effects.flatMap(effect => {
    const before = effect.is(chose) && startState.field(regionField)[effect.value.index];
    return before && effect.is(chose)
      ? [chose.of({ index: effect.value.index, choice: before.choice })]
      : [];
  })
);

/** The places where the person chooses, as the text is now. */
export const regionField = StateField.define<readonly OpenRegion[]>({
  create: () => [],
  update: (regions, { changes, docChanged, effects }) => {
    let now = regions;
    if (docChanged) {
      now = now.map(region => ({
        ...region,
        from: changes.mapPos(region.from, -1),
        to: changes.mapPos(region.to, 1)
      }));
    }
    for (const effect of effects) {
      if (effect.is(chose)) {
        const { index, choice } = effect.value;
        now = now.map((region, place) => (place === index ? { ...region, choice } : region));
      }
    }
    return now;
  }
});

/** Marks the places, each under a line of buttons. */
export function regionMarks(
  regions: readonly (Region & Partial<OpenRegion>)[],
  words: RegionWords
): Extension {
  const marks = StateField.define<DecorationSet>({
    create: state => decorations(state.field(regionField), state.doc, words),
    update: (set, { state, startState }) =>
      state.field(regionField) === startState.field(regionField)
        ? set
        : decorations(state.field(regionField), state.doc, words),
    provide: field => EditorView.decorations.from(field)
  });
  const open = regions.map(region => ({ choice: null, ...region }));
  return [regionField.init(() => open), marks, undoing];
}

/** Puts what was chosen at the place. */
export function chooseRegion(view: EditorView, index: number, choice: RegionChoice): void {
  const region = view.state.field(regionField)[index];
  if (region) {
    const { from, to } = region;
    view.dispatch({
      changes: { from, to, insert: chosenText(region, choice) },
      effects: chose.of({ index, choice }),
      userEvent: 'input.choose'
    });
  }
}

export function chosenText({ mine, theirs }: Region, choice: RegionChoice): string {
  if (choice !== 'both') {
    return choice === 'mine' ? mine : theirs;
  }
  const isApart = mine === '' || theirs === '' || mine.endsWith('\n');
  return isApart ? mine + theirs : `${mine}\n${theirs}`;
}

interface Lines {
  lineAt(position: number): { readonly from: number; readonly to: number };
}

function decorations(
  regions: readonly OpenRegion[],
  doc: Lines,
  words: RegionWords
): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  regions.forEach(({ from, to, choice }, index) => {
    const widget = new RegionButtons(index, regions.length, choice, words);
    ranges.push(Decoration.widget({ widget, block: true, side: -1 }).range(doc.lineAt(from).from));
    for (let at = from; at < to; at = doc.lineAt(at).to + 1) {
      ranges.push(LINE.range(doc.lineAt(at).from));
    }
  });
  return Decoration.set(ranges, true);
}

const LINE = Decoration.line({ class: 'jp-Projects-openLine' });

class RegionButtons extends WidgetType {
  constructor(
    readonly index: number,
    readonly count: number,
    readonly choice: RegionChoice | null,
    readonly words: RegionWords
  ) {
    super();
  }

  override eq(other: RegionButtons): boolean {
    return other.index === this.index && other.choice === this.choice && other.words === this.words;
  }

  override toDOM(view: EditorView): HTMLElement {
    const title = this.words.title(this.index + 1, this.count);
    const node = document.createElement('div');
    node.className = 'jp-Projects-openPlace';
    node.setAttribute('role', 'group');
    node.setAttribute('aria-label', title);
    node.dataset.place = String(this.index);
    const text = document.createElement('span');
    text.textContent = title;
    node.append(text);
    for (const { choice, label } of this.words.choices) {
      node.append(this.#button(view, choice, label));
    }
    return node;
  }

  override ignoreEvent(): boolean {
    return true;
  }

  #button(view: EditorView, choice: RegionChoice, label: string): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-Projects-button jp-mod-styled jp-mod-minimal';
    button.textContent = label;
    button.setAttribute('aria-pressed', String(this.choice === choice));
    button.addEventListener('click', () => {
      chooseRegion(view, this.index, choice);
      focusPlace(view, this.index, choice);
    });
    button.dataset.choice = choice;
    return button;
  }
}

/** The buttons are made anew when a choice changes: the keyboard stays at the one that was pressed. */
export function focusPlace(view: EditorView, index: number, choice?: RegionChoice): void {
  const place = view.dom.querySelector(`.jp-Projects-openPlace[data-place="${index}"]`);
  const button = place?.querySelector<HTMLElement>(
    choice ? `button[data-choice="${choice}"]` : 'button'
  );
  button?.focus();
}
