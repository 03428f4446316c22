import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { jest } from '@jest/globals';

import type { HelperReplica } from '../../src/local/helper/replica';
import type { EntryKind } from '../../src/sync/entry';
import type { Known, Scan } from '../../src/sync/replica';
import { Folder } from '../support/folder';
import { HelperPage } from '../support/helper-kernel';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';

let jupyter: JupyterServer;
let page: HelperPage;
let projects = 0;

beforeAll(async () => {
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jupyter = await startJupyter();
  page = new HelperPage(jupyter);
  await page.helper.start();
});

afterAll(async () => {
  await page.close();
  await jupyter.stop();
});

afterEach(() => {
  jest.restoreAllMocks();
});

const ignores = (path: string, kind: EntryKind) =>
  path.endsWith('.log') || (kind === 'directory' && /(^|\/)left$/.test(path));
const { signal } = new AbortController();

interface Glances {
  readonly replica: HelperReplica;
  readonly folder: Folder;
  /** What a whole look at the tree saw. */
  readonly known: Known;
  /** A look at these paths, and the directories that the program was asked to enter for it. */
  glance(only: readonly string[]): Promise<{ scan: Scan; starts: readonly string[][] }>;
  /** What a whole look sees now. */
  look(): Promise<Scan>;
}

async function project(files: Readonly<Record<string, string>>): Promise<Glances> {
  projects += 1;
  const root = `glance ${projects}`;
  const folder = new Folder(join(jupyter.root, root));
  await mkdir(folder.path, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await folder.write(path, content);
  }
  const replica = await page.replica(root);
  const nothing: Known = { entries: new Map(), cursor: null };
  const known = await replica.scan(nothing, { signal, ignores });
  return {
    replica,
    folder,
    known,
    glance: async only => {
      const request = jest.spyOn(page.helper, 'request');
      const scan = await replica.scan(known, { signal, ignores, only });
      const starts = request.mock.calls.flatMap(([op, args]) =>
        op === 'scan' && args && 'starts' in args ? [args.starts as string[]] : []
      );
      request.mockRestore();
      return { scan, starts };
    },
    look: () => replica.scan(nothing, { signal, ignores })
  };
}

const contentsOf = ({ entries }: Scan) =>
  Object.fromEntries([...entries].map(([path, { kind, sha256 }]) => [path, sha256 ?? kind]).sort());

const TREE = {
  'a/1.txt': 'one',
  'a/2.txt': 'two',
  'a/deep/er/3.txt': 'three',
  'b/4.txt': 'four',
  'b/x.log': 'ignored',
  'b/left/5.txt': 'ignored',
  'top.txt': 'top'
};

describe('a look at some paths through the helper', () => {
  it('should look into their directories alone, and give the whole tree', async () => {
    const { folder, known, glance, look } = await project(TREE);
    await folder.write('a/1.txt', 'changed');
    await folder.write('a/new.txt', 'new');
    const { scan, starts } = await glance(['a/1.txt', 'a/new.txt']);
    expect(starts).toEqual([['a']]);
    expect(scan.entries.get('b/4.txt')).toBe(known.entries.get('b/4.txt'));
    expect(scan.root).toBe('present');
    expect([...(scan.ignored ?? [])].sort()).toEqual(['b/left', 'b/x.log']);
    expect(contentsOf(scan)).toEqual(contentsOf(await look()));
  });

  it('should see what went, a directory with all it held, and what came in its place', async () => {
    const { folder, glance, look } = await project(TREE);
    await rename(join(folder.path, 'a/deep'), join(folder.path, 'b/moved'));
    await folder.remove('a/2.txt');
    await folder.remove('top.txt');
    await folder.write('top.txt/now a folder.txt', 'x');
    const only = ['a/deep', 'b/moved', 'a/2.txt', 'top.txt', 'top.txt/now a folder.txt'];
    const { scan, starts } = await glance(only);
    expect(starts).toEqual([['a', 'b', '']]);
    expect(contentsOf(scan)).toEqual(contentsOf(await look()));
    expect(contentsOf(scan)).toMatchObject({ 'b/moved/er/3.txt': expect.any(String) });
  });

  it('should find new directories by what is in them', async () => {
    const { folder, glance, look } = await project(TREE);
    await folder.write('a/new/er/6.txt', 'six');
    await folder.write('a/node_modules/7.txt', 'seven');
    const { scan } = await glance(['a/new/er/6.txt', 'a/node_modules/7.txt']);
    expect(contentsOf(scan)).toEqual(contentsOf(await look()));
    expect([...scan.entries.keys()]).toContain('a/node_modules/7.txt');
  });

  it('should look at all below a directory that is named', async () => {
    const { folder, glance, look } = await project(TREE);
    await folder.write('a/deep/er/3.txt', 'changed');
    const { scan } = await glance(['a/deep']);
    expect(contentsOf(scan)).toEqual(contentsOf(await look()));
  });

  it('should take nothing of the rest for gone or changed', async () => {
    const { folder, known, glance } = await project(TREE);
    await folder.remove('b/4.txt');
    const { scan } = await glance(['a/1.txt']);
    expect(contentsOf(scan)).toEqual(contentsOf({ ...scan, entries: known.entries }));
  });

  it.each([
    ['a link', (folder: Folder) => symlink('1.txt', join(folder.path, 'a/link'))],
    ['a directory that is gone', (folder: Folder) => folder.remove('a')]
  ])('should look at the whole tree when it meets %s', async (_, change) => {
    const { folder, glance, look } = await project(TREE);
    await change(folder);
    await folder.write('b/4.txt', 'changed');
    const { scan, starts } = await glance(['a/1.txt']);
    const whole = await look();
    expect(starts).toEqual([['a'], ['']]);
    expect(contentsOf(scan)).toEqual(contentsOf(whole));
    expect(scan.problems).toEqual(whole.problems);
  });

  it('should go on telling of a problem elsewhere', async () => {
    const { folder, replica, glance } = await project(TREE);
    await symlink('4.txt', join(folder.path, 'b/link'));
    const { unknown, problems } = await replica.scan(
      { entries: new Map(), cursor: null },
      { signal, ignores }
    );
    const { scan, starts } = await glance(['a/1.txt']);
    expect(problems).toMatchObject([{ path: 'b/link' }]);
    expect(scan).toMatchObject({ unknown, problems });
    expect(starts).toEqual([['a']]);
    expect((await glance(['b/link'])).starts).toEqual([['']]);
  });

  it('should look at the whole tree when the rules are others', async () => {
    const { replica, known, look } = await project(TREE);
    const all = { signal, ignores: () => false, only: ['a/1.txt'] };
    const scan = await replica.scan(known, all);
    expect(Object.keys(contentsOf(scan))).toEqual(
      expect.arrayContaining(['b/x.log', 'b/left/5.txt'])
    );
    expect([...(await look()).entries.keys()]).not.toContain('b/x.log');
  });

  it('should say that the root is gone', async () => {
    const { folder, glance } = await project(TREE);
    await folder.removeAll();
    expect((await glance(['a/1.txt'])).scan.root).toBe('missing');
  });
});
