import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';

import { ContentsReplica } from '../../src/local/contents-replica';
import type { HelperKernel } from '../../src/local/helper/kernel';
import { LocalReplicas } from '../../src/local/local-replicas';
import type { Known, Scan } from '../../src/sync/replica';
import { run } from '../../src/sync/run';
import { Folder } from '../support/folder';
import { HelperPage, STATE_FOLDER } from '../support/helper-kernel';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';
import { MemoryJournal } from '../support/memory-journal';
import { MemoryReplica } from '../support/memory-replica';

const NOTHING: Known = { entries: new Map(), cursor: null };

let jupyter: JupyterServer;
let page: HelperPage;
let count = 0;

/** A project on the server, as a page has it. */
let root: string;
let folder: Folder;
/** What the helper is to the page now. */
let helper: HelperKernel | null;
let replicas: LocalReplicas;
let journal: MemoryJournal;
let cloud: MemoryReplica;

beforeAll(async () => {
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jupyter = await startJupyter();
  page = new HelperPage(jupyter);
  await page.helper.start();
  const state = new Folder(join(jupyter.root, STATE_FOLDER));
  await state.write('state-a.sqlite3', 'everything');
  await state.tick();
  await state.write('state-b.sqlite3', 'all but the last');
  const other = new Folder(join(jupyter.root, 'team/other'));
  await other.write('private.txt', 'private');
  await other.tick();
  await other.write('in/deep.txt', 'deep');
  await other.tick();
  await other.write('../notes.txt', 'of all');
});

afterAll(async () => {
  await page.helper.shutdown();
  await page.close();
  await jupyter.stop();
});

beforeEach(async () => {
  count += 1;
  root = `Projects/p${count}`;
  folder = new Folder(join(jupyter.root, root));
  await folder.write('own.txt', 'own');
  await page.helper.setRoots(new Map([[root, {}]]));
  helper = page.helper;
  replicas = open();
  journal = new MemoryJournal();
  cloud = new MemoryReplica({ side: 'cloud' });
});

/** As a page that was just loaded: it has seen nothing. */
function open(): LocalReplicas {
  const { contents, settings: serverSettings } = jupyter;
  return new LocalReplicas({
    contents,
    serverSettings,
    stateFolder: STATE_FOLDER,
    projects: () => [root, 'team/other'],
    helper: () => helper
  });
}

const link = (target: string, path: string) => symlink(target, join(folder.path, path));
const scan = (known = NOTHING): Promise<Scan> =>
  replicas.at(root).scan(known, { signal: new AbortController().signal, ignores: () => false });
const sync = async () =>
  (
    await run({
      projectId: 'p',
      replicas: { local: replicas.at(root), cloud },
      journal,
      ignores: () => false,
      conflictPolicy: () => 'keep-both',
      signal: new AbortController().signal,
      now: () => Date.now()
    })
  ).report;

describe('a link that the helper kernel has seen', () => {
  it('should not be followed without the helper either, by this page or a later one', async () => {
    await mkdir(join(jupyter.root, 'plain'), { recursive: true });
    await writeFile(join(jupyter.root, 'plain/outside.txt'), 'outside');
    await link('../../plain', 'plain');
    await link('../../plain/outside.txt', 'file.txt');
    await sync();
    expect(cloud.texts()).toEqual({ 'own.txt': 'own' });
    helper = null;
    for (const which of [replicas, open()]) {
      replicas = which;
      const report = await sync();
      expect(cloud.texts()).toEqual({ 'own.txt': 'own' });
      expect(report.problems.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
        'file.txt unreadable',
        'plain unreadable'
      ]);
    }
  });

  it('should be known at once, though the look at which it was seen failed', async () => {
    await link(await mkdtemp(join(tmpdir(), 'projects-outside-')), 'out');
    const request = jest.spyOn(page.helper, 'request');
    request.mockImplementation(async (...args) => {
      request.mockRestore();
      const reply = await page.helper.request<object>(...args);
      // The files that it found are to be hashed next.
      jest.spyOn(page.helper, 'request').mockRejectedValueOnce(new Error('The kernel died.'));
      return reply as never;
    });
    await expect(scan()).rejects.toThrow('The kernel died.');
    jest.restoreAllMocks();
    helper = null;
    const seen = await scan();
    expect([...seen.entries.keys()]).toEqual(['own.txt']);
    expect(seen.unknown).toEqual(['out']);
  });

  it('should be known where its folder was moved to', async () => {
    await writeFile(join(jupyter.root, 'outside.txt'), 'outside');
    await folder.write('d/file.txt', 'file');
    await link('../../..', 'd/out');
    const known = await scan();
    await rename(join(folder.path, 'd'), join(folder.path, 'moved'));
    helper = null;
    const seen = await scan(known);
    expect([...seen.entries.keys()].sort()).toEqual(['moved', 'moved/file.txt', 'own.txt']);
    expect(seen.unknown).toEqual(['moved/out']);
  });

  it('should be one until the helper has seen something else there', async () => {
    await link('../../team', 'place');
    const first = await scan();
    await rm(join(folder.path, 'place'));
    await folder.write('place/file.txt', 'file');
    helper = null;
    const second = await scan(first);
    expect(second.unknown).toEqual(['place']);
    helper = page.helper;
    const third = await scan(second);
    expect(third.entries.has('place/file.txt')).toBe(true);
    helper = null;
    expect((await scan(third)).unknown).toEqual([]);
  });

  it('should stay known where the helper does not look, since it is left out', async () => {
    await folder.write('left/file.txt', 'file');
    await link('../../../team', 'left/out');
    const first = await scan();
    const second = await replicas.at(root).scan(first, {
      signal: new AbortController().signal,
      ignores: path => path === 'left'
    });
    helper = null;
    const third = await scan(second);
    expect(third.unknown).toEqual(['left/out']);
    expect(third.entries.has('left/file.txt')).toBe(true);
  });
});

describe('a look at some paths by the helper', () => {
  it('should keep the links that it did not come by, and drop those that are gone', async () => {
    await folder.write('a/file.txt', 'a');
    await folder.write('b/file.txt', 'b');
    await link('../../../team', 'a/out');
    await link('../../../team', 'b/out');
    // Links that are left out hinder no look at some paths alone.
    const ignores = (path: string) => path.endsWith('out');
    const { signal } = new AbortController();
    const first = await replicas.at(root).scan(NOTHING, { signal, ignores });
    await rm(join(folder.path, 'a/out'));
    const options = { signal, ignores, only: ['a/file.txt'] };
    const second = await replicas.at(root).scan(first, options);
    expect([...second.entries.keys()].sort()).toEqual([...first.entries.keys()].sort());
    await folder.write('a/out/file.txt', 'no link any more');
    helper = null;
    const third = await scan(second);
    expect(third.unknown).toEqual(['b/out']);
    expect(third.entries.has('a/out/file.txt')).toBe(true);
  });
});

describe('what is no part of a project', () => {
  beforeEach(() => {
    helper = null;
  });

  it.each([
    ['the folder above, which holds the state', '..', 'Projects'],
    ['the root of the server', '../..', ''],
    ['the state itself', '../_state', STATE_FOLDER],
    ['another project', '../../team/other', 'team/other'],
    ['what holds another project', '../../team', 'team'],
    ['the project itself', '.', null]
  ])('should be left out where a link leads to %s', async (_, target, place) => {
    await folder.tick();
    await folder.write('d/file.txt', 'file');
    await link(target, 'link');
    const seen = await scan();
    expect([...seen.entries.keys()].sort()).toEqual(['d', 'd/file.txt', 'own.txt']);
    expect(seen.unknown).toEqual(['link']);
    expect(seen.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(`"${place ?? root}"`)
    ]);
  });

  it('should be left out where a link takes the place of a folder that was synced', async () => {
    await folder.write('d/file.txt', 'file');
    await folder.write('d/other.txt', 'other');
    await sync();
    await rm(join(folder.path, 'd'), { recursive: true });
    await link('../../team/other', 'd');
    const texts = { 'own.txt': 'own', 'd/file.txt': 'file', 'd/other.txt': 'other' };
    expect((await sync()).problems.map(({ path }) => path)).toEqual(['d']);
    expect(cloud.texts()).toEqual(texts);
    const { entries } = await replicas.at(root).scan((await journal.load()).local, {
      signal: new AbortController().signal,
      ignores: () => false,
      only: ['d/new.txt']
    });
    expect([...entries.keys()]).toEqual(['own.txt']);
  });

  it('should be no project’s folder', async () => {
    await folder.removeAll();
    await symlink('../team/other', folder.path);
    await expect(scan()).rejects.toThrow('"team/other"');
    expect((await sync()).state).toBe('failed');
    expect(cloud.texts()).toEqual({});
  });

  it('should not be taken for what was only made like it, in one tick of the clock', async () => {
    const twin = new Folder(join(jupyter.root, 'team/twin'));
    const { contents, settings: serverSettings } = jupyter;
    await twin.write('same.txt', 'same');
    await folder.removeAll();
    await folder.write('same.txt', 'same');
    const time = new Date(1e12);
    await Promise.all([twin, folder].map(each => each.age(time)));
    const own = new ContentsReplica({ contents, serverSettings, root, foreign: ['team/twin'] });
    const options = { signal: new AbortController().signal, ignores: () => false };
    expect([...(await own.scan(NOTHING, options)).entries.keys()]).toEqual(['same.txt']);
  });

  it('should not be asked for while nothing is new', async () => {
    await folder.write('d/file.txt', 'file');
    await folder.age();
    const known = await scan();
    let requests = 0;
    const { contents, settings: serverSettings } = jupyter;
    const replica = new ContentsReplica({
      contents,
      serverSettings,
      root,
      foreign: [STATE_FOLDER, 'team/other'],
      onRequest: () => {
        requests += 1;
      }
    });
    await replica.scan(known, { signal: new AbortController().signal, ignores: () => false });
    expect(requests).toBe(2);
  });
});

describe("a project's folder", () => {
  it('should not be followed when a link takes its place, with the helper or without', async () => {
    await sync();
    await rename(folder.path, `${folder.path} moved`);
    const outside = await mkdtemp(join(tmpdir(), 'projects-outside-'));
    await writeFile(join(outside, 'outside.txt'), 'outside');
    await symlink(outside, folder.path);
    expect(await sync()).toMatchObject({ state: 'stopped', stopReason: 'root-replaced' });
    helper = null;
    expect(await sync()).toMatchObject({ state: 'stopped', stopReason: 'root-replaced' });
    expect(cloud.texts()).toEqual({ 'own.txt': 'own' });

    await rm(folder.path);
    await rename(`${folder.path} moved`, folder.path);
    helper = page.helper;
    expect(await sync()).toMatchObject({ state: 'synced' });
    helper = null;
    expect(await sync()).toMatchObject({ state: 'synced' });
    await rm(outside, { recursive: true });
  });

  it('should be followed by the contents API where it was a link from the beginning', async () => {
    await folder.removeAll();
    const outside = await mkdtemp(join(tmpdir(), 'projects-outside-'));
    await writeFile(join(outside, 'outside.txt'), 'outside');
    await symlink(outside, folder.path);
    await expect(scan()).rejects.toMatchObject({ reason: 'root-link' });
    expect(await sync()).toMatchObject({ state: 'synced' });
    expect(cloud.texts()).toEqual({ 'outside.txt': 'outside' });
    await rm(outside, { recursive: true });
  });

  it('should be seen to be replaced by a file', async () => {
    await folder.removeAll();
    await writeFile(folder.path, 'a file');
    for (const by of [page.helper, null]) {
      helper = by;
      expect((await scan()).root).toBe('not-directory');
    }
  });
});
