import fc from 'fast-check';

import { mergeContents } from '../../src/sync/merge/merge';
import { mergeNotebooks } from '../../src/sync/merge/notebook-merge';
import type { Scenario } from '../support/notebook-edits';
import { edited, scenarioOf } from '../support/notebook-edits';
import type { CellExample, NotebookExample } from '../support/notebook-examples';
import { codeCell, notebook, sourceOf, stream, written } from '../support/notebook-examples';

const RUNS = { numRuns: Number(process.env['MERGE_RUNS'] ?? 400) };

const scenario = scenarioOf(5, 5, 4);

const textsOf = ({ base, local, cloud }: Scenario) =>
  [written(base), written(local), written(cloud)] as const;

const parsed = (text: string) => JSON.parse(text) as NotebookExample;

/** Checks every clean merge, and that enough of them took something of both sides. */
function checkClean(
  minor: 4 | 5,
  check: (example: Scenario, merged: NotebookExample, text: string) => void
): void {
  let real = 0;
  fc.assert(
    fc.property(scenarioOf(minor), example => {
      const [base, local, cloud] = textsOf(example);
      const merged = mergeNotebooks(base, local, cloud);
      if (merged !== null) {
        check(example, parsed(merged), merged);
        real += merged === local || merged === cloud ? 0 : 1;
      }
    }),
    RUNS
  );
  expect(real).toBeGreaterThan(RUNS.numRuns / 10);
}

const idsOf = ({ cells }: NotebookExample) => cells.map(({ id }) => id ?? '');
const cellsById = ({ cells }: NotebookExample) => new Map(cells.map(cell => [cell.id ?? '', cell]));
const linesIn = (cell: CellExample | undefined) => (cell ? sourceOf(cell).split('\n') : []);
const allLines = ({ cells }: NotebookExample) => cells.flatMap(linesIn);

/** What a run printed, without the counts. */
const printed = (cell: CellExample | undefined) =>
  JSON.stringify(cell?.outputs?.map(({ data }) => data));

/** Every value in the metadata and the attachments, by the path of its keys. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, `${path}/${key}`)])
  );
}

const extrasOf = (cell: CellExample | undefined) =>
  leaves({ metadata: cell?.metadata, attachments: cell?.attachments ?? {} });

/** The cells that all three have, as each of the three and the merged notebook have them. */
function keptCells({ base, local, cloud }: Scenario, merged: NotebookExample) {
  const [ofBase, ofLocal, ofCloud, ofMerged] = [base, local, cloud, merged].map(cellsById);
  return [...(ofBase ?? [])].flatMap(([id, before]) => {
    const [left, right] = [ofLocal?.get(id), ofCloud?.get(id)];
    return left && right ? [{ id, before, left, right, after: ofMerged?.get(id) }] : [];
  });
}

describe('a clean merge of notebooks', () => {
  it('should have the cells that a side added as they are, and those of the base that both kept', () => {
    checkClean(5, ({ base, local, cloud }, merged) => {
      const [inBase, inLocal, inCloud] = [base, local, cloud].map(cellsById);
      const all = new Set([...idsOf(base), ...idsOf(local), ...idsOf(cloud)]);
      const expected = [...all].filter(id =>
        inBase?.has(id) ? inLocal?.has(id) && inCloud?.has(id) : true
      );
      expect(idsOf(merged).sort()).toEqual(expected.sort());
      for (const cell of merged.cells.filter(({ id }) => !inBase?.has(id ?? ''))) {
        expect(cell).toEqual(inLocal?.get(cell.id ?? '') ?? inCloud?.get(cell.id ?? ''));
      }
    });
  });

  it('should have each side’s cells in that side’s order, unless the other moved some', () => {
    checkClean(5, ({ base, local, cloud }, merged) => {
      const common = (one: NotebookExample, other: NotebookExample) =>
        idsOf(one).filter(id => idsOf(other).includes(id));
      const moved = (side: NotebookExample) =>
        common(base, side).join() !== common(side, base).join();
      for (const [side, other] of [
        [local, cloud],
        [cloud, local]
      ] as const) {
        if (!moved(other)) {
          expect(common(merged, side)).toEqual(common(side, merged));
        }
      }
    });
  });

  it('should have every line that a side added to a cell, and none that a side took out', () => {
    checkClean(5, (example, merged) => {
      for (const { id, before, left, right, after } of keptCells(example, merged)) {
        const lines = linesIn(after);
        for (const side of [left, right]) {
          const added = linesIn(side).filter(line => !linesIn(before).includes(line));
          expect([id, added.filter(line => !lines.includes(line))]).toEqual([id, []]);
          const gone = linesIn(before).filter(line => !linesIn(side).includes(line));
          expect([id, gone.filter(line => line !== '' && lines.includes(line))]).toEqual([id, []]);
        }
      }
    });
  });

  it('should have the outputs of the side that changed them', () => {
    checkClean(5, (example, merged) => {
      for (const { before, left, right, after } of keptCells(example, merged)) {
        const changed = [left, right].filter(side => printed(side) !== printed(before));
        for (const side of changed) {
          expect(printed(after)).toBe(printed(side));
        }
        if (changed.length === 0) {
          expect(printed(after)).toBe(printed(before));
        }
        const counts = [left, right].map(side => side.execution_count);
        expect(counts).toContain(after?.execution_count);
        expect(after?.outputs?.map(output => output['execution_count'] ?? 0)).toEqual(
          after?.outputs?.map(() => after.execution_count)
        );
      }
    });
  });

  it('should have every value that a side set in metadata and attachments, and none that it took out', () => {
    checkClean(5, (example, merged) => {
      const { base, local, cloud } = example;
      const sets = keptCells(example, merged).map(({ before, left, right, after }) =>
        [before, left, right, after].map(extrasOf)
      );
      sets.push([base, local, cloud, merged].map(({ metadata }) => leaves(metadata)));
      for (const [before, left, right, after] of sets) {
        const paths = [before, left, right, after].flatMap(map => [...(map?.keys() ?? [])]);
        for (const path of paths) {
          const changed = [left, right].filter(side => side?.get(path) !== before?.get(path));
          const expected = changed.length === 0 ? before : changed[0];
          expect([path, after?.get(path)]).toEqual([path, expected?.get(path)]);
        }
      }
    });
  });

  it('should never be made where one side deleted what the other edited', () => {
    fc.assert(
      fc.property(scenarioOf(5), example => {
        const { base, local, cloud } = example;
        const [ofLocal, ofCloud] = [cellsById(local), cellsById(cloud)];
        const isMet = base.cells.some(cell => {
          const [left, right] = [ofLocal.get(cell.id ?? ''), ofCloud.get(cell.id ?? '')];
          const survivor = left && right ? undefined : (left ?? right);
          return (
            survivor !== undefined &&
            (sourceOf(survivor) !== sourceOf(cell) ||
              printed(survivor) !== printed(cell) ||
              JSON.stringify(survivor.metadata) !== JSON.stringify(cell.metadata))
          );
        });
        if (isMet) {
          expect(mergeNotebooks(...textsOf(example))).toBeNull();
        }
      }),
      RUNS
    );
  });

  it('should be written as Jupyter writes it, each id once, each cell with the fields of its type', () => {
    checkClean(5, (_, merged, text) => {
      expect(text).toBe(written(merged));
      for (const cell of merged.cells) {
        const isCode = cell.cell_type === 'code';
        expect(['outputs' in cell, 'execution_count' in cell]).toEqual([isCode, isCode]);
        expect(isCode && 'attachments' in cell).toBe(false);
      }
      expect(new Set(idsOf(merged)).size).toBe(merged.cells.length);
    });
  });

  it('should have every line and output that a side added where cells have no ids', () => {
    checkClean(4, ({ base, local, cloud }, merged) => {
      for (const side of [local, cloud]) {
        const added = allLines(side).filter(line => !allLines(base).includes(line));
        expect(added.filter(line => !allLines(merged).includes(line))).toEqual([]);
        const outputs = side.cells
          .map(printed)
          .filter(output => !base.cells.map(printed).includes(output));
        expect(outputs.filter(output => !merged.cells.map(printed).includes(output))).toEqual([]);
      }
      const known = [...allLines(local), ...allLines(cloud)];
      expect(allLines(merged).filter(line => !known.includes(line))).toEqual([]);
      expect(idsOf(merged).join('')).toBe('');
    });
  });
});

describe('mergeNotebooks()', () => {
  it('should give the same whichever side is local', () => {
    fc.assert(
      fc.property(scenario, example => {
        const [base, local, cloud] = textsOf(example);
        expect(mergeNotebooks(base, cloud, local)).toBe(mergeNotebooks(base, local, cloud));
      }),
      RUNS
    );
  });

  it('should give the side that changed, or what both made alike', () => {
    fc.assert(
      fc.property(scenario, example => {
        const [base, local] = textsOf(example);
        const expected = example.base.nbformat_minor === 5 ? [local] : [local, null];
        expect(expected).toContain(mergeNotebooks(base, local, base));
        expect(expected).toContain(mergeNotebooks(base, base, local));
        expect(expected).toContain(mergeNotebooks(base, local, local));
      }),
      RUNS
    );
  });

  it('should give what it gave when it is merged once more', () => {
    fc.assert(
      fc.property(scenario, example => {
        const [base, local, cloud] = textsOf(example);
        const merged = mergeNotebooks(base, local, cloud);
        if (merged !== null) {
          for (const side of [local, cloud]) {
            expect([merged, ...(example.base.nbformat_minor === 5 ? [] : [null])]).toContain(
              mergeNotebooks(side, merged, side)
            );
            expect([merged, null]).toContain(mergeNotebooks(base, merged, side));
          }
        }
      }),
      RUNS
    );
  });

  it('should merge all that concerns different cells', () => {
    const owner = fc.constantFrom('local', 'cloud', 'both');
    const part = fc.record({
      owner,
      kind: fc.constantFrom('none', 'line', 'run', 'tag', 'retype', 'delete'),
      adds: fc.option(fc.constantFrom('local', 'cloud'), { freq: 3 })
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 10 }), parts => {
        const text = (side: string) =>
          written(
            notebook(
              parts.flatMap(({ owner, kind, adds }, index) => {
                const isMine = side === 'merged' || owner === side || owner === 'both';
                const cell = codeCell(`cell${index}`, `line ${index}\nmore`, {
                  outputs: [stream('old')]
                });
                const { cells } =
                  kind === 'none' || side === 'base' || !isMine
                    ? { cells: [cell] }
                    : edited(notebook([cell]), [{ kind, at: 0, to: 1, isCommon: true }], owner);
                return adds !== null && (adds === side || side === 'merged')
                  ? [...cells, codeCell(`new${index}`, `by ${adds}`)]
                  : cells;
              })
            )
          );
        const merged = mergeNotebooks(text('base'), text('local'), text('cloud'));
        expect(merged).not.toBeNull();
        const gathered = parsed(merged ?? '').cells;
        const expected = parsed(text('merged')).cells;
        const byId = (a: CellExample, b: CellExample) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1);
        expect(gathered.toSorted(byId)).toEqual(expected.toSorted(byId));
      }),
      RUNS
    );
  });

  it('should never throw, and be the same both ways round, on any JSON', () => {
    const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value, null, 1));
    const spoilt = fc
      .record({
        example: scenario.map(({ local }) => local),
        at: fc.nat(200),
        value: fc.jsonValue({ maxDepth: 2 })
      })
      .map(({ example, at, value }) => spoil(example, at, value));
    const content = fc.oneof(spoilt, fc.jsonValue(), fc.constant(notebook([])));
    fc.assert(
      fc.property(content, content, content, (...values) => {
        const [base, local, cloud] = values.map(bytes) as [Uint8Array, Uint8Array, Uint8Array];
        const merged = mergeContents('a.ipynb', { base, local, cloud });
        expect(mergeContents('a.ipynb', { base, local: cloud, cloud: local })).toEqual(merged);
      }),
      RUNS
    );
  });

  it('should never make a notebook of one that is none', () => {
    const fields = ['cells', 'metadata', 'nbformat', 'nbformat_minor'] as const;
    fc.assert(
      fc.property(
        scenario,
        fc.constantFrom(...fields),
        fc.constantFrom('gone', null, 'text', 6, [1]),
        (example, field, value) => {
          const broken = JSON.stringify(
            { ...example.local, [field]: value === 'gone' ? undefined : value },
            null,
            1
          );
          expect(mergeNotebooks(written(example.base), broken, written(example.cloud))).toBeNull();
        }
      ),
      RUNS
    );
  });
});

/** The value with the `at`th of its inner values replaced. */
function spoil(value: unknown, at: number, replacement: unknown): unknown {
  let left = at;
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    left-- === 0 ? replacement : inner
  ) as unknown;
}
