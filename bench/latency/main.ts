import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';

import { optionsOf } from './options';
import type { Measure, Row } from './row';
import { tableOf } from './row';
import { cost } from './rows/cost';
import { cellOfMany, documentSeen } from './rows/documents';
import { idle } from './rows/idle';
import { firstSync, noChange, noChangeWithout } from './rows/large';
import { localSide } from './rows/local-side';
import { checkout, writes } from './rows/storms';
import { toCloud, toCloudLarge, toCloudWithout } from './rows/to-cloud';
import { toDisk } from './rows/to-disk';
import { Stage } from './stage';

/** In this order. */
const MEASURES: Readonly<Record<string, Measure>> = {
  'to-cloud': toCloud,
  'to-disk': toDisk,
  'document-seen': documentSeen,
  'cell-of-1000': cellOfMany,
  'to-cloud-without': toCloudWithout,
  'first-sync': firstSync,
  'to-cloud-large': toCloudLarge,
  'no-change': noChange,
  'no-change-without': noChangeWithout,
  'local-side': localSide,
  idle,
  cost,
  writes,
  checkout
};

/** What else the machine did meanwhile: times say something only of one that is not crowded. */
function conditions(): string {
  return `${cpus().length} cores, ${(loadavg()[0] ?? 0).toFixed(1)} processes wanted one of them`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const options = optionsOf(process.argv.slice(2), Object.keys(MEASURES));
const rows: Row[] = [];
let failures = 0;
const stage = await Stage.start();
const session = await stage.page.context().newCDPSession(stage.page);
if (options.profile !== null) {
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 500 });
  await session.send('Profiler.start');
}
try {
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (options.only.includes(name)) {
      const began = Date.now();
      try {
        const measured = await measure(stage, options);
        rows.push(...measured);
        const took = ((Date.now() - began) / 1000).toFixed(0);
        print(`\n${name} (${took} s; ${conditions()})\n${tableOf(measured)}`);
      } catch (error) {
        failures += 1;
        print(`${name} FAILED: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  }
  if (options.profile !== null) {
    const { profile } = await session.send('Profiler.stop');
    await writeFile(options.profile, JSON.stringify(profile));
  }
} finally {
  await stage.stop();
}
const over = rows.filter(({ isOver }) => isOver).length;
print(`\n${tableOf(rows)}\n`);
print(`rows=${rows.length} over=${over} failed=${failures}; ${conditions()}`);
process.exit(over + failures > 0 ? 1 : 0);
