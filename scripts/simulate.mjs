import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

import { PLANTED, plant } from './lib/planted.mjs';
import { simulateInJobs } from './lib/simulate-jobs.mjs';

const USAGE = `npm run simulate -- [--runs N] [--seed S] [--minutes M] [--cloud memory|real|mixed] [--jobs N] [--planted]

  --runs N      how many seeds are played (2000)
  --seed S      the first of them (1)
  --minutes M   stop after so many minutes
  --cloud C     memory: a quick stand-in; real: the server itself; mixed: the server for every 40th seed (mixed)
  --state S     quick: a stand-in for the database; real: SQLite; mixed: SQLite for every 20th seed (mixed)
  --jobs N      in so many processes at once, each with its part of the seeds (1)
  --regressions only what failed once
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
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile);
  }
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    cloud: { type: 'string', default: 'mixed' },
    state: { type: 'string', default: 'mixed' },
    jobs: { type: 'string', default: '1' },
    regressions: { type: 'boolean', default: false },
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

/** Plays seeds with one defect after the other, until it is found. */
async function findPlanted() {
  const runs = Math.min(number('runs'), 2000);
  const chosen = PLANTED.filter(({ name }) => values.only === undefined || name === values.only);
  const missed = [];
  for (const [index, defect] of chosen.entries()) {
    const { simulate } = await load(`planted-${index}`, [await plant(defect)]);
    const told = [];
    const { violations, runs: played } = await simulate({
      runs,
      seed: number('seed'),
      minutes: null,
      cloud: 'memory',
      state: defect.state ?? 'quick',
      bail: true,
      shrink: false,
      print: line => told.push(line)
    });
    if (violations === 0) {
      missed.push(defect.name);
    }
    const how = told.find(line => line.startsWith('seed '))?.slice(0, 140) ?? '';
    print(
      `${violations > 0 ? `found after ${played}` : `NOT FOUND in ${played}`} runs: ${defect.name} (${how})`
    );
  }
  print(
    `planted=${chosen.length} found=${chosen.length - missed.length} missed=${JSON.stringify(missed)}`
  );
  process.exitCode = missed.length > 0 ? 1 : 0;
}

async function playHere() {
  const { simulate } = await load('main');
  return simulate({
    runs: number('runs'),
    regressions: values.regressions,
    seed: number('seed'),
    minutes: values.minutes === undefined ? null : number('minutes'),
    cloud: values.cloud,
    state: values.state,
    bail: values.bail,
    shrink: !values.plain,
    print
  });
}

function playInJobs() {
  const { minutes, cloud, state, bail, plain } = values;
  return simulateInJobs({
    script: fileURLToPath(import.meta.url),
    jobs: number('jobs'),
    runs: number('runs'),
    seed: number('seed'),
    args: [
      ...(minutes === undefined ? [] : ['--minutes', minutes]),
      ...['--cloud', cloud, '--state', state],
      ...(bail ? ['--bail'] : []),
      ...(plain ? ['--plain'] : [])
    ],
    print
  });
}

const print = line => console.log(line);
if (values.help) {
  print(USAGE);
} else if (values.planted) {
  await findPlanted();
} else if (values.trace) {
  const { traceOf } = await load('main');
  const { trace, violation } = await traceOf(number('seed'));
  trace.forEach(print);
  print(violation ? `=> ${violation.message}` : '=> all invariants hold');
} else {
  const started = performance.now();
  const { runs, failed } = await (number('jobs') > 1 && !values.regressions
    ? playInJobs()
    : playHere());
  const took = performance.now() - started;
  print(`${(took / 1000).toFixed(1)} s, ${((runs * 1000) / took).toFixed(0)} runs a second`);
  print(`runs=${runs} violations=${failed.length} seeds_failed=[${failed.join(',')}]`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
