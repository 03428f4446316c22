import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { pythonOf } from '../support/jupyter-server';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '../..');

describe('the Python package', () => {
  let folder: string;
  let python: string;
  let files: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'projects-package-'));
    const clone = join(folder, 'clone');
    await copySources(clone);
    python = await makeEnvironment(join(folder, 'environment'));
    await run(python, ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '.'], {
      cwd: clone,
      maxBuffer: 1 << 26
    });
    files = await readdir(installedIn(folder), { recursive: true });
  }, 400_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('puts the built extension where JupyterLab looks for it, WebAssembly included', () => {
    expect(files).toEqual(expect.arrayContaining(['package.json', 'install.json']));
    expect(files).toContainEqual(expect.stringMatching(/^static\/remoteEntry\..*\.js$/));
    expect(files).toContainEqual(expect.stringMatching(/^static\/.*\.wasm$/));
    expect(files).toContainEqual(expect.stringMatching(/^schemas\/.*\/plugin\.json$/));
  });

  it('is listed by JupyterLab as enabled and OK', async () => {
    const { stdout, stderr } = await run(python, ['-m', 'jupyterlab.labextensions', 'list'], {
      env: {
        ...process.env,
        JUPYTER_CONFIG_DIR: join(folder, 'config'),
        JUPYTER_DATA_DIR: join(folder, 'data')
      }
    });
    const line = `${stdout}\n${stderr}`
      .split('\n')
      .find(each => each.includes('jupyterlab-projects'));
    expect(line).toMatch(/enabled\W.*OK\W/);
    expect(line).toContain('(python, jupyterlab_projects)');
  });
});

/** What a clean clone of these sources would hold; npm's packages are lent to it, as a fresh `npm ci` of them takes a minute. */
async function copySources(clone: string): Promise<void> {
  const { stdout } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: PROJECT, maxBuffer: 1 << 24 }
  );
  for (const file of stdout.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(clone, file)), { recursive: true });
    await cp(join(PROJECT, file), join(clone, file));
  }
  await symlink(join(PROJECT, 'node_modules'), join(clone, 'node_modules'), 'dir');
}

/** A new Python environment to which the repository's own lends its JupyterLab. */
async function makeEnvironment(path: string): Promise<string> {
  await run(pythonOf(), ['-m', 'venv', path]);
  const python = join(path, 'bin', 'python');
  const [ours, theirs] = await Promise.all([packagesOf(python), packagesOf(pythonOf())]);
  await writeFile(join(ours, 'lent.pth'), `${theirs}\n`);
  return python;
}

async function packagesOf(python: string): Promise<string> {
  const { stdout } = await run(python, [
    '-c',
    'import sysconfig; print(sysconfig.get_path("purelib"))'
  ]);
  return stdout.trim();
}

function installedIn(folder: string): string {
  return join(folder, 'environment/share/jupyter/labextensions/jupyterlab-projects');
}
