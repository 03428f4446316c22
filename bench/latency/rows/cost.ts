import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { Cells } from '../cell';
import { FILES, writeFiles } from '../files';
import type { Measure } from '../row';

/** How long its work is watched; ms. */
const WATCHED = 30_000;
/** Of the system's clock that processes' times are told in. */
const TICKS_A_SECOND = 100;
const MB = 1024 * 1024;

/** What the helper kernel takes of the machine while it watches many files and nothing happens, beside a bare kernel. Linux alone tells. */
export const cost: Measure = async stage => {
  await stage.project('large', folder => writeFiles(folder));
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  const cells = await Cells.open(stage.page);
  const helper = await stage.page.evaluate(async () => {
    const { sessions } = window.jupyterapp.serviceManager;
    await sessions.refreshRunning();
    return [...sessions.running()].find(({ type }) => type === 'projects-helper')?.kernel?.id;
  });
  const [helperProcess, bareProcess] = [
    await processOf(helper ?? ''),
    await processOf(cells.kernelId)
  ];
  await delay(10_000);
  const before = await timeOf(helperProcess);
  const bareBefore = await timeOf(bareProcess);
  await delay(WATCHED);
  const used = ((await timeOf(helperProcess)) - before) / WATCHED;
  const bareUsed = ((await timeOf(bareProcess)) - bareBefore) / WATCHED;
  const [memory, bare] = [await memoryOf(helperProcess), await memoryOf(bareProcess)];
  await cells.close();
  const more = (memory - bare) / MB;
  return [
    {
      what: `helper's memory, ${FILES} files watched, idle`,
      bar: '≤ 25 MB over a bare kernel',
      median: `${more.toFixed(1)} MB over`,
      isOver: more > 25,
      notes: [
        `${(memory / MB).toFixed(1)} MB; a bare kernel ${(bare / MB).toFixed(1)} MB (resident)`
      ]
    },
    {
      what: "helper's CPU, idle",
      bar: '0 %',
      median: `${(100 * used).toFixed(1)} %`,
      isOver: used - bareUsed >= 0.005,
      notes: [`a bare kernel ${(100 * bareUsed).toFixed(1)} %`]
    }
  ];
};

/** The process of a kernel: it is started with the name of its connection file. */
async function processOf(kernelId: string): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name)) {
      const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      if (kernelId !== '' && command.includes(`kernel-${kernelId}`)) {
        return Number(name);
      }
    }
  }
  throw new Error('There is no process of the kernel.');
}

/** What it has computed so far; ms. */
async function timeOf(process: number): Promise<number> {
  const text = await readFile(`/proc/${process}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND;
}

/** Resident; bytes. */
async function memoryOf(process: number): Promise<number> {
  const text = await readFile(`/proc/${process}/status`, 'utf8');
  return Number(/VmRSS:\s*(\d+)/.exec(text)?.[1]) * 1024;
}
