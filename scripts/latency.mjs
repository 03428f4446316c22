import { join } from 'node:path';

import { runBundled } from './lib/run-bundled.mjs';

/**
 * `npm run bench:latency`: how soon changes arrive, and what it costs, in a real JupyterLab in a real browser with real servers.
 */
const USAGE = `npm run bench:latency -- [--only NAME,…] [--quick] [--idle-minutes M] [--profile FILE]

  --only NAME        of the rows only these: to-cloud, to-disk, document-seen, cell-of-1000, to-cloud-without, first-sync,
                     to-cloud-large, no-change, no-change-without, local-side, idle, cost, writes, checkout
  --quick            fewer samples; the contents API is measured with a tenth of the files, and said so
  --idle-minutes M   how long the hidden page is watched (2; 10 is what was promised)
  --profile FILE     where the page's time goes while all that runs, for Chromium's developer tools
`;

await runBundled('latency', join('bench', 'latency', 'main.ts'), USAGE);
