import type { YCellType, YNotebook } from '@jupyter/ydoc';

import { cellOf, ofCells } from './notebook-content';
import type { Cell, NotebookContent } from './notebook-content';

/** Reads the cells of a shared notebook, and those that did not change since only once: there may be thousands. */
export class CellReader {
  /** null where the cells can't be told apart. */
  read(notebook: YNotebook): NotebookContent | null {
    const minor = notebook.nbformat_minor;
    const metadata = { ...notebook.getMetadata() };
    delete metadata.orig_nbformat;
    return ofCells(
      minor,
      metadata,
      notebook.cells.map(cell => this.#cell(cell, minor))
    );
  }

  #cell(shared: YCellType, minor: number): Cell {
    const known = this.#known.get(shared);
    if (known?.minor === minor) {
      return known.cell;
    }
    const cell = cellOf(shared.toJSON(), minor);
    if (known === undefined) {
      // Not by its signal: outputs that a kernel sends change it in silence.
      shared.ymodel.observeDeep(() => {
        this.#known.set(shared, null);
      });
    }
    this.#known.set(shared, { minor, cell });
    return cell;
  }

  /** null for one that changed since; it is listened to already. */
  readonly #known = new WeakMap<YCellType, { minor: number; cell: Cell } | null>();
}
