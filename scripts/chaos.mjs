import { join } from 'node:path';

import { runBundled } from './lib/run-bundled.mjs';

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

await runBundled('chaos', join('test', 'chaos', 'main.ts'), USAGE);
