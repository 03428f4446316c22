import type { YNotebook } from '@jupyter/ydoc';
import type { DocumentRegistry } from '@jupyterlab/docregistry';

import { applyNotebook } from './apply-notebook';
import type { Trust } from './apply-notebook';
import { CellReader } from './cell-reader';
import { matchCells } from './cell-matching';
import type { DocumentContent, FileContent, Incorporation } from './document-content';
import { incorporateNotebook } from './incorporate-notebook';
import { notebookContent, sameCell, sameNotebook } from './notebook-content';
import type { NotebookContent } from './notebook-content';

/** What it is worth that a cell is not made anew. A cell that runs must not be. */
const WORTH = { running: 1_000_000, edited: 1000, other: 1 };

/** The part of a notebook's model, beside its shared one, that says whose outputs may run code. */
interface WithTrust {
  readonly cells: { get(index: number): { trusted: boolean } };
}

/** The cells of an open notebook. */
export class NotebookCells implements DocumentContent {
  /** @param active - places of the cells where the person is at work */
  constructor(
    model: DocumentRegistry.IModel,
    notebook: YNotebook,
    active: () => readonly number[] = () => []
  ) {
    this.#model = model;
    this.#notebook = notebook;
    this.#active = active;
  }

  settle(): void {
    this.#base = this.#content();
  }

  mark(): () => void {
    const marked = this.#content();
    return () => {
      this.#base = marked;
    };
  }

  settleAt(file: FileContent): void {
    this.#base = notebookContent(file.content);
  }

  contentOf(bytes: Uint8Array): FileContent | null {
    try {
      return { format: 'json', content: JSON.parse(new TextDecoder().decode(bytes)) as unknown };
    } catch {
      return null;
    }
  }

  get isClean(): boolean {
    const content = this.#content();
    return this.#base !== null && content !== null && sameNotebook(this.#base, content);
  }

  incorporate(file: FileContent): Incorporation | null | 'unreadable' {
    const theirs = notebookContent(file.content);
    const mine = this.#content();
    if (!theirs) {
      return 'unreadable';
    }
    const running = new Set(
      this.#notebook.cells.flatMap((cell, index) =>
        cell.cell_type === 'code' && cell.executionState !== 'idle' ? [index] : []
      )
    );
    const target = mine && incorporateNotebook({ base: this.#base, mine, theirs, running });
    if (!mine || !target) {
      return null;
    }
    const worthMore = new Set([...this.#active(), ...this.#edited(mine)]);
    const worth = (index: number) =>
      running.has(index) ? WORTH.running : worthMore.has(index) ? WORTH.edited : WORTH.other;
    return {
      isWhole: sameNotebook(target, theirs),
      apply: () => {
        const trust = this.#trust;
        applyNotebook(this.#notebook, mine, target, { worth, ...(trust && { trust }) });
      }
    };
  }

  #content(): NotebookContent | null {
    return this.#reader.read(this.#notebook);
  }

  #edited(mine: NotebookContent): number[] {
    const base = this.#base?.cells ?? [];
    const places = matchCells(base, mine.cells);
    return mine.cells.flatMap((cell, index) => {
      const before = base[places[index] ?? -1];
      return before && sameCell(before, cell) ? [] : [index];
    });
  }

  get #trust(): Trust | undefined {
    const model: object = this.#model;
    return hasTrust(model)
      ? {
          get: place => model.cells.get(place).trusted,
          set: (place, isTrusted) => {
            model.cells.get(place).trusted = isTrusted;
          }
        }
      : undefined;
  }

  readonly #reader = new CellReader();
  readonly #model: DocumentRegistry.IModel;
  readonly #notebook: YNotebook;
  readonly #active: () => readonly number[];
  #base: NotebookContent | null = null;
}

/** Whether the shared model is that of a notebook. */
export function isSharedNotebook(shared: object): shared is YNotebook {
  return 'cells' in shared && 'undoManager' in shared && 'insertCells' in shared;
}

function hasTrust(model: object): model is WithTrust {
  return (
    'cells' in model &&
    typeof model.cells === 'object' &&
    model.cells !== null &&
    'get' in model.cells
  );
}
