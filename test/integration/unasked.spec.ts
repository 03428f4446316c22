import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import {
  ContentsManager,
  KernelManager,
  KernelSpecManager,
  ServerConnection,
  SessionManager
} from '@jupyterlab/services';
import { WebSocket } from 'ws';

import type { Projects } from '../../src/model/projects';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { until } from '../support/until';
import type { JupyterServer } from '../support/jupyter-server';
import { startJupyter } from '../support/jupyter-server';
import { BrowserStorage, openPage } from '../support/page';
import { RawProject } from '../support/raw-project';

let cloud: CloudServer;
let jupyter: JupyterServer;
let kernels: KernelManager;
let sessions: SessionManager;
let page: Projects;
let raw: RawProject;
let id: string;
let errors: unknown[];
/** How often a sync of the project began. */
let runs: number;

async function start(helperKernel: 'auto' | 'off'): Promise<void> {
  // A browser has one; Node has from its version 22 on.
  Object.assign(globalThis, { WebSocket });
  [cloud, jupyter] = await Promise.all([startCloud(), startJupyter()]);
  errors = [];
  const serverSettings = ServerConnection.makeSettings({
    ...jupyter.settings,
    wsUrl: jupyter.url.replace(/^http/, 'ws'),
    token: jupyter.token,
    appendToken: true
  });
  kernels = new KernelManager({ serverSettings });
  sessions = new SessionManager({ serverSettings, kernelManager: kernels });
  const kernelspecs = new KernelSpecManager({ serverSettings });
  page = openPage({
    contents: jupyter.contents,
    serverSettings,
    services: { kernels, sessions, kernelspecs },
    cloudUrl: cloud.url,
    storage: new BrowserStorage(),
    // Hints alone: the last resort comes once an hour.
    settings: { autoSync: true, syncInterval: 3600, helperKernel },
    onError: error => errors.push(error)
  });
  await page.signIn(cloud.keys.alice);
  await mkdir(join(jupyter.root, 'work'));
  await writeFile(join(jupyter.root, 'work/a.txt'), 'a');
  ({ projectId: id } = await page.create('work'));
  await until(() => expect(page.helper.state).toBe(helperKernel === 'auto' ? 'ready' : 'off'));
  raw = new RawProject(cloud.url, cloud.keys.alice, id);
  runs = 0;
  let isRunning = false;
  page.projectsChanged.connect(() => {
    const now = page.projects.find(project => project.id === id)?.status === 'syncing';
    runs += now && !isRunning ? 1 : 0;
    isRunning = now;
  });
}

async function stop(): Promise<void> {
  page?.dispose();
  sessions?.dispose();
  kernels?.dispose();
  await Promise.all([jupyter?.stop(), cloud?.stop()]);
}

/** Resolves once no run has been under way for longer than hints take to arrive. */
async function calm(): Promise<void> {
  let seen = -1;
  let since = 0;
  await until(() => {
    const isSyncing = page.projects.find(project => project.id === id)?.status === 'syncing';
    if (isSyncing || runs !== seen) {
      [seen, since] = [runs, Date.now()];
    }
    expect(Date.now() - since).toBeGreaterThan(1500);
  });
}

const inCloud = (path: string) => raw.text(path).catch(() => null);
const onDisk = (path: string) =>
  readFile(join(jupyter.root, 'work', path), 'utf8').catch(() => null);

describe.each([
  ['with the helper kernel', 'auto'],
  ['without the helper kernel', 'off']
] as const)('a project that is synced by itself, %s', (_, helperKernel) => {
  beforeAll(() => start(helperKernel), 240_000);
  afterAll(stop);

  it('should send what this page saves', async () => {
    await jupyter.contents.save('work/page.txt', { type: 'file', format: 'text', content: 'page' });
    await until(async () => expect(await inCloud('page.txt')).toBe('page'));
  });

  it('should send what another client of the server saves, moves and deletes', async () => {
    const other = new ContentsManager({ serverSettings: jupyter.settings });
    await other.save('work/other.txt', { type: 'file', format: 'text', content: 'other' });
    await until(async () => expect(await inCloud('other.txt')).toBe('other'));
    await other.rename('work/other.txt', 'work/moved.txt');
    await until(async () => expect(await inCloud('moved.txt')).toBe('other'));
    await until(async () => expect(await inCloud('other.txt')).toBeNull());
    await other.delete('work/moved.txt');
    await until(async () => expect(await inCloud('moved.txt')).toBeNull());
    other.dispose();
  });

  it('should send what a kernel wrote, once it has finished', async () => {
    const kernel = await kernels.startNew({ name: 'python3' });
    await kernels.refreshRunning();
    await kernel.info;
    const file = JSON.stringify(join(jupyter.root, 'work/kernel.txt'));
    await kernel.requestExecute({ code: `open(${file}, "w").write("kernel")` }).done;
    await until(async () => expect(await inCloud('kernel.txt')).toBe('kernel'));
    await kernel.shutdown();
    kernel.dispose();
  });

  it('should bring what another client commits, and not be woken by its own writing of it', async () => {
    await calm();
    const before = runs;
    await raw.write('theirs.txt', 'theirs');
    await until(async () => expect(await onDisk('theirs.txt')).toBe('theirs'));
    // A later change takes a run of its own: none came between.
    await until(async () =>
      expect(page.projects.find(each => each.id === id)?.status).toBe('synced')
    );
    await raw.write('last.txt', 'last');
    await until(async () => expect(await onDisk('last.txt')).toBe('last'));
    expect(runs - before).toBe(2);
  });

  it('should show a project that another client makes', async () => {
    const made = await RawProject.create(cloud.url, cloud.keys.alice, 'made-elsewhere');
    await until(() => expect(page.projects.map(project => project.id)).toContain(made.id));
  });

  if (helperKernel === 'auto') {
    it('should send what a terminal writes, moves and deletes', async () => {
      const at = (path: string) => join(jupyter.root, 'work', path);
      await mkdir(at('deep/er'), { recursive: true });
      await writeFile(at('deep/er/typed.txt'), 'typed');
      await until(async () => expect(await inCloud('deep/er/typed.txt')).toBe('typed'));
      await rename(at('deep'), at('shallow'));
      await until(async () => expect(await inCloud('shallow/er/typed.txt')).toBe('typed'));
      await rm(at('shallow'), { recursive: true });
      await until(async () => expect(await inCloud('shallow/er/typed.txt')).toBeNull());
    });

    it('should send at once what a terminal writes over what a sync just wrote', async () => {
      await calm();
      await raw.write('twice.txt', 'from the cloud');
      await until(async () => expect(await onDisk('twice.txt')).toBe('from the cloud'));
      await writeFile(join(jupyter.root, 'work/twice.txt'), 'and over it');
      await until(async () => expect(await inCloud('twice.txt')).toBe('and over it'));
    });

    it('should make the first sync of a page by the helper, which only starts when the folder is linked', async () => {
      await mkdir(join(jupyter.root, 'first/sub'), { recursive: true });
      await writeFile(join(jupyter.root, 'first/sub/file.txt'), 'file');
      const serverSettings = ServerConnection.makeSettings({
        ...jupyter.settings,
        wsUrl: jupyter.url.replace(/^http/, 'ws'),
        token: jupyter.token,
        appendToken: true
      });
      const contents = new ContentsManager({ serverSettings: jupyter.settings });
      const asked = jest.spyOn(contents, 'get');
      const second = openPage({
        contents,
        serverSettings,
        services: { kernels, sessions, kernelspecs: new KernelSpecManager({ serverSettings }) },
        cloudUrl: cloud.url,
        storage: new BrowserStorage(),
        settings: { helperKernel: 'auto' },
        onError: error => errors.push(error)
      });
      await second.signIn(cloud.keys.alice);
      const { projectId } = await second.create('first');
      await second.sync({ projectId });
      const first = new RawProject(cloud.url, cloud.keys.alice, projectId);
      expect(await first.text('sub/file.txt')).toBe('file');
      expect(asked.mock.calls.map(([path]) => path)).not.toContain('first/sub');
      second.dispose();
      contents.dispose();
      await page.unlink(projectId);
    });

    it('should go on without the helper once its kernel is killed', async () => {
      const helper = [...sessions.running()].find(({ name }) => name === 'Projects helper');
      await kernels.shutdown(helper?.kernel?.id ?? '');
      await jupyter.contents.save('work/after.txt', {
        type: 'file',
        format: 'text',
        content: 'after'
      });
      await until(async () => expect(await inCloud('after.txt')).toBe('after'));
    });
  }

  it('should have complained of nothing', () => {
    expect(errors).toEqual([]);
  });
});
