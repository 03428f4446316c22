import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { bundleForNode } from './lib/bundle.mjs';
import { environment } from './lib/environment.mjs';
import { prepare, requireNode } from './lib/prepare.mjs';
import { PROJECT } from './lib/project.mjs';
import { runScript } from './lib/script.mjs';

/**
 * `npm run bench:latency`: how soon changes arrive, and what it costs, in a real JupyterLab in a real browser with real servers.
 */
const USAGE = `npm run bench:latency -- [--only NAME,…] [--quick] [--idle-minutes M] [--profile FILE]

  --only NAME        of the rows only these: to-cloud, to-disk, to-cloud-without, first-sync, to-cloud-large, no-change,
                     no-change-without, local-side, idle, cost, writes, checkout
  --quick            fewer samples; the contents API is measured with a tenth of the files, and said so
  --idle-minutes M   how long the hidden page is watched (2; 10 is what was promised)
  --profile FILE     where the page's time goes while all that runs, for Chromium's developer tools
`;

await runScript(async (processes, report) => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    report.say(USAGE);
    return;
  }
  requireNode();
  await prepare(processes, report);
  const program = await bundleForNode('latency', join('bench', 'latency', 'main.ts'));
  try {
    const { code } = await processes.start(process.execPath, ['--no-warnings', program, ...args], {
      name: 'latency',
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
