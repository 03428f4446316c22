import type { SharedCell, YCellType, YNotebook } from '@jupyter/ydoc';
import type { PartialJSONValue } from '@lumino/coreutils';

import { cellChanges } from './cell-changes';
import { attachmentsOf, cellJson } from './cell-json';
import type { Cell, NotebookContent } from './notebook-content';
import { sameJson } from './notebook-content';
import { editsBetween } from './text-edits';

export interface ApplyNotebookOptions {
  /** What it is worth that the cell at a place is not made anew; 1 for any cell. */
  readonly worth?: (index: number) => number;
  /** Whose outputs may run code, by the places of now. Default: as the file says. */
  readonly trust?: Trust;
}

export interface Trust {
  get(place: number): boolean;
  set(place: number, isTrusted: boolean): void;
}

/**
 * Makes an open notebook hold `target`, as one step that the person can undo.
 *
 * #### Notes
 * What does not differ is not touched: cells that stay keep their editors, outputs and widgets, and text its cursors.
 *
 * @param mine - what it holds now
 */
export function applyNotebook(
  notebook: YNotebook,
  mine: NotebookContent,
  target: NotebookContent,
  { worth, trust }: ApplyNotebookOptions = {}
): void {
  const { removed, inserted, updated } = cellChanges(mine.cells, target.cells, worth);
  for (const { place, from, to } of updated) {
    // Before they come: what is shown as trusted may run code.
    if (!sameJson(from.outputs, to.outputs)) {
      trust?.set(place, to.isTrusted ?? false);
    }
  }
  const coming = inserted.map(({ index, cell, place }) => {
    const isSame = place !== null && sameJson(mine.cells[place]?.outputs, cell.outputs);
    return { index, cell: withTrust(cell, isSame ? trust?.get(place) : cell.isTrusted) };
  });
  notebook.undoManager.stopCapturing();
  notebook.transact(() => {
    // First: its list of cells is that of before until the transaction ends.
    for (const { place, from, to } of updated) {
      updateCell(notebook.getCell(place), from, to);
    }
    for (const place of removed) {
      notebook.deleteCell(place);
    }
    for (const { index, cell } of coming) {
      notebook.insertCell(index, cell);
    }
    updateMetadata(notebook, mine.metadata, target.metadata);
    if (mine.minor !== target.minor) {
      notebook.nbformat_minor = target.minor;
    }
  });
  notebook.undoManager.stopCapturing();
}

function updateCell(cell: YCellType, from: Cell, to: Cell): void {
  for (const { start, end, text } of editsBetween(from.source, to.source)) {
    cell.updateSource(start, end, text);
  }
  updateMetadata(cell, from.metadata, to.metadata);
  if (cell.cell_type !== 'code') {
    if (!sameJson(from.attachments, to.attachments)) {
      cell.setAttachments(attachmentsOf(to));
    }
    return;
  }
  if (!sameJson(from.outputs, to.outputs)) {
    cell.setOutputs([...to.outputs]);
  }
  cell.execution_count = to.count;
}

interface WithMetadata {
  setMetadata(key: string, value: PartialJSONValue): void;
  deleteMetadata(key: string): void;
}

type Metadata = NotebookContent['metadata'];

function updateMetadata(holder: WithMetadata, from: Metadata, to: Metadata): void {
  for (const key of Object.keys(from).filter(each => to[each] === undefined)) {
    holder.deleteMetadata(key);
  }
  for (const [key, value] of Object.entries(to)) {
    if (value !== undefined && !sameJson(from[key], value)) {
      holder.setMetadata(key, value);
    }
  }
}

/** As the server gives it: whether its outputs may run code is said in the metadata of code. */
function withTrust(cell: Cell, isTrusted: boolean | undefined): SharedCell.Cell {
  const json = cellJson(cell) as SharedCell.Cell;
  return cell.type === 'code' && isTrusted !== undefined
    ? { ...json, metadata: { ...json.metadata, trusted: isTrusted } }
    : json;
}
