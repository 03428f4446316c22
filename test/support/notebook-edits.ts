import fc from 'fast-check';

import type { CellExample, NotebookExample } from './notebook-examples';
import { codeCell, linesOf, notebook, proseCell, result, sourceOf } from './notebook-examples';

/** One step of a person's work on a notebook; positions are taken modulo what is there. */
export interface NotebookEdit {
  readonly kind:
    | 'line'
    | 'add'
    | 'remove'
    | 'run'
    | 'tag'
    | 'untag'
    | 'attach'
    | 'insert'
    | 'delete'
    | 'move'
    | 'retype'
    | 'title';
  readonly at: number;
  readonly to: number;
  /** Whether both sides can happen to do the very same. */
  readonly isCommon: boolean;
}

const edit: fc.Arbitrary<NotebookEdit> = fc.record({
  kind: fc.constantFrom(
    ...(['line', 'line', 'add', 'remove', 'run', 'run', 'tag', 'untag', 'attach'] as const),
    ...(['insert', 'insert', 'delete', 'move', 'retype', 'title'] as const)
  ),
  at: fc.nat(60),
  to: fc.nat(60),
  isCommon: fc.constantFrom(false, false, false, true)
});

export interface Scenario {
  readonly base: NotebookExample;
  readonly local: NotebookExample;
  readonly cloud: NotebookExample;
}

/** A notebook of up to ten cells, and what two people made of it. New lines, outputs, values and cells tell who made them. */
export const scenarioOf = (...minors: (4 | 5)[]): fc.Arbitrary<Scenario> =>
  fc
    .record({
      sizes: fc.array(fc.nat(5), { minLength: 1, maxLength: 10 }),
      minor: fc.constantFrom(...minors),
      both: fc.array(edit, { maxLength: 1 }),
      local: fc.array(edit, { maxLength: 4 }),
      cloud: fc.array(edit, { maxLength: 4 })
    })
    .map(({ sizes, minor, both, local, cloud }) => {
      const base = notebook(sizes.map(cellOf), { nbformat_minor: minor });
      const common = edited(base, both, 'both');
      return {
        base: withoutIds(base),
        local: withoutIds(edited(common, local, 'local')),
        cloud: withoutIds(edited(common, cloud, 'cloud'))
      };
    });

function cellOf(size: number, index: number): CellExample {
  const lines = Array.from({ length: size }, (_, line) => `cell ${index} line ${line}`);
  const metadata = { tag0: `old ${index}`, deep: { tag1: 1, tag2: [1] } };
  return index % 3 === 2
    ? proseCell(`cell${index}`, lines.join('\n'), { metadata })
    : codeCell(`cell${index}`, lines.join('\n'), {
        execution_count: index,
        metadata,
        outputs: [result(index, `old ${index}`)]
      });
}

export function edited(
  example: NotebookExample,
  edits: readonly NotebookEdit[],
  side: string
): NotebookExample {
  const result = structuredClone(example);
  edits.forEach((one, step) => apply(result, one, one.isCommon ? 'common' : `${side} ${step}`));
  return result;
}

function apply(example: NotebookExample, { kind, at, to }: NotebookEdit, mark: string): void {
  const { cells } = example;
  const cell = cells[at % Math.max(cells.length, 1)];
  if (kind === 'title') {
    example.metadata[`title${to % 3}`] = { text: mark };
  } else if (kind === 'insert') {
    const id = mark.replace(' ', '-');
    if (cells.every(other => other.id !== id)) {
      cells.splice(at % (cells.length + 1), 0, codeCell(id, `${mark} cell\n${mark} more`));
    }
  } else if (cell !== undefined && kind === 'delete') {
    cells.splice(cells.indexOf(cell), 1);
  } else if (cell !== undefined && kind === 'move') {
    cells.splice(cells.indexOf(cell), 1);
    cells.splice(to % (cells.length + 1), 0, cell);
  } else if (cell !== undefined) {
    change(cell, kind, to, mark);
  }
}

function change(cell: CellExample, kind: NotebookEdit['kind'], to: number, mark: string): void {
  const lines = sourceOf(cell).split('\n');
  const line = to % lines.length;
  switch (kind) {
    case 'line':
      lines[line] = `${mark} line`;
      break;
    case 'add':
      lines.splice(to % (lines.length + 1), 0, `${mark} added`);
      break;
    case 'remove':
      lines.splice(line, 1);
      break;
    case 'run':
      runCell(cell, to, mark);
      break;
    case 'tag':
      cell.metadata[`tag${to % 3}`] = mark;
      cell.metadata['deep'] = { ...Object(cell.metadata['deep']), [`tag${to % 5}`]: [mark] };
      break;
    case 'untag':
      delete cell.metadata[['tag0', 'deep'][to % 2] ?? ''];
      break;
    case 'attach':
      if (cell.cell_type !== 'code') {
        cell.attachments = { ...cell.attachments, [`${to % 3}.png`]: { 'image/png': mark } };
      }
      break;
    case 'retype':
      retype(cell);
      break;
    default:
      throw new Error(`no change of a cell: ${kind}`);
  }
  cell.source = linesOf(lines.join('\n'));
}

function retype(cell: CellExample): void {
  if (cell.cell_type === 'code') {
    cell.cell_type = 'markdown';
    delete cell.outputs;
    delete cell.execution_count;
  } else {
    cell.cell_type = 'code';
    cell.outputs = [];
    cell.execution_count = null;
    delete cell.attachments;
  }
}

function runCell(cell: CellExample, to: number, mark: string): void {
  if (cell.cell_type === 'code') {
    const isSame = to % 3 === 0 && cell.outputs?.length === 1;
    const [{ data } = result(null, mark)] = isSame ? (cell.outputs ?? []) : [result(to, mark)];
    cell.outputs = [{ ...result(to, ''), data }];
    cell.execution_count = to;
  }
}

function withoutIds(example: NotebookExample): NotebookExample {
  if (example.nbformat_minor < 5) {
    for (const cell of example.cells) {
      delete cell.id;
    }
  }
  return example;
}
