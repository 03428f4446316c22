import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { closeAll, openDocument } from '../../../test/browser/support/documents';
import { writeFiles } from '../files';
import { median, quantile } from '../figures';
import { longTasks } from '../long-tasks';
import { traced } from '../main-thread';
import type { Task } from '../main-thread';
import type { Measure } from '../row';
import { aWhile } from '../wait';
import { rowOf, SOME } from './to-cloud';

const WARM_UP = 3;
const CELLS = 1000;
/** Shorter tasks are not told; ms. */
const SHORT = 20;
/** How long no change may take to be seen; ms. */
const PATIENCE = 30_000;

/** A file that a program writes, until its editor shows it; the helper kernel watches. */
export const documentSeen: Measure = async (stage, { quick }) => {
  const { folder, path } = await stage.project('some work', each => writeFiles(each, SOME));
  await folder.write('open.txt', 'the first line\n');
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  await openDocument(stage.page, `${path}/open.txt`);
  const times: number[] = [];
  for (let sample = -WARM_UP; sample < (quick ? 20 : 40); sample += 1) {
    await aWhile();
    const line = `sample ${sample} ${Math.random()}`;
    const seen = await whenShown(stage.page, line);
    const began = Date.now();
    await writeFile(join(folder.path, 'open.txt'), `${line}\nthe rest\n`);
    const took = (await seen.at) - began;
    if (sample >= 0) {
      times.push(took);
    }
  }
  await closeAll(stage.page);
  return [rowOf('a program writes → seen in the editor, helper', times, 500)];
};

/** What an open notebook takes of the page's main thread when one cell of it is another on disk. */
export const cellOfMany: Measure = async (stage, { quick }) => {
  const { folder, path } = await stage.project('some work', each => writeFiles(each, SOME));
  const cells = Array.from(
    { length: CELLS },
    (_, index) => `x${index} = ${index}\nprint(x${index})`
  );
  await folder.write('open.ipynb', notebookOf(cells));
  // What a sync takes of it is another matter.
  await stage.go({ autoSync: false, helperKernel: 'auto' });
  await openDocument(stage.page, `${path}/open.ipynb`);
  await whenDrawn(stage.page);
  const samples = quick ? 10 : 20;
  const moments: number[] = [];
  const change = async (sample: number) => {
    await aWhile();
    const place = Math.abs(sample * 37) % CELLS;
    const source = `sample = ${Math.random()}`;
    cells[place] = source;
    const applied = whenHeld(stage.page, place, source);
    moments.push(Date.now());
    await writeFile(join(folder.path, 'open.ipynb'), notebookOf(cells));
    await applied;
  };
  for (let sample = -WARM_UP; sample < 0; sample += 1) {
    await change(sample);
  }
  moments.length = 0;
  let tasks: Task[] = [];
  let began = 0;
  const long = await longTasks(stage.page, async () => {
    tasks = await traced(stage.page, async () => {
      began = Date.now();
      for (let sample = 0; sample < samples; sample += 1) {
        await change(sample);
      }
      await aWhile();
    });
  });
  await closeAll(stage.page);
  const longest = (of: (task: Task) => number) =>
    moments.map((moment, index) => {
      const [from, to] = [moment - began, (moments[index + 1] ?? Infinity) - began];
      return Math.max(SHORT, ...tasks.filter(({ at }) => at >= from && at < to).map(of));
    });
  const [whole, busy] = [longest(({ took }) => took), longest(({ cpu }) => cpu)];
  const inMs = (ms: number) => `${ms > SHORT ? '' : '≤ '}${ms.toFixed(0)} ms`;
  return [
    {
      what: `longest main-thread task, one cell of ${CELLS} is another (n=${samples})`,
      bar: '≤ 50 ms',
      median: inMs(median(whole)),
      p95: inMs(quantile(whole, 0.95)),
      isOver: median(whole) > 50,
      notes: [
        `with a processor: median ${inMs(median(busy))}, p95 ${inMs(quantile(busy, 0.95))}`,
        `by longtask entries, above 50 ms: ${long.map(({ took }) => took.toFixed(0)).join(', ') || 'none'}`
      ]
    }
  ];
};

/** Listens for the line in the editor in front; then gives when it is shown, in ms since the epoch. */
async function whenShown(page: Page, line: string): Promise<{ at: Promise<number> }> {
  const watching = await page.evaluateHandle(
    ([text, patience]) => {
      const isShown = () => document.querySelector('.cm-content')?.textContent?.includes(text);
      const at = new Promise<number>((resolve, reject) => {
        const observer = new MutationObserver(() => {
          if (isShown()) {
            observer.disconnect();
            // In the frame that paints it.
            requestAnimationFrame(() => resolve(Date.now()));
          }
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        setTimeout(() => reject(new Error(`"${text}" was not shown.`)), patience);
      });
      return { at };
    },
    [line, PATIENCE] as const
  );
  return { at: watching.evaluate(({ at }) => at) };
}

/** Resolves when the notebook in front has the source at that place. */
async function whenHeld(page: Page, place: number, source: string): Promise<void> {
  await page.waitForFunction(
    ([index, text]) => {
      const { context } = window.jupyterapp.shell.currentWidget as unknown as {
        context: { model: { sharedModel: { getCell(at: number): { getSource(): string } } } };
      };
      return context.model.sharedModel.getCell(index).getSource() === text;
    },
    [place, source] as const,
    { polling: 50, timeout: PATIENCE }
  );
}

/** JupyterLab makes the editors of a long notebook one by one, whenever nothing else is to be done. */
async function whenDrawn(page: Page): Promise<void> {
  await page.waitForFunction(
    count => document.querySelectorAll('.jp-Notebook .jp-Cell .cm-editor').length >= count,
    CELLS,
    { polling: 500, timeout: 8 * PATIENCE }
  );
}

/** Each of the cells was run, and printed. */
function notebookOf(sources: readonly string[]): string {
  const notebook = {
    cells: sources.map((source, index) => ({
      cell_type: 'code',
      execution_count: index + 1,
      id: `cell-${index}`,
      metadata: {},
      outputs: [{ name: 'stdout', output_type: 'stream', text: [`${index}\n`] }],
      source: source.split(/(?<=\n)/)
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
