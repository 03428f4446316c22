import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { chromium } from '@playwright/test';

import { findChromium } from '../../scripts/lib/chromium.mjs';
import { CHROMIUM_ARGS } from '../../test/browser/support/chromium-args';
import { startLab } from '../../test/browser/support/lab-server';
import { startCloud } from '../../test/support/cloud-server';
import { median, quantile } from '../latency/figures';
import { Opener } from './opener';
import { gzipped } from './script';

/** Bytes, compressed. */
const SIZE_BAR = 60_000;
/** Ms. */
const TIME_BAR = 100;

const { values } = parseArgs({ options: { loads: { type: 'string', default: '12' } } });
const loads = Number(values.loads);
if (!Number.isInteger(loads) || loads < 1) {
  throw new Error('--loads takes a whole number');
}
const executablePath = findChromium();
if (executablePath === null) {
  throw new Error('There is no Chromium: install one, or say where it is by CHROMIUM_PATH.');
}

const cloud = await startCloud();
const servers = [
  await startLab({ cloudUrl: cloud.url }),
  await startLab({ cloudUrl: cloud.url, hasExtension: false })
] as const;
const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
try {
  const [on, off] = await Promise.all(servers.map(server => Opener.on(browser, server)));
  if (!on || !off) {
    throw new Error('There are no two servers.');
  }
  // The servers' first answers are slow, and the browser compiles what it has not seen.
  for (const opener of [on, off, on, off]) {
    await opener.open();
  }

  const withIt: number[] = [];
  const without: number[] = [];
  for (let load = 0; load < loads; load += 1) {
    // By turns, who is first too: a machine that gets busier is busier for both.
    const turns = [
      async () => withIt.push((await on.open()).took),
      async () => without.push((await off.open()).took)
    ];
    for (const turn of load % 2 === 0 ? turns : turns.reverse()) {
      await turn();
    }
  }
  const gains = withIt.map((took, index) => took - (without[index] ?? NaN));
  const { scripts, later } = await on.open();
  const before = scripts.map(script => ({ ...script, size: gzipped(script) }));
  const size = before.reduce((sum, script) => sum + script.size, 0);
  const difference = median(withIt) - median(without);

  print('The extension’s JavaScript before the layout is restored, bytes compressed:');
  for (const { name, size: bytes, text } of before) {
    print(`  ${bytes.toString().padStart(7)}  ${name} (${text.length} as it is)`);
  }
  print(`  ${size.toString().padStart(7)}  in all; at most ${SIZE_BAR}: ${word(size <= SIZE_BAR)}`);
  const after = later.reduce((sum, script) => sum + gzipped(script), 0);
  print(`  ${after.toString().padStart(7)}  more when the page is there: the model`);
  print('');
  print(`JupyterLab’s start, ${loads} loads each by turns, ms:`);
  print(`  without the extension: ${spread(without)}`);
  print(`  with the extension:    ${spread(withIt)}`);
  print(
    `  difference of the medians: ${difference.toFixed(0)}; less than ${TIME_BAR}: ${word(difference < TIME_BAR)}`
  );
  print(`  median of the differences of neighbours: ${median(gains).toFixed(0)}`);
  print(`  ${cpus().length} cores, ${(loadavg()[0] ?? 0).toFixed(1)} processes wanted one of them`);
  process.exitCode = size <= SIZE_BAR && difference < TIME_BAR ? 0 : 1;
} finally {
  await browser.close();
  await Promise.all(servers.map(server => server.stop()));
  await cloud.stop();
}

function spread(times: readonly number[]): string {
  const [low, high] = [quantile(times, 0.25), quantile(times, 0.75)];
  return `median ${median(times).toFixed(0)} (middle half ${low.toFixed(0)}–${high.toFixed(0)})`;
}

function word(holds: boolean): string {
  return holds ? 'ok' : 'OVER';
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
