import { prepare, requireNode } from './lib/prepare.mjs';
import { runScript } from './lib/script.mjs';

/** Installs and builds what is missing or older than its sources, and starts nothing: for tests that start their own servers. */
await runScript(async (processes, report) => {
  requireNode();
  await prepare(processes, report);
});
