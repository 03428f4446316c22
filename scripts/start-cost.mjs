import { join } from 'node:path';

import { runBundled } from './lib/run-bundled.mjs';

/**
 * `npm run bench:start`: what the extension adds to the start of JupyterLab, in a real browser.
 */
const USAGE = `npm run bench:start -- [--loads N]

  --loads N   how often JupyterLab is opened with the extension, and as often without it, by turns (12)

It prints the extension's JavaScript that is loaded before JupyterLab has restored its layout, compressed by gzip, and the
median time of the start with and without the extension. Its code is 1 where a bar is not kept.
`;

await runBundled('start', join('bench', 'start', 'main.ts'), USAGE);
