import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { findChromium } from './lib/chromium.mjs';
import { findPostgres } from './lib/postgres.mjs';
import { environment } from './lib/environment.mjs';
import { Failure } from './lib/failure.mjs';
import { prepare, requireNode } from './lib/prepare.mjs';
import { CACHE, PROJECT } from './lib/project.mjs';
import { aptInstall } from './lib/python.mjs';
import { seconds } from './lib/report.mjs';
import { runScript } from './lib/script.mjs';
import {
  sum,
  tallyOfChaos,
  tallyOfJest,
  tallyOfOne,
  tallyOfPlaywright,
  words
} from './lib/tally.mjs';

/**
 * `npm test`: every check and every test, from nothing. Its last line sums up what all runners counted.
 */
const RESULTS = join(CACHE, 'test');

/** Unit test files at once: two keep two cores busy. */
const UNIT_FILES = 2;

/** Those with servers wait a good part of their time. */
const INTEGRATION_FILES = 3;

/** Those with a browser, each with a JupyterLab and a cloud of its own. */
const BROWSER_FILES = 2;

/** The quick checks run beside each other; a runner counts for itself. */
const CHECKS = ['types', 'code', 'style', 'format'];
const RUNNERS = [
  { name: 'unit', args: jestArgs('unit', UNIT_FILES), count: tallyOfJest },
  { name: 'integration', args: jestArgs('integration', INTEGRATION_FILES), count: tallyOfJest },
  { name: 'chaos', args: ['--results', join(RESULTS, 'chaos.json')], count: tallyOfChaos },
  { name: 'browser', args: [`--workers=${BROWSER_FILES}`], count: tallyOfPlaywright }
];

await runScript(async (processes, report) => {
  const results = [];
  try {
    requireNode();
    await prepare(processes, report);
    const env = environment({
      POSTGRES_BIN: await ensurePostgres(processes, report),
      CHROMIUM_PATH: await ensureChromium(processes, report)
    });
    rmSync(RESULTS, { recursive: true, force: true });
    results.push(
      ...(await Promise.all(CHECKS.map(name => runCheck(processes, report, env, name))))
    );
    for (const runner of RUNNERS) {
      results.push(await runTests(processes, report, env, runner));
    }
  } catch (error) {
    processes.signal.throwIfAborted();
    report.warn(error instanceof Failure ? error.message : error.stack);
    results.push({ name: 'preparation', ...tallyOfOne(false), ms: 0 });
  }
  const total = sum(results);
  report.say('');
  for (const result of results) {
    report.say(`${result.name.padEnd(16)} ${words(result)} (${seconds(result.ms)})`);
  }
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
  await processes.stop();
  report.say(words(total));
});

/** Its output is shown when it fails. */
async function runCheck(processes, report, env, name) {
  const log = join(RESULTS, `lint-${name}.log`);
  const { good, ms } = await runScriptOfPackage(processes, env, `lint:${name}`, [], log);
  report.say(`${good ? 'passed' : 'FAILED'}: lint:${name} (${seconds(ms)})`);
  if (!good) {
    report.say(readFileSync(log, 'utf8'));
  }
  return { name: `lint:${name}`, ...tallyOfOne(good), ms };
}

async function runTests(processes, report, env, { name, args, count }) {
  report.say(`\n--- test:${name}`);
  const { good, ms } = await runScriptOfPackage(processes, env, `test:${name}`, args, null);
  const counted = count(join(RESULTS, `${name}.json`)) ?? tallyOfOne(false);
  // A runner that says it failed has failed, whatever it counted.
  const failed = good ? counted.failed : Math.max(counted.failed, 1);
  return { name: `test:${name}`, ...counted, failed, ms };
}

async function runScriptOfPackage(processes, env, script, args, log) {
  const start = Date.now();
  const service = processes.start('npm', ['run', '--silent', script, '--', ...args], {
    name: script,
    cwd: PROJECT,
    env,
    log
  });
  const { code } = await service.ended;
  processes.signal.throwIfAborted();
  return { good: code === 0, ms: Date.now() - start };
}

function ensureChromium(processes, report) {
  return ensureInstalled(processes, report, findChromium, {
    what: 'Chromium for the browser tests',
    packages: ['chromium'],
    missing:
      'The browser tests need Chromium, and none was found. Install it (Debian: apt-get install chromium), or name it: CHROMIUM_PATH=/path/to/chromium npm test'
  });
}

function ensurePostgres(processes, report) {
  return ensureInstalled(processes, report, findPostgres, {
    what: 'PostgreSQL for the tests of the cloud server',
    packages: ['postgresql'],
    missing:
      'The tests of the cloud server need PostgreSQL, and none was found. Install it (Debian: apt-get install postgresql), or name the folder of its programs: POSTGRES_BIN=/path/to/bin npm test'
  });
}

async function ensureInstalled(processes, report, find, { what, packages, missing }) {
  if (find() === null && process.getuid?.() === 0 && process.platform === 'linux') {
    await report.step(`Installing Debian's ${what}`, () =>
      aptInstall(processes, packages, {
        cwd: PROJECT,
        log: join(CACHE, 'logs', `${packages[0]}.log`)
      })
    );
  }
  const found = find();
  if (found === null) {
    throw new Failure(missing);
  }
  return found;
}

function jestArgs(name, files) {
  // What libraries write to the console would bury the results.
  return [
    '--silent',
    `--maxWorkers=${files}`,
    `--testSequencer=${join(PROJECT, 'test', 'support', 'longest-first.mjs')}`,
    '--json',
    `--outputFile=${join(RESULTS, `${name}.json`)}`
  ];
}
