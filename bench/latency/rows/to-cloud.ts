import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

import { Cells } from '../cell';
import { FILES, writeFiles } from '../files';
import { inSeconds, median, quantile } from '../figures';
import type { Measure, Row } from '../row';
import type { Stage, Synced } from '../stage';
import { aWhile, whenSeen } from '../wait';

/** Before they count; the first runs of a page load what later ones have. */
const WARM_UP = 3;

/** A file that a terminal or a kernel writes, until its bytes can be read in the cloud; the helper kernel watches. */
export const toCloud: Measure = async (stage, { quick }) => {
  const small = await stage.project('some work', folder => writeFiles(folder, SOME));
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  const times = await timesOf(stage, small, quick ? 10 : 40, 'wroteAt');
  return [rowOf('terminal or kernel → cloud, helper', times, 500, 1500)];
};

/** The same where there are many files; nothing was promised of it. */
export const toCloudLarge: Measure = async (stage, { quick }) => {
  const large = await stage.project('large', folder => writeFiles(folder));
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  const times = await timesOf(stage, large, quick ? 6 : 20, 'wroteAt');
  return [rowOf(`the same in a folder of ${FILES} files`, times)];
};

/** The same for a cell, from when its kernel is idle; without the helper kernel. */
export const toCloudWithout: Measure = async (stage, { quick }) => {
  const small = await stage.project('some work', folder => writeFiles(folder, SOME));
  await stage.go({ autoSync: true, helperKernel: 'off' });
  const times = await timesOf(stage, small, quick ? 5 : 15, 'idleAt');
  return [rowOf('cell → cloud, no helper, after idle', times, 2000)];
};

export const SOME = { files: 100, directories: 5 };

async function timesOf(
  stage: Stage,
  { folder, cloud }: Synced,
  count: number,
  since: 'wroteAt' | 'idleAt'
): Promise<number[]> {
  const cells = await Cells.open(stage.page);
  const times: number[] = [];
  for (let sample = -WARM_UP; sample < count; sample += 1) {
    await aWhile();
    const name = `written ${Math.abs(sample) % 8}.txt`;
    const text = `sample ${sample} ${Math.random()}`;
    const isCell = since === 'idleAt' || sample % 2 === 0;
    // A kernel's own folder is another one.
    const full = join(folder.path, name);
    const [written, seen] = await Promise.all([
      isCell ? cells.write(full, text) : writeHere(full, text),
      whenSeen(async () => (await cloud.text(name)) === text, 5, name)
    ]);
    if (sample >= 0) {
      times.push(seen - written[since]);
    }
  }
  await cells.close();
  return times;
}

/** As a program in a terminal does. */
async function writeHere(path: string, text: string): Promise<{ wroteAt: number; idleAt: number }> {
  const wroteAt = Date.now();
  await writeFile(path, text);
  return { wroteAt, idleAt: Date.now() };
}

/** @param bar - of the median, in ms, and of the slowest twentieth */
export function rowOf(what: string, times: readonly number[], bar?: number, slowBar?: number): Row {
  const [middle, slow] = [median(times), quantile(times, 0.95)];
  const bars = [
    ...(bar === undefined ? [] : [`≤ ${bar / 1000} s`]),
    ...(slowBar === undefined ? [] : [`p95 ≤ ${slowBar / 1000} s`])
  ];
  return {
    what: `${what} (n=${times.length})`,
    bar: bars.join(', '),
    median: inSeconds(middle),
    p95: inSeconds(slow),
    isOver: middle > (bar ?? Infinity) || slow > (slowBar ?? Infinity),
    notes: [`from ${inSeconds(Math.min(...times))} to ${inSeconds(Math.max(...times))}`]
  };
}
