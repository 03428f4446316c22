import { mergeContents } from '../../../../src/sync/merge/merge';
import type { CellExample, NotebookExample } from '../../../support/notebook-examples';
import {
  codeCell,
  notebook,
  proseCell,
  result,
  sourceOf,
  stream,
  written
} from '../../../support/notebook-examples';

const bytes = (text: string) => new TextEncoder().encode(text);

/** The merged text, after both ways round gave the same. */
function mergeTexts(base: string, local: string, cloud: string): string | null {
  const [one, other] = [
    [local, cloud],
    [cloud, local]
  ].map(([left = '', right = '']) => {
    const contents = { base: bytes(base), local: bytes(left), cloud: bytes(right) };
    const merged = mergeContents('a.ipynb', contents);
    return merged && new TextDecoder().decode(merged);
  });
  expect(one).toBe(other);
  return one ?? null;
}

function merge(
  base: NotebookExample,
  local: NotebookExample,
  cloud: NotebookExample
): NotebookExample | null {
  const merged = mergeTexts(written(base), written(local), written(cloud));
  return merged === null ? null : (JSON.parse(merged) as NotebookExample);
}

const mergeCells = (base: CellExample[], local: CellExample[], cloud: CellExample[]) =>
  merge(notebook(base), notebook(local), notebook(cloud))?.cells ?? null;

const mergeOne = (base: CellExample, local: CellExample, cloud: CellExample) =>
  mergeCells([base], [local], [cloud])?.[0] ?? null;

const withMetadata = (metadata: Record<string, unknown>) => notebook([], { metadata });

describe('a merged cell', () => {
  it('should have both sides’ lines, and be written as Jupyter writes it', () => {
    const base = notebook([codeCell('a', '1\n2\n3')]);
    const local = notebook([codeCell('a', 'one\n2\n3')]);
    const cloud = notebook([codeCell('a', '1\n2\n3\n4')]);
    expect(mergeTexts(written(base), written(local), written(cloud))).toBe(
      written(notebook([codeCell('a', 'one\n2\n3\n4')]))
    );
  });

  it('should have the outputs and the count of the side that ran it, and the source of the other', () => {
    const base = codeCell('a', 'x\n', { outputs: [result(1, '1')], execution_count: 1 });
    const ran = codeCell('a', 'x\n', { outputs: [result(2, '2')], execution_count: 2 });
    const edited = codeCell('a', 'y\n', { outputs: [result(1, '1')], execution_count: 1 });
    expect(mergeOne(base, ran, edited)).toEqual({ ...ran, source: ['y\n'] });
  });

  it('should have no outputs when one side cleared them', () => {
    const base = codeCell('a', 'x', { outputs: [stream('1')], execution_count: 1 });
    expect(mergeOne(base, codeCell('a', 'x'), { ...base, source: ['y'] })).toEqual(
      codeCell('a', 'y')
    );
  });

  it('should have the larger count when both ran it with equal outputs', () => {
    const ran = (count: number) =>
      codeCell('a', 'x', { outputs: [result(count, '1')], execution_count: count });
    expect(mergeOne(ran(1), ran(9), ran(12))).toEqual(ran(12));
  });

  it('should have the new outputs when the other side ran it without a difference', () => {
    const ran = (count: number, text: string) =>
      codeCell('a', 'x', { outputs: [result(count, text)], execution_count: count });
    expect(mergeOne(ran(1, 'a'), ran(9, 'a'), ran(2, 'b'))).toEqual(ran(2, 'b'));
  });

  it('should have the metadata of both sides, key by key at every level', () => {
    const meta = (metadata: Record<string, unknown>) => proseCell('a', 'x', { metadata });
    expect(
      mergeOne(
        meta({ keep: 1, gone: 2, deep: { a: 1, b: 1, c: 1 } }),
        meta({ keep: 1, deep: { a: 2, b: 1, c: 1 }, tags: ['x'] }),
        meta({ keep: 1, gone: 2, deep: { a: 1, b: 1, d: 1 } })
      )
    ).toEqual(meta({ keep: 1, deep: { a: 2, b: 1, d: 1 }, tags: ['x'] }));
  });

  it('should have the attachments of both sides', () => {
    const attached = (...names: string[]) =>
      proseCell('a', 'x', {
        attachments: Object.fromEntries(names.map(name => [name, { 'image/png': name }]))
      });
    expect(mergeOne(proseCell('a', 'x'), attached('a.png'), attached('b.png'))).toEqual(
      attached('a.png', 'b.png')
    );
    expect(mergeOne(attached('a', 'b', 'c'), attached('b', 'c'), attached('a', 'b', 'd'))).toEqual(
      attached('b', 'd')
    );
  });

  it('should be of the type that one side gave it, with the source of the other', () => {
    expect(mergeOne(codeCell('a', 'x\n'), proseCell('a', 'x\n'), codeCell('a', 'y\n'))).toEqual(
      proseCell('a', 'y\n')
    );
  });

  it('should keep a source that was one string, and fields that the format does not know', () => {
    const cell = (source: string, more = {}) => ({ ...proseCell('a', ''), source, ...more });
    expect(
      mergeOne(
        cell('1\n2\n3', { vendor: { a: 1 } }),
        cell('one\n2\n3', { vendor: { a: 1 } }),
        cell('1\n2\nthree', { vendor: { a: 1, b: 2 } })
      )
    ).toEqual(cell('one\n2\nthree', { vendor: { a: 1, b: 2 } }));
  });

  it('should not be one that its type does not allow', () => {
    const attached = proseCell('a', 'x', { attachments: { 'a.png': { 'image/png': '' } } });
    expect(mergeOne(proseCell('a', 'x'), codeCell('a', 'x'), attached)).toBeNull();
  });

  const outputs = (text: string) =>
    codeCell('a', '1\n2', { outputs: [stream(text)], execution_count: 1 });
  const meta = (metadata: Record<string, unknown>) => proseCell('a', 'x', { metadata });
  it.each<[string, CellExample, CellExample, CellExample]>([
    ['one line changed twice', codeCell('a', 'x'), codeCell('a', 'y'), codeCell('a', 'z')],
    ['different outputs', outputs('x'), outputs('y'), outputs('z')],
    ['outputs cleared and made anew', outputs('x'), codeCell('a', '1\n2'), outputs('z')],
    ['one key changed twice', meta({ k: 1 }), meta({ k: 2 }), meta({ k: 3 })],
    ['one key added twice', meta({}), meta({ k: 2 }), meta({ k: 3 })],
    ['a key deleted and changed', meta({ k: { a: 1 } }), meta({}), meta({ k: { a: 2 } })],
    ['tags added on both sides', meta({ tags: [] }), meta({ tags: ['a'] }), meta({ tags: ['b'] })],
    [
      'a type changed and outputs made',
      codeCell('a', 'x'),
      proseCell('a', 'x'),
      { ...outputs('x'), source: ['x'] }
    ],
    [
      'a type changed to both others',
      codeCell('a', 'x'),
      proseCell('a', 'x'),
      { ...proseCell('a', 'x'), cell_type: 'raw' }
    ]
  ])('should not be made of %s', (_, base, local, cloud) => {
    expect(mergeOne(base, local, cloud)).toBeNull();
  });
});

describe('a merged notebook', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(id => codeCell(id, `print("${id}")`)) as [
    CellExample,
    CellExample,
    CellExample
  ];

  it('should have the new cells of both sides, without those that one deleted', () => {
    expect(
      mergeCells([a, b, c], [proseCell('x', '# X'), a, b, c], [a, c, codeCell('y', 'Y')])
    ).toEqual([proseCell('x', '# X'), a, c, codeCell('y', 'Y')]);
  });

  it('should have both of two cells that were added in one place', () => {
    expect(mergeCells([a], [a, codeCell('y', '1')], [a, codeCell('x', '2')])).toEqual([
      a,
      codeCell('x', '2'),
      codeCell('y', '1')
    ]);
  });

  it('should have a cell moved by one side with the edit of the other', () => {
    const edited = codeCell('c', 'new');
    expect(mergeCells([a, b, c], [c, a, b], [a, b, edited])).toEqual([edited, a, b]);
  });

  it('should be without a cell that one side deleted and the other only counted anew', () => {
    const ran = (count: number) =>
      codeCell('b', 'x', { outputs: [result(count, '1')], execution_count: count });
    expect(mergeCells([a, ran(1)], [a], [codeCell('a', 'new'), ran(2)])).toEqual([
      codeCell('a', 'new')
    ]);
  });

  it('should have the metadata of both sides, a kernel as a whole', () => {
    const python = { kernelspec: { display_name: 'Python 3', name: 'python3' } };
    const r = { kernelspec: { display_name: 'R', name: 'ir' } };
    expect(
      merge(withMetadata(python), withMetadata(r), withMetadata({ ...python, title: 'T' }))
    ).toEqual(withMetadata({ ...r, title: 'T' }));
    const renamed = { kernelspec: { ...python.kernelspec, language: 'python' } };
    const other = { kernelspec: { display_name: 'Python 4', name: 'python3' } };
    expect(merge(withMetadata(python), withMetadata(renamed), withMetadata(other))).toBeNull();
  });

  it('should have the larger minor number', () => {
    const minor = (nbformat_minor: number, title: string) =>
      notebook([], { nbformat_minor, metadata: { [title]: 1 } });
    expect(merge(minor(0, 'a'), minor(2, 'a'), minor(4, 'a'))).toEqual(minor(4, 'a'));
    expect(merge(minor(4, 'a'), minor(5, 'a'), minor(4, 'b'))).toBeNull();
    expect(merge(minor(6, 'a'), minor(6, 'b'), { ...minor(6, 'a'), cells: [a] })).toBeNull();
  });

  it('should keep numbers, escapes and the order of keys as they are written', () => {
    const text = (x: string, y: string) =>
      written(
        notebook([
          codeCell('a', 'x', { metadata: { x } }),
          codeCell('b', 'y', { metadata: { y } }),
          codeCell('c', 'z', { metadata: { z: 'RAW' } })
        ])
      ).replace(
        '"RAW"',
        '{\n     "10": 1.0,\n     "9": 12345678901234567890,\n     "e": "\\u00e9 1e+16"\n    }'
      );
    expect(mergeTexts(text('1', '1'), text('2', '1'), text('1', '2'))).toBe(text('2', '2'));
  });

  it('should keep the layout, and take that of the side which changed it', () => {
    const two = (title: string) =>
      JSON.stringify(notebook([a], { metadata: { [title]: 1 } }), null, 2);
    expect(
      mergeTexts(
        two('a'),
        two('b'),
        JSON.stringify(notebook([a, b], { metadata: { a: 1 } }), null, 2)
      )
    ).toBe(JSON.stringify(notebook([a, b], { metadata: { b: 1 } }), null, 2));
    expect(mergeTexts(two('a'), two('b'), written(notebook([a, b], { metadata: { a: 1 } })))).toBe(
      written(notebook([a, b], { metadata: { b: 1 } }))
    );
  });

  const edited = { ...b, source: ['other'] };
  it.each<[string, CellExample[], CellExample[], CellExample[]]>([
    ['a cell deleted and edited', [a, b], [a], [a, edited]],
    ['a cell deleted and run', [a, b], [a], [a, { ...b, outputs: [stream('1')] }]],
    ['different new cells of one id', [a], [a, b], [a, edited]],
    ['an id twice', [a], [a, b, b], [a, c]],
    ['an id twice in the base', [a, a], [a, a, b], [a, a, c]],
    ['a cell moved and deleted', [a, b, c], [b, c, a], [b, c]]
  ])('should not be made of %s', (_, base, local, cloud) => {
    expect(mergeCells(base, local, cloud)).toBeNull();
  });

  it.each<[string, (text: string) => string]>([
    ['no JSON', text => `${text}}`],
    ['an older format', text => text.replace('"nbformat": 4', '"nbformat": 3')],
    ['another indentation inside', text => text.replace('"cells": [', '"cells":  [')],
    ['a key twice', text => text.replace('"metadata": {}', '"metadata": {},\n   "metadata": {}')],
    ['a cell of unknown type', text => text.replace('"code"', '"song"')],
    ['an output of unknown type', text => text.replace('"stream"', '"song"')],
    ['a source that is a number', text => text.replace(/"source": \[[^\]]*\]/, '"source": 1')],
    ['a cell without outputs', text => text.replace(/"outputs": \[\],\s*/, '')],
    ['an id with a space', text => text.replace('"id": "a"', '"id": "a b"')],
    [
      'a fractional count',
      text => text.replace('"execution_count": null', '"execution_count": 1.5')
    ]
  ])('should not be made where a side has %s', (_, spoil) => {
    const text = (title: string) =>
      written(notebook([a, { ...b, outputs: [stream('1')] }], { metadata: { [title]: 1 } }));
    const other = text('a').replace('print(\\"b\\")', 'new');
    expect(mergeTexts(text('a'), text('b'), other)).not.toBeNull();
    expect(spoil(text('b'))).not.toBe(text('b'));
    expect(mergeTexts(text('a'), spoil(text('b')), other)).toBeNull();
  });
});

describe('a merged notebook of a format without ids', () => {
  const cell = (source: string, more: Partial<CellExample> = {}): CellExample => {
    const made = codeCell('', source, more);
    delete made.id;
    return made;
  };
  const mergeOld = (base: CellExample[], local: CellExample[], cloud: CellExample[]) => {
    const [of, left, right] = [base, local, cloud].map(cells =>
      notebook(cells, { nbformat_minor: 4 })
    ) as [NotebookExample, NotebookExample, NotebookExample];
    return merge(of, left, right)?.cells.map(sourceOf) ?? null;
  };

  it('should have both sides’ edits of one cell and of different ones', () => {
    expect(
      mergeOld(
        [cell('1\n2\n3'), cell('x'), cell('y')],
        [cell('one\n2\n3'), cell('x'), cell('y')],
        [cell('1\n2\n3\n4'), cell('x'), cell('yes')]
      )
    ).toEqual(['one\n2\n3\n4', 'x', 'yes']);
  });

  it('should have new cells, and one that both added once', () => {
    expect(
      mergeOld(
        [cell('x'), cell('y')],
        [cell('0'), cell('x'), cell('n'), cell('y')],
        [cell('x'), cell('n'), cell('y'), cell('z')]
      )
    ).toEqual(['0', 'x', 'n', 'y', 'z']);
  });

  it('should not be made of a cell deleted and run', () => {
    expect(
      mergeOld(
        [cell('x'), cell('y')],
        [cell('x')],
        [cell('x'), cell('y', { outputs: [stream('1')] })]
      )
    ).toBeNull();
  });

  it('should not give outputs to a cell that replaced the one which was run', () => {
    expect(
      mergeOld([cell('x')], [cell('other')], [cell('x', { outputs: [stream('1')] })])
    ).toBeNull();
  });

  it('should not be made where cells have ids nevertheless', () => {
    expect(
      mergeOld([cell('x'), cell('y')], [cell('x1'), cell('y')], [cell('x'), codeCell('y', 'y1')])
    ).toBeNull();
  });
});
