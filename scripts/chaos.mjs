import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { environment } from './lib/environment.mjs';
import { prepare, requireNode } from './lib/prepare.mjs';
import { CACHE, PROJECT } from './lib/project.mjs';
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

/** Bundled, a source still finds what lies around it. */
const placesOfSources = {
  name: 'places of sources',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(
        'import.meta.dirname',
        JSON.stringify(dirname(path))
      ),
      loader: 'ts'
    }));
  }
};

/** JupyterLab's own packages are made for a bundler. */
async function bundle() {
  const { build } = await import('esbuild');
  const outfile = join(CACHE, 'chaos', `chaos-${process.pid}.mjs`);
  mkdirSync(join(CACHE, 'chaos'), { recursive: true });
  await build({
    entryPoints: [join(PROJECT, 'test', 'chaos', 'main.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['sql.js', '@playwright/test'],
    sourcemap: 'inline',
    logLevel: 'warning',
    outfile,
    plugins: [placesOfSources],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
    }
  });
  return outfile;
}

await runScript(async (processes, report) => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    report.say(USAGE);
    return;
  }
  requireNode();
  await prepare(processes, report);
  const program = await bundle();
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
