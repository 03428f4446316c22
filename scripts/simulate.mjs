import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

const USAGE = `npm run simulate -- [--runs N] [--seed S] [--minutes M] [--cloud memory|real|mixed] [--planted [NAME]]

  --runs N      how many seeds are played (1000)
  --seed S      the first of them (1)
  --minutes M   stop after so many minutes
  --cloud C     memory: a quick stand-in; real: the server itself; mixed: the server for every 20th seed (mixed)
  --state S     quick: a stand-in for the database; real: SQLite; mixed: SQLite for every 10th seed (mixed)
  --planted     plant one defect after the other in the engine, and tell after how many runs each is found
  --only NAME   of the planted defects only this one
  --bail        stop at the first violation
  --plain       don't look for a smaller scenario that fails too
  --trace       print what one seed does
`;

/** Bundles the simulation, with what \`plugins\` change, and loads it. */
async function load(name, plugins = []) {
  const folder = join(process.cwd(), '.cache', 'simulation');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: ['test/simulation/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    outfile,
    plugins
  });
  return import(pathToFileURL(outfile).href);
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    cloud: { type: 'string', default: 'mixed' },
    state: { type: 'string', default: 'mixed' },
    planted: { type: 'boolean', default: false },
    only: { type: 'string' },
    trace: { type: 'boolean', default: false },
    bail: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
});

function number(name) {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value < 0) {
    throw new Error(`--${name} takes a number`);
  }
  return value;
}

const print = line => console.log(line);
if (values.help) {
  print(USAGE);
} else if (values.trace) {
  const { traceOf } = await load('main');
  const { trace, violation } = await traceOf(number('seed'));
  trace.forEach(print);
  print(violation ? `=> ${violation.message}` : '=> all invariants hold');
} else {
  const { simulate } = await load('main');
  const { runs, violations, failed, took } = await simulate({
    runs: number('runs'),
    seed: number('seed'),
    minutes: values.minutes === undefined ? null : number('minutes'),
    cloud: values.cloud,
    state: values.state,
    bail: values.bail,
    shrink: !values.plain,
    print
  });
  print(`${(took / 1000).toFixed(1)} s, ${((runs * 1000) / took).toFixed(0)} runs a second`);
  print(`runs=${runs} violations=${violations} seeds_failed=[${failed.join(',')}]`);
  process.exitCode = violations > 0 ? 1 : 0;
}
