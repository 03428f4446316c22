import { YNotebook } from '@jupyter/ydoc';
import fc from 'fast-check';

import { applyNotebook } from '../../src/local/documents/apply-notebook';
import { incorporateNotebook } from '../../src/local/documents/incorporate-notebook';
import type { OpenNotebook } from '../../src/local/documents/incorporate-notebook';
import { notebookContent } from '../../src/local/documents/notebook-content';
import type { Cell, NotebookContent } from '../../src/local/documents/notebook-content';
import { editsBetween } from '../../src/local/documents/text-edits';
import { scenarioOf } from '../support/notebook-edits';
import { written } from '../support/notebook-examples';
import type { NotebookExample } from '../support/notebook-examples';

const RUNS = { numRuns: 300 };
const NONE: ReadonlySet<number> = new Set();

const contentOf = (example: NotebookExample): NotebookContent => {
  const content = notebookContent(JSON.parse(written(example)));
  if (!content) {
    throw new Error('An example is no notebook.');
  }
  return content;
};

const opened = (example: NotebookExample): YNotebook =>
  YNotebook.create({
    disableDocumentWideUndoRedo: true,
    data: JSON.parse(written(example)) as Parameters<YNotebook['fromJSON']>[0]
  });

const heldBy = (notebook: YNotebook) => notebookContent(notebook.toJSON());
const plain = ({ isTrusted: _, ...cell }: Cell) => cell;
const plainly = (content: NotebookContent | null) =>
  content && { ...content, cells: content.cells.map(plain) };
const linesIn = ({ cells }: NotebookContent) => cells.flatMap(({ source }) => source.split('\n'));
const clean = (base: NotebookContent, theirs: NotebookContent): OpenNotebook => ({
  base,
  mine: base,
  theirs,
  running: NONE
});

describe.each([5, 4] as const)('an open notebook of format 4.%i', minor => {
  const scenario = scenarioOf(minor);

  it('should hold what the file holds where nothing was done here, and one undo takes it back', () => {
    fc.assert(
      fc.property(scenario, ({ base, cloud }) => {
        const [before, theirs] = [contentOf(base), contentOf(cloud)];
        const target = incorporateNotebook(clean(before, theirs));
        expect(plainly(target)).toEqual(plainly(theirs));
        const notebook = opened(base);
        notebook.clearUndoHistory();
        applyNotebook(notebook, before, theirs);
        expect(plainly(heldBy(notebook))).toEqual(plainly(theirs));
        if (notebook.canUndo()) {
          notebook.undo();
          expect(notebook.canUndo()).toBe(false);
        }
        expect(plainly(heldBy(notebook))).toMatchObject({
          cells: plainly(before)?.cells
        });
      }),
      RUNS
    );
  });

  it('should lose nothing of what was done here, nor of what is in the file', () => {
    let both = 0;
    fc.assert(
      fc.property(scenario, ({ base, local, cloud }) => {
        const [before, mine, theirs] = [contentOf(base), contentOf(local), contentOf(cloud)];
        const target = incorporateNotebook({ ...clean(before, theirs), mine });
        if (!target) {
          return;
        }
        const known = new Set(linesIn(before));
        const lines = new Set(linesIn(target));
        for (const line of [...linesIn(mine), ...linesIn(theirs)]) {
          expect(known.has(line) || lines.has(line)).toBe(true);
        }
        const notebook = opened(local);
        applyNotebook(notebook, mine, target);
        expect(plainly(heldBy(notebook))).toEqual(plainly(target));
        both += JSON.stringify(target) === JSON.stringify(mine) ? 0 : 1;
      }),
      RUNS
    );
    expect(both).toBeGreaterThan(RUNS.numRuns / 10);
  });

  it('should keep a cell that runs as it is, in place, or take nothing', () => {
    let kept = 0;
    fc.assert(
      fc.property(scenario, fc.nat(), ({ base, cloud }, pick) => {
        const [before, theirs] = [contentOf(base), contentOf(cloud)];
        const place = pick % Math.max(1, before.cells.length);
        const running = new Set([place]);
        const target = incorporateNotebook({ ...clean(before, theirs), running });
        const notebook = opened(base);
        const cell = notebook.cells[place];
        if (!target || !cell) {
          return;
        }
        const content = cell.toJSON();
        applyNotebook(notebook, before, target, { worth: at => (running.has(at) ? 1e6 : 1) });
        expect(notebook.cells).toContain(cell);
        expect(cell.isDisposed).toBe(false);
        expect(cell.toJSON()).toEqual(content);
        kept++;
      }),
      RUNS
    );
    expect(kept).toBeGreaterThan(RUNS.numRuns / 4);
  });
});

describe('#editsBetween()', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', '\n', '\r\n', '🙂', '🙃', 'long line '), { maxLength: 30 })
    .map(parts => parts.join(''));

  it('should make one text into the other, and never part a pair of surrogates', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const result = editsBetween(before, after).reduce((now, { start, end, text: by }) => {
          expect(now.slice(0, start).isWellFormed()).toBe(true);
          expect(by.isWellFormed()).toBe(true);
          return now.slice(0, start) + by + now.slice(end);
        }, before);
        expect(result).toBe(after);
      }),
      { numRuns: 2000 }
    );
  });

  it('should touch only what differs in a line', () => {
    expect(editsBetween('one\ntwo\nthree\n', 'one\ntwo and\nthree\n')).toEqual([
      { start: 7, end: 7, text: ' and' }
    ]);
  });
});
