import type {
  IBaseCell,
  ICell,
  INotebookContent,
  IOutput,
  MultilineString
} from '@jupyterlab/nbformat';
import { JSONExt } from '@lumino/coreutils';
import type { PartialJSONObject, ReadonlyPartialJSONValue } from '@lumino/coreutils';

/** A notebook of format 4 in the form in which editors hold it: texts in one piece, nothing that only one place keeps. */
export interface NotebookContent {
  readonly minor: number;
  readonly metadata: PartialJSONObject;
  readonly cells: readonly Cell[];
}

export type CellType = 'code' | 'markdown' | 'raw';

export interface Cell {
  /** Null where the format has none. */
  readonly id: string | null;
  readonly type: CellType;
  readonly source: string;
  readonly metadata: PartialJSONObject;
  /** Undefined for code, and where there are none. */
  readonly attachments: PartialJSONObject | undefined;
  /** Empty for all but code. */
  readonly outputs: readonly IOutput[];
  readonly count: number | null;
  /** Whether a file's outputs may run code, as the server says: the person's own; undefined where it does not. */
  readonly isTrusted: boolean | undefined;
}

/** The first minor number of the format whose cells have ids. */
const WITH_IDS = 5;

/**
 * Reads what the contents API, or the model of an open notebook, gives.
 *
 * @returns null for what is no notebook of format 4 whose cells can be told apart.
 */
export function notebookContent(json: unknown): NotebookContent | null {
  if (!isNotebook(json)) {
    return null;
  }
  const minor = json.nbformat_minor;
  const metadata = { ...json.metadata };
  delete metadata.orig_nbformat;
  return ofCells(
    minor,
    metadata,
    json.cells.map(cell => cellOf(cell, minor))
  );
}

/** null where the cells can't be told apart. */
export function ofCells(
  minor: number,
  metadata: PartialJSONObject,
  cells: readonly Cell[]
): NotebookContent | null {
  const ids = cells.flatMap(({ id }) => (id === null ? [] : [id]));
  return new Set(ids).size < ids.length ? null : { minor, metadata, cells };
}

/** Whether both say the same of all that a file keeps. */
export function sameCell(a: Cell, b: Cell): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.type === b.type &&
      a.source === b.source &&
      a.count === b.count &&
      sameJson(a.metadata, b.metadata) &&
      sameJson(a.attachments, b.attachments) &&
      sameJson(a.outputs, b.outputs))
  );
}

/** Whether both say the same of all that a file keeps. */
export function sameNotebook(a: NotebookContent, b: NotebookContent): boolean {
  return (
    a.minor === b.minor &&
    sameJson(a.metadata, b.metadata) &&
    a.cells.length === b.cells.length &&
    a.cells.every((cell, index) => {
      const other = b.cells[index];
      return other !== undefined && sameCell(cell, other);
    })
  );
}

/** Whether both are the same JSON, in whatever order their keys are; or both undefined. */
export function sameJson(
  a: ReadonlyPartialJSONValue | undefined,
  b: ReadonlyPartialJSONValue | undefined
): boolean {
  return a === undefined || b === undefined ? a === b : JSONExt.deepEqual(a, b);
}

/** @param minor - of the notebook's format */
export function cellOf(cell: ICell, minor: number): Cell {
  const { trusted, ...metadata } = cell.metadata;
  const type = typeOf(cell);
  const isCode = type === 'code';
  const outputs = isCode && Array.isArray(cell['outputs']) ? (cell['outputs'] as IOutput[]) : [];
  const { attachments, execution_count: count } = cell as IBaseCell & {
    attachments?: PartialJSONObject;
  };
  return {
    id: minor >= WITH_IDS && typeof cell['id'] === 'string' ? cell['id'] : null,
    type,
    source: joined(cell.source),
    metadata: collapsing(metadata),
    attachments:
      isCode || !attachments || Object.keys(attachments).length === 0 ? undefined : attachments,
    outputs: outputs.map(outputOf),
    // The model knows no 0.
    count: (typeof count === 'number' && count) || null,
    isTrusted: typeof trusted === 'boolean' ? trusted : undefined
  };
}

/** The format has two words for one thing, and editors keep them equal. */
function collapsing(metadata: PartialJSONObject): PartialJSONObject {
  const jupyter = isObject(metadata['jupyter']) ? metadata['jupyter'] : {};
  const hidden = metadata['collapsed'] ?? jupyter['outputs_hidden'];
  return typeof hidden === 'boolean'
    ? { ...metadata, collapsed: hidden, jupyter: { ...jupyter, outputs_hidden: hidden } }
    : metadata;
}

function outputOf(output: IOutput): IOutput {
  return output.output_type === 'stream'
    ? { ...output, text: joined(output['text'] as MultilineString) }
    : output;
}

function joined(text: MultilineString): string {
  return typeof text === 'string' ? text : text.join('');
}

function typeOf({ cell_type: type }: ICell): CellType {
  return type === 'code' || type === 'markdown' ? type : 'raw';
}

function isNotebook(json: unknown): json is INotebookContent {
  return (
    isObject(json) &&
    json['nbformat'] === 4 &&
    typeof json['nbformat_minor'] === 'number' &&
    isObject(json['metadata']) &&
    Array.isArray(json['cells']) &&
    json['cells'].every(isCell)
  );
}

function isCell(json: unknown): boolean {
  return (
    isObject(json) &&
    ['code', 'markdown', 'raw'].includes(String(json['cell_type'])) &&
    isObject(json['metadata']) &&
    isText(json['source']) &&
    (json['outputs'] === undefined || isOutputs(json['outputs']))
  );
}

function isOutputs(json: unknown): boolean {
  return (
    Array.isArray(json) &&
    json.every(
      output => isObject(output) && (output['output_type'] !== 'stream' || isText(output['text']))
    )
  );
}

function isText(json: unknown): boolean {
  return (
    typeof json === 'string' ||
    (Array.isArray(json) && json.every(each => typeof each === 'string'))
  );
}

function isObject(json: unknown): json is PartialJSONObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
