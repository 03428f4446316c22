import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { startJupyter } from '../../support/jupyter-server';
import type { Addresses } from './product';

const PROJECT = resolve(import.meta.dirname, '../../..');
const PREPARE = join(PROJECT, 'scripts/prepare.mjs');
const LABEXTENSION = join(PROJECT, 'jupyterlab_projects/labextension');

export interface LabOptions {
  /** The cloud that it is pointed at: its API base. */
  readonly cloudUrl: string;
  /** Default true; false: a JupyterLab as it is without it. */
  readonly hasExtension?: boolean;
  /** Default '/user/second/': as a JupyterHub would have it. */
  readonly baseUrl?: string;
  /** A program with its arguments that starts the server, say one that sets limits. Default: none. */
  readonly wrapper?: readonly string[];
  /** The folder it shows; it stays. Default: a new one that `stop()` removes. */
  readonly root?: string;
}

/** A JupyterLab with the built extension and no cloud of its own. */
export interface LabServer {
  readonly lab: Addresses['lab'];
  readonly pid: number;
  /** What it logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts a JupyterLab, with the extension as it is built from the sources of now, beside a cloud that runs already. */
export async function startLab(options: LabOptions): Promise<LabServer> {
  await promisify(execFile)(process.execPath, [PREPARE]);
  const folder = await mkdtemp(join(tmpdir(), 'projects-lab-'));
  const [config, data] = [join(folder, 'config'), join(folder, 'data')];
  const labconfig = join(config, 'labconfig');
  await mkdir(labconfig, { recursive: true });
  await mkdir(join(data, 'labextensions'), { recursive: true });
  if (options.hasExtension ?? true) {
    await symlink(LABEXTENSION, join(data, 'labextensions', 'jupyterlab-projects'), 'dir');
  }
  const write = (name: string, value: unknown) =>
    writeFile(join(labconfig, name), JSON.stringify(value));
  await write('default_setting_overrides.json', {
    'jupyterlab-projects:plugin': { cloudUrl: options.cloudUrl }
  });
  await write('page_config.json', {
    disabledExtensions: { '@jupyterlab/apputils-extension:announcements': true }
  });
  const server = await startJupyter({
    module: 'jupyterlab',
    baseUrl: options.baseUrl ?? '/user/second/',
    args: ['--expose-app-in-browser'],
    env: { JUPYTER_CONFIG_DIR: config, JUPYTER_DATA_DIR: data },
    ...(options.root === undefined ? {} : { root: options.root }),
    ...(options.wrapper && { wrapper: options.wrapper })
  });
  return {
    lab: { url: server.url, token: server.token, root: server.root },
    pid: server.process.pid ?? 0,
    log: () => server.log(),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  };
}
