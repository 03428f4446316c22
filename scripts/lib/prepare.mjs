import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { environment } from './environment.mjs';
import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { CACHE, LABEXTENSION, PROJECT, PYTHON, SERVER } from './project.mjs';
import { ensurePython } from './python.mjs';
import { hashOf, Stamp } from './stamp.mjs';

const BUILD_TOOLS = ['package-lock.json', 'tsconfig.json', 'scripts/requirements.txt'];
const EXTENSION_SOURCES = ['package.json', 'src', 'style', 'schema', ...BUILD_TOOLS];
const SERVER_SOURCES = [
  'server/package.json',
  'server/src',
  'src/cloud/schemas.ts',
  ...BUILD_TOOLS
];

/**
 * Installs and builds what is missing or older than its sources. Several scripts may ask at once: one does it.
 *
 * @param {import('./processes.mjs').Processes} processes
 * @param {import('./report.mjs').Reporter} report
 */
export async function prepare(processes, report) {
  await withLock(
    join(CACHE, 'prepare.lock'),
    async () => {
      await ensurePackages(processes, report);
      await ensurePython(processes, report);
      await ensureServer(processes, report);
      await ensureExtension(processes, report);
    },
    {
      signal: processes.signal,
      onWait: pid => report.say(`Waiting for process ${pid}, which prepares the project …`)
    }
  );
}

/** @throws {Failure} When this Node is too old. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new Failure(`Node 20 or newer is needed; this is ${process.version}.`);
  }
}

async function ensurePackages(processes, report) {
  if (packagesMatchLock()) {
    return;
  }
  await report.step('Installing npm packages (a minute, once)', () =>
    processes.run('npm', ['ci', '--no-fund', '--no-audit'], {
      ...stepOptions('npm'),
      name: 'npm ci'
    })
  );
}

/** npm keeps a record of what it has installed, in the lock file's own form; so a developer's `npm install` counts too. */
function packagesMatchLock() {
  const record = join(PROJECT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) {
    return false;
  }
  const wanted = packagesOf(join(PROJECT, 'package-lock.json'));
  const installed = packagesOf(record);
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    if (!path.startsWith('node_modules/')) {
      return true;
    }
    return found === undefined
      ? entry.optional === true
      : found.version === entry.version && found.integrity === entry.integrity;
  });
}

function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

async function ensureServer(processes, report) {
  await ensureBuilt('server', SERVER_SOURCES, SERVER, () =>
    report.step('Building the cloud server', () =>
      processes.run('npm', ['run', '--silent', 'build:server'], {
        ...stepOptions('server'),
        name: 'The build of the cloud server'
      })
    )
  );
}

async function ensureExtension(processes, report) {
  await ensureBuilt('extension', EXTENSION_SOURCES, join(LABEXTENSION, 'package.json'), () =>
    report.step('Building the extension', async () => {
      const options = { ...stepOptions('extension'), name: 'The build of the extension' };
      if (!existsSync(join(PROJECT, 'lib', 'index.js'))) {
        // tsc's record of an earlier build would make it write nothing.
        rmSync(join(PROJECT, 'tsconfig.tsbuildinfo'), { force: true });
      }
      await processes.run('tsc', ['-p', 'tsconfig.json'], options);
      await processes.run(PYTHON, ['-m', 'jupyter_builder.main', 'build', '.'], options);
    })
  );
}

async function ensureBuilt(name, sources, output, build) {
  const stamp = new Stamp(name);
  const wanted = hashOf(sources);
  if (existsSync(output) && stamp.value === wanted) {
    return;
  }
  stamp.value = '';
  await build();
  stamp.value = wanted;
}

function stepOptions(name) {
  return { cwd: PROJECT, env: environment(), log: join(CACHE, 'logs', `${name}.log`) };
}
