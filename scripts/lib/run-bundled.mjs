import { rmSync } from 'node:fs';

import { bundleForNode } from './bundle.mjs';
import { environment } from './environment.mjs';
import { prepare, requireNode } from './prepare.mjs';
import { PROJECT } from './project.mjs';
import { runScript } from './script.mjs';

/**
 * Runs a program that is written in TypeScript as a command of the package, with the command's own arguments.
 *
 * @param {string} name - of the program
 * @param {string} entry - relative to the project
 * @param {string} usage - what `--help` says
 */
export async function runBundled(name, entry, usage) {
  await runScript(async (processes, report) => {
    const args = process.argv.slice(2);
    if (args.includes('--help')) {
      report.say(usage);
      return;
    }
    requireNode();
    await prepare(processes, report);
    const program = await bundleForNode(name, entry);
    try {
      const { code } = await processes.start(
        process.execPath,
        ['--no-warnings', program, ...args],
        {
          name,
          cwd: PROJECT,
          env: environment(),
          log: null
        }
      ).ended;
      processes.signal.throwIfAborted();
      process.exitCode = code ?? 1;
    } finally {
      rmSync(program, { force: true });
    }
  });
}
