import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CACHE, PROJECT } from './project.mjs';

/** Bundled, a source still finds what lies around it. */
const placesOfSources = {
  name: 'places of sources',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](test|bench)[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(
        'import.meta.dirname',
        JSON.stringify(dirname(path))
      ),
      loader: 'ts'
    }));
  }
};

/**
 * Makes a program for Node out of TypeScript: JupyterLab's own packages are made for a bundler.
 *
 * @param {string} name - of the program
 * @param {string} entry - relative to the project
 * @returns {Promise<string>} Where it is.
 */
export async function bundleForNode(name, entry) {
  const { build } = await import('esbuild');
  const folder = join(CACHE, name);
  const outfile = join(folder, `${name}-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(PROJECT, entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['sql.js', '@playwright/test', 'esbuild'],
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
