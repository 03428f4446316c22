import type { Json, JsonObject } from './json';
import { isString, printJson, readJson, stringIn } from './json';

/** A notebook of format 4 as it was read from its file. */
export interface Notebook {
  readonly root: JsonObject;
  readonly metadata: JsonObject;
  readonly cells: readonly JsonObject[];
  /** The minor number of its format, 0 to 5. */
  readonly minor: number;
  readonly layout: Layout;
}

/** How the JSON is laid out in the file. */
export interface Layout {
  /** Of one level: Jupyter writes one space. Empty where all is on one line. */
  readonly indent: string;
  /** What follows the last brace: a line feed or nothing. */
  readonly end: string;
}

/** The first minor number whose cells have ids. */
const WITH_IDS = 5;

/** What may follow a minor number that is not known here is not known either. */
const MINOR = /^[0-5]$/;

const ID = /^[a-zA-Z0-9_-]{1,64}$/;
const COUNT = /^(?:null|\d+)$/;

/** Null for what is no valid notebook of format 4.0 to 4.5, or could not be written back byte for byte. */
export function readNotebook(text: string): Notebook | null {
  const root = readJson(text);
  const layout: Layout = {
    indent: /^\{\n([ \t]+)"/.exec(text)?.[1] ?? '',
    end: text.endsWith('\n') ? '\n' : ''
  };
  if (root === null || printNotebook(root, layout) !== text) {
    return null;
  }
  return notebookOf(root, layout);
}

export function printNotebook(root: Json, { indent, end }: Layout): string {
  return printJson(root, indent) + end;
}

/**
 * Null where the structure is not that of the format: https://nbformat.readthedocs.io/en/latest/format_description.html.
 * Fields that the format does not name are let through.
 */
export function notebookOf(root: Json, layout: Layout): Notebook | null {
  const metadata = member(root, 'metadata');
  const cells = member(root, 'cells');
  const minor = textOf(member(root, 'nbformat_minor'));
  if (
    root.kind !== 'object' ||
    textOf(member(root, 'nbformat')) !== '4' ||
    !MINOR.test(minor) ||
    !isObject(metadata) ||
    cells?.kind !== 'array' ||
    !cells.items.every(cell => isCell(cell, Number(minor)))
  ) {
    return null;
  }
  const notebook = { root, metadata, cells: cells.items, minor: Number(minor), layout };
  return hasIds(notebook) && new Set(cells.items.map(idOf)).size < cells.items.length
    ? null
    : notebook;
}

/** Whether its cells have ids. */
export function hasIds({ minor }: Pick<Notebook, 'minor'>): boolean {
  return minor >= WITH_IDS;
}

export function idOf(cell: JsonObject): string {
  return stringIn(cell.members.get('id')) ?? '';
}

/** A text that the format keeps as a string or as a list of its pieces; undefined for anything else. */
export function multilineIn(json: Json | undefined): string | undefined {
  if (json?.kind !== 'array') {
    return stringIn(json);
  }
  const pieces = json.items.map(stringIn);
  return pieces.includes(undefined) ? undefined : pieces.join('');
}

function isMultiline(json: Json | undefined): boolean {
  return json?.kind === 'array' ? json.items.every(isString) : isString(json);
}

function isCell(cell: Json, minor: number): cell is JsonObject {
  const type = stringIn(member(cell, 'cell_type'));
  const id = member(cell, 'id');
  return (
    (minor >= WITH_IDS ? ID.test(stringIn(id) ?? '') : id === undefined) &&
    isObject(member(cell, 'metadata')) &&
    isMultiline(member(cell, 'source')) &&
    (type === 'code' ? isCode(cell) : (type === 'markdown' || type === 'raw') && isProse(cell))
  );
}

function isCode(cell: Json): boolean {
  const outputs = member(cell, 'outputs');
  return (
    outputs?.kind === 'array' &&
    outputs.items.every(isOutput) &&
    COUNT.test(textOf(member(cell, 'execution_count'))) &&
    member(cell, 'attachments') === undefined
  );
}

function isProse(cell: Json): boolean {
  const attachments = member(cell, 'attachments');
  return (
    member(cell, 'outputs') === undefined &&
    member(cell, 'execution_count') === undefined &&
    (attachments === undefined ||
      (attachments.kind === 'object' && [...attachments.members.values()].every(isObject)))
  );
}

function isOutput(output: Json): boolean {
  const has = (key: string) => isString(member(output, key));
  const isBundle = isObject(member(output, 'data')) && isObject(member(output, 'metadata'));
  switch (stringIn(member(output, 'output_type'))) {
    case 'execute_result':
      return isBundle && COUNT.test(textOf(member(output, 'execution_count')));
    case 'display_data':
      return isBundle;
    case 'stream':
      return has('name') && isMultiline(member(output, 'text'));
    case 'error':
      return (
        has('ename') &&
        has('evalue') &&
        member(output, 'traceback')?.kind === 'array' &&
        isMultiline(member(output, 'traceback'))
      );
    default:
      return false;
  }
}

function member(json: Json, key: string): Json | undefined {
  return json.kind === 'object' ? json.members.get(key) : undefined;
}

function isObject(json: Json | undefined): json is JsonObject {
  return json?.kind === 'object';
}

function textOf(json: Json | undefined): string {
  return json?.kind === 'scalar' ? json.text : '';
}
