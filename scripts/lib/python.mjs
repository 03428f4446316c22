import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { environment } from './environment.mjs';
import { Failure } from './failure.mjs';
import { CACHE, PROJECT, PYTHON, VENV } from './project.mjs';
import { hashOf, Stamp } from './stamp.mjs';

const REQUIREMENTS = 'scripts/requirements.txt';
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/**
 * The project's Python environment, made or brought up to date where it is not.
 *
 * @param {import('./processes.mjs').Processes} processes
 * @param {import('./report.mjs').Reporter} report
 */
export async function ensurePython(processes, report) {
  const stamp = new Stamp('python');
  // An empty stamp tells of an installation that was cut short: pip might take what it left for whole.
  const works = stamp.value !== '' && runs(PYTHON, 'import pip');
  // Programs in a Python environment name its folder: one that was moved with the project is made anew.
  const wanted = `${hashOf([REQUIREMENTS])} ${VENV}`;
  if (works && stamp.value === wanted) {
    return;
  }
  stamp.value = '';
  const options = { cwd: PROJECT, env: environment(), log: join(CACHE, 'logs', 'python.log') };
  if (!works) {
    const python = await findPython(processes, report, options);
    await report.step(`Making a Python environment with ${python}`, async () => {
      rmSync(VENV, { recursive: true, force: true });
      await processes.run(python, ['-m', 'venv', VENV], { ...options, name: 'python -m venv' });
    });
  }
  await report.step('Installing JupyterLab into it (a minute or two, once)', () =>
    processes.run(
      PYTHON,
      ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '-r', REQUIREMENTS],
      { ...options, name: 'pip install' }
    )
  );
  stamp.value = wanted;
}

async function findPython(processes, report, options) {
  const candidates = process.env.PYTHON ? [process.env.PYTHON] : CANDIDATES;
  const python = candidates.find(name =>
    runs(name, 'import sys; assert sys.version_info >= (3, 10)')
  );
  if (python === undefined) {
    throw new Failure(
      `Python 3.10 or newer is needed, and none was found (${candidates.join(', ')}). Install it, or name it: PYTHON=/path/to/python3 npm start`
    );
  }
  if (runs(python, 'import venv, ensurepip')) {
    return python;
  }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await report.step("Installing Debian's python3-venv", () =>
      aptInstall(processes, ['python3-venv'], options)
    );
    if (runs(python, 'import venv, ensurepip')) {
      return python;
    }
  }
  throw new Failure(
    `${python} can't make an environment: its venv or ensurepip module is missing. On Debian and Ubuntu: apt-get install python3-venv`
  );
}

/**
 * Installs Debian packages; needs root.
 *
 * @param {import('./processes.mjs').Processes} processes
 * @param {string[]} packages
 * @param {{cwd: string, log: string}} options
 */
export async function aptInstall(processes, packages, { cwd, log }) {
  const options = { cwd, log, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await processes.run('apt-get', ['update', '-q'], { ...options, name: 'apt-get update' });
  await processes.run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], {
    ...options,
    name: `apt-get install ${packages.join(' ')}`
  });
}

function runs(python, program) {
  try {
    execFileSync(python, ['-c', program], { stdio: 'ignore', env: environment() });
    return true;
  } catch {
    return false;
  }
}
