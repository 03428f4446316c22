import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { bundleForNode } from './lib/bundle.mjs';
import { environment } from './lib/environment.mjs';
import { prepare, requireNode } from './lib/prepare.mjs';
import { PROJECT } from './lib/project.mjs';
import { runScript } from './lib/script.mjs';

/**
 * `npm run chaos`: real servers and a real browser that are killed, closed, cut off and run full in the middle of their work.
 */
const USAGE = `npm run chaos -- [--rounds N] [--seed S] [--minutes M] [--only NAME,…] [--short] [--results FILE]

  --rounds N      how many rounds are played in all, as many of each scenario (10 of each)
  --seed S        the seed of each scenario's first round (1)
  --minutes M     begin no round after so many minutes
  --only NAME     of the scenarios only these: kill-jupyter, kill-cloud, close-tab, proxy, full-disk
  --short         one round of each scenario
  --results FILE  write what was counted, as JSON
`;

await runScript(async (processes, report) => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    report.say(USAGE);
    return;
  }
  requireNode();
  await prepare(processes, report);
  const program = await bundleForNode('chaos', join('test', 'chaos', 'main.ts'));
  try {
    const { code } = await processes.start(process.execPath, ['--no-warnings', program, ...args], {
      name: 'chaos',
      cwd: PROJECT,
      env: environment(),
      log: null
    }).ended;
    processes.signal.throwIfAborted();
    process.exitCode = code ?? 1;
  } finally {
    rmSync(program, { force: true });
  }
});
