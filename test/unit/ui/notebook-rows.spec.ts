import type { Notebook } from '../../../src/sync/merge/notebook';
import { readNotebook } from '../../../src/sync/merge/notebook';
import { mergedNotebook } from '../../../src/ui/review/merged-notebook';
import type { CellChoice, CellRow } from '../../../src/ui/review/notebook-rows';
import { rowsOf } from '../../../src/ui/review/notebook-rows';

interface Cell {
  readonly id?: string;
  readonly source: string;
  readonly text?: string;
}

function notebook(cells: readonly Cell[], minor = 5, metadata: object = {}): Notebook {
  const value = {
    cells: cells.map(({ id, source, text }) => ({
      cell_type: 'code',
      execution_count: null,
      ...(id === undefined ? {} : { id }),
      metadata: {},
      outputs: text === undefined ? [] : [{ name: 'stdout', output_type: 'stream', text }],
      source
    })),
    metadata,
    nbformat: 4,
    nbformat_minor: minor
  };
  const read = readNotebook(`${JSON.stringify(value, null, 1)}\n`);
  if (!read) {
    throw new Error('The example is no notebook.');
  }
  return read;
}

const a = (source: string, text?: string): Cell => ({ id: 'a', source, ...(text ? { text } : {}) });
const b = (source: string): Cell => ({ id: 'b', source });

function verdicts(rows: readonly CellRow[]) {
  return rows.map(({ changedBy, suggestion, isSame }) => [changedBy, suggestion, isSame]);
}

function sources(text: string | null): string[] {
  const { cells } = JSON.parse(text ?? '') as { cells: { source: string }[] };
  return cells.map(({ source }) => source);
}

describe('rowsOf()', () => {
  it('should tell who changed a cell, and suggest what that side has', () => {
    const base = notebook([a('1'), b('2'), { id: 'c', source: '3' }]);
    const mine = notebook([a('mine'), b('2'), { id: 'c', source: '3' }]);
    const theirs = notebook([a('1'), b('theirs'), { id: 'c', source: '3' }]);
    expect(verdicts(rowsOf(mine, theirs, base))).toEqual([
      ['mine', 'mine', false],
      ['theirs', 'theirs', false],
      ['nobody', 'mine', true]
    ]);
  });

  it('should suggest the merge of a cell where both changed it in different places', () => {
    const base = notebook([a('1\n2\n3\n4\n5')]);
    const [row] = rowsOf(notebook([a('I\n2\n3\n4\n5')]), notebook([a('1\n2\n3\n4\nV')]), base);
    expect(row).toMatchObject({ changedBy: 'both', suggestion: 'merged' });
    const [other] = rowsOf(notebook([a('mine')]), notebook([a('theirs')]), base);
    expect(other).toMatchObject({ changedBy: 'both', suggestion: 'mine', merged: null });
  });

  it('should put cells that one side added or deleted in a row of their own', () => {
    const base = notebook([a('1'), b('2')]);
    const mine = notebook([a('1'), { id: 'new', source: 'n' }, b('2')]);
    const rows = rowsOf(mine, notebook([b('2')]), base);
    expect(verdicts(rows)).toEqual([
      ['theirs', 'theirs', false],
      ['mine', 'mine', false],
      ['nobody', 'mine', true]
    ]);
    expect(rows[0]?.theirs).toBeNull();
    expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
  });

  it('should say that both changed a cell that one deleted and the other edited', () => {
    const rows = rowsOf(notebook([a('edited')]), notebook([]), notebook([a('1')]));
    expect(verdicts(rows)).toEqual([['both', 'mine', false]]);
  });

  it('should not claim to know who changed a cell without the base', () => {
    expect(verdicts(rowsOf(notebook([a('1')]), notebook([a('2')]), null))).toEqual([
      ['unknown', 'mine', false]
    ]);
  });

  it('should tell cells apart that have no ids and the same source', () => {
    const twice = notebook([{ source: 'x' }, { source: 'x' }], 4);
    const thrice = notebook([{ source: 'x' }, { source: 'x' }, { source: 'x' }], 4);
    const rows = rowsOf(twice, thrice, null);
    expect(rows.map(({ mine, theirs }) => [mine !== null, theirs !== null])).toEqual([
      [true, true],
      [true, true],
      [false, true]
    ]);
  });
});

describe('mergedNotebook()', () => {
  const base = notebook([a('1'), b('2')]);
  const mine = notebook([a('mine', 'my output'), b('2')], 5, { mine: true });
  const theirs = notebook([a('theirs'), b('2')]);
  const rows = rowsOf(mine, theirs, base);
  const made = (choice: CellChoice) =>
    mergedNotebook(rows, row => (row.isSame ? 'mine' : choice), { mine, theirs, base });

  it('should have of each cell what was chosen, and the rest of the side that changed it', () => {
    expect(sources(made('mine'))).toEqual(['mine', '2']);
    expect(sources(made('theirs'))).toEqual(['theirs', '2']);
    expect(JSON.parse(made('theirs') ?? '')).toMatchObject({ metadata: { mine: true } });
    expect(readNotebook(made('mine') ?? '')).not.toBeNull();
  });

  it('should give a cell of its own id where both are kept, and be valid', () => {
    const text = made('both');
    expect(sources(text)).toEqual(['mine', 'theirs', '2']);
    const ids = readNotebook(text ?? '')?.cells.map(cell => cell.members.get('id'));
    expect(ids).toHaveLength(3);
    expect(new Set(ids?.map(id => (id?.kind === 'scalar' ? id.text : ''))).size).toBe(3);
  });

  it('should leave a cell out that the chosen side lacks', () => {
    const without = notebook([b('2')]);
    const found = rowsOf(mine, without, base);
    const text = mergedNotebook(found, () => 'theirs', { mine, theirs: without, base });
    expect(sources(text)).toEqual(['2']);
  });

  it('should be mine byte for byte where mine is chosen everywhere and only I changed the rest', () => {
    const text = `${JSON.stringify(
      {
        cells: [
          {
            cell_type: 'code',
            execution_count: null,
            id: 'a',
            metadata: {},
            outputs: [{ name: 'stdout', output_type: 'stream', text: 'my output' }],
            source: 'mine'
          },
          {
            cell_type: 'code',
            execution_count: null,
            id: 'b',
            metadata: {},
            outputs: [],
            source: '2'
          }
        ],
        metadata: { mine: true },
        nbformat: 4,
        nbformat_minor: 5
      },
      null,
      1
    )}\n`;
    expect(made('mine')).toBe(text);
  });
});
