import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';

import type { HelperKernel } from '../../src/local/helper/kernel';
import { hashOf } from '../../src/sync/content';
import type { Operation } from '../../src/sync/replica';
import { HelperPage, STATE_FOLDER } from '../support/helper-kernel';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';

const { signal } = new AbortController();
const EVERYTHING = { signal, ignores: () => false };
const NOTHING = { entries: new Map(), cursor: null };

let jupyter: JupyterServer;
const pages: HelperPage[] = [];

beforeAll(async () => {
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  jupyter = await startJupyter();
  await mkdir(join(jupyter.root, 'project'));
  await writeFile(join(jupyter.root, 'project', 'a.txt'), 'a');
});

afterEach(async () => {
  await Promise.all(pages.splice(0).map(page => page.close()));
});

afterAll(async () => {
  const last = open();
  await last.helper.start();
  await last.helper.shutdown();
  await last.close();
  await jupyter.stop();
});

function open(options: ConstructorParameters<typeof HelperPage>[1] = {}): HelperPage {
  const page = new HelperPage(jupyter, options);
  pages.push(page);
  return page;
}

async function names(page: HelperPage, root = 'project'): Promise<string[]> {
  const replica = await page.replica(root);
  return [...(await replica.scan(NOTHING, EVERYTHING)).entries.keys()].sort();
}

async function put(path: string, text: string): Promise<Operation> {
  const content = new TextEncoder().encode(text);
  return { op: 'put', path, content, sha256: await hashOf(content), expect: null };
}

/** A lock that is shared by the pages of one browser. */
function oneByOne(): NonNullable<HelperKernel.IOptions['lock']> {
  let last: Promise<unknown> = Promise.resolve();
  return task => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

describe('HelperKernel', () => {
  it('should start one kernel for pages that start at once, under a name that people recognise', async () => {
    const lock = oneByOne();
    const three = [open({ lock }), open({ lock }), open({ lock })];
    expect(await Promise.all(three.map(page => page.helper.start()))).toEqual([true, true, true]);
    expect(new Set(three.map(page => page.helper.kernelId)).size).toBe(1);
    const [first] = three;
    await first!.sessions.refreshRunning();
    const running = [...first!.sessions.running()];
    expect(running.map(({ name }) => name)).toEqual(['Projects helper']);
  });

  it('should be found again by a page that was loaded anew, its program still there', async () => {
    const before = open();
    await before.helper.start();
    const { kernelId, instance } = before.helper;
    await before.close();
    const after = open();
    await after.helper.start();
    expect(after.helper.kernelId).toBe(kernelId);
    expect(after.helper.instance).toBe(instance);
    expect(await names(after)).toEqual(['a.txt']);
  });

  it('should leave one proof file, and no more however often it starts', async () => {
    for (let count = 0; count < 3; count += 1) {
      const page = open();
      await page.helper.start();
      await page.close();
    }
    const left = await readdir(join(jupyter.root, STATE_FOLDER));
    expect(left.filter(name => name.startsWith('helper'))).toEqual(['helper-proof.txt']);
  });

  it('should refuse a kernel that sees other files, and leave none running', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
    const other = await startJupyter();
    try {
      // The kernel belongs to one server, the files to another.
      const page = new HelperPage(other, {
        contents: jupyter.contents,
        serverSettings: jupyter.settings
      });
      expect(await page.helper.start()).toBe(false);
      expect(page.helper.status).toEqual({ state: 'refused', reason: 'other-files' });
      await page.sessions.refreshRunning();
      expect([...page.sessions.running()]).toEqual([]);
      expect(await page.helper.start()).toBe(false);
      await page.close();
    } finally {
      await other.stop();
      await rm(elsewhere, { recursive: true });
    }
  });

  it('should be off when it is not wanted', async () => {
    const page = open({ enabled: false });
    expect(await page.helper.start()).toBe(false);
    expect(page.helper.status).toEqual({ state: 'off', reason: 'disabled' });
  });

  it('should say why it is lost where no kernel can be started, and not try again at once', async () => {
    const page = open();
    jest.spyOn(page.sessions, 'startNew').mockRejectedValue(new Error('403 Forbidden'));
    jest.spyOn(page.sessions, 'running').mockReturnValue([][Symbol.iterator]());
    expect(await page.helper.start()).toBe(false);
    expect(page.helper.status).toEqual({ state: 'lost', reason: '403 Forbidden' });
    expect(await page.helper.start()).toBe(false);
    expect(page.sessions.startNew).toHaveBeenCalledTimes(1);
  });

  it('should tell of what is written beside it, and not of what it wrote itself', async () => {
    const page = open();
    await page.helper.start();
    const replica = await page.replica('project');
    const told: string[] = [];
    page.helper.hints.connect((_, { paths }) => told.push(...(paths ?? ['anything'])));
    const outcomes = await replica.apply(
      [await put('own/deep/file.txt', 'own'), { op: 'mkdir', path: 'empty' }],
      { signal }
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
    const hint = page.hint('project/theirs.txt');
    await writeFile(join(jupyter.root, 'project', 'theirs.txt'), 'theirs');
    await hint;
    await rm(join(jupyter.root, 'project', 'theirs.txt'));
    await page.hint('project/theirs.txt');
    expect([...new Set(told)]).toEqual(['project/theirs.txt']);
  });

  it('should tell of files in directories that were made or moved after it began to watch', async () => {
    const page = open();
    await page.helper.start();
    await page.replica('project');
    const made = page.hint('project/new');
    await mkdir(join(jupyter.root, 'project', 'new', 'inner'), { recursive: true });
    await made;
    const written = page.hint('project/new/inner/file.txt');
    await writeFile(join(jupyter.root, 'project', 'new', 'inner', 'file.txt'), '1');
    await written;
    await rm(join(jupyter.root, 'project', 'new'), { recursive: true });
  });

  it('should watch a project folder again that went and was made anew', async () => {
    const page = open();
    await page.helper.start();
    const folder = join(jupyter.root, 'again');
    await mkdir(folder);
    await names(page, 'again');
    const went = page.hint('again');
    await rm(folder, { recursive: true });
    await went;
    const replica = await page.replica('again');
    expect((await replica.scan(NOTHING, EVERYTHING)).root).toBe('missing');
    await mkdir(folder);
    await names(page, 'again');
    const written = page.hint('again/new.txt');
    await writeFile(join(folder, 'new.txt'), 'new');
    expect(await written).toEqual(['again/new.txt']);
  });

  it('should come back with its roots after the kernel was killed, and say that anything may have changed', async () => {
    const page = open();
    await page.helper.start();
    await page.replica('project');
    const { instance, kernelId } = page.helper;
    const lost = page.whenState('lost');
    process.kill(await page.process(), 'SIGKILL');
    await lost;
    await expect(names(page)).rejects.toMatchObject({ name: 'HelperError', code: 'failed' });
    const anything = page.hint('project/a.txt');
    await page.whenState('ready');
    expect(await anything).toBeNull();
    expect(page.helper.kernelId).toBe(kernelId);
    expect(page.helper.instance).not.toBe(instance);
    expect(await names(page)).toContain('a.txt');
  });

  it('should come back on each of two pages after the kernel was killed in the middle of a write', async () => {
    const two = [open(), open()];
    const replicas = [];
    for (const page of two) {
      await page.helper.start();
      replicas.push(await page.replica('project'));
    }
    const lost = Promise.all(two.map(page => page.whenState('lost')));
    const pid = await two[0]!.process();
    const puts = await Promise.all(
      Array.from({ length: 2000 }, (_, at) => put(`killed/${at}.txt`, `${at}`.repeat(1000)))
    );
    const applied = replicas[0]!.apply(puts, { signal }).catch((error: unknown) => error);
    while (!(await readdir(join(jupyter.root, 'project'))).includes('killed')) {
      // It has not begun yet.
    }
    process.kill(pid, 'SIGKILL');
    expect(await applied).toMatchObject({ name: 'HelperError' });
    await lost;
    await Promise.all(two.map(page => page.whenState('ready')));
    expect(two[0]!.helper.instance).toBe(two[1]!.helper.instance);
    await rm(join(jupyter.root, 'project', 'killed'), { recursive: true });
  });

  it('should come back after another page restarted the kernel', async () => {
    const page = open({ silence: 300 });
    await page.helper.start();
    await page.replica('project');
    const { instance } = page.helper;
    const other = open();
    await other.helper.start();
    const lost = page.whenState('lost');
    const connection = other.kernels.connectTo({
      model: { id: other.helper.kernelId!, name: 'python3' }
    });
    await connection.restart();
    const asked = names(page).catch(() => null);
    await lost;
    await asked;
    await page.whenState('ready');
    expect(page.helper.instance).not.toBe(instance);
    expect(await names(page)).toContain('a.txt');
    connection.dispose();
  });

  it('should not mind that a person interrupts the kernel', async () => {
    const page = open();
    await page.helper.start();
    const replica = await page.replica('project');
    const { instance, kernelId } = page.helper;
    const connection = page.kernels.connectTo({
      model: { id: kernelId!, name: 'python3' },
      handleComms: false
    });
    const puts = await Promise.all(
      Array.from({ length: 600 }, (_, at) => put(`many/${at}.txt`, `${at}`))
    );
    const applied = replica.apply(puts, { signal });
    for (let count = 0; count < 5; count += 1) {
      await connection.interrupt();
    }
    expect(new Set((await applied).map(({ status }) => status))).toEqual(new Set(['applied']));
    expect((await readdir(join(jupyter.root, 'project', 'many'))).length).toBe(600);
    expect(await readFile(join(jupyter.root, 'project', 'many', '599.txt'), 'utf8')).toBe('599');
    expect(page.helper.instance).toBe(instance);
    connection.dispose();
    await rm(join(jupyter.root, 'project', 'many'), { recursive: true });
  });

  it('should reach no root that it was not told', async () => {
    const page = open();
    await page.helper.start();
    await page.helper.setRoots(new Map());
    await expect(page.helper.request('scan', { root: 'project' })).rejects.toMatchObject({
      reason: 'unknown-root'
    });
  });

  it('should end the kernel when it is shut down', async () => {
    const page = open();
    await page.helper.start();
    await page.helper.shutdown();
    expect(page.helper.status).toEqual({ state: 'off', reason: null });
    await page.sessions.refreshRunning();
    expect([...page.sessions.running()]).toEqual([]);
    expect([await page.helper.start(), page.helper.status]).toEqual([
      true,
      { state: 'ready', reason: null }
    ]);
  });
});
