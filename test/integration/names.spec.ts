import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import type { Contents } from '@jupyterlab/services';
import { ContentsManager, ServerConnection } from '@jupyterlab/services';

import { ContentsReplica } from '../../src/local/contents-replica';
import { foldOf } from '../../src/sync/fold';
import { createIgnores } from '../../src/sync/ignore';
import { joinPath, nameOf, parentOf } from '../../src/sync/path';
import { run } from '../../src/sync/run';
import { Folder } from '../support/folder';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';
import { MemoryJournal } from '../support/memory-journal';
import { MemoryReplica } from '../support/memory-replica';

jest.setTimeout(120_000);

const NFC = '\u00e9.txt';
const NFD = 'e\u0301.txt';
const LONG = 'x'.repeat(251) + '.txt';

let jupyter: JupyterServer;

beforeAll(async () => {
  // JupyterLab's client tells the console of every 404 and every traceback.
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jupyter = await startJupyter();
});

afterAll(async () => {
  await jupyter.stop();
});

/** A Jupyter server whose disk takes names for one that differ in case or in their Unicode form, as APFS does. */
class FoldingContents extends ContentsManager {
  constructor(server: JupyterServer) {
    super({ serverSettings: server.settings });
    this.#root = server.root;
  }

  override get(path: string, options?: Contents.IFetchOptions) {
    return super.get(this.#there(path), options);
  }

  override save(path: string, model?: Partial<Contents.IModel>) {
    return super.save(this.#there(path), model);
  }

  override delete(path: string) {
    return super.delete(this.#there(path));
  }

  override rename(from: string, to: string) {
    const source = this.#there(from);
    const target = this.#there(to);
    if (target !== source && existsSync(join(this.#root, target))) {
      const response = new Response(null, { status: 409 });
      return Promise.reject(new ServerConnection.ResponseError(response, 'File already exists'));
    }
    return super.rename(source, joinPath(this.#there(parentOf(to)), nameOf(to)));
  }

  override getDownloadUrl(path: string) {
    return super.getDownloadUrl(this.#there(path));
  }

  #there(path: string): string {
    if (path === '') {
      return '';
    }
    const parent = this.#there(parentOf(path));
    const folder = join(this.#root, parent);
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const key = foldOf(nameOf(path), { case: true, unicode: true });
    const found = names.find(name => foldOf(name, { case: true, unicode: true }) === key);
    return joinPath(parent, found ?? nameOf(path));
  }

  readonly #root: string;
}

/** A project between a folder of the server and a cloud in memory. */
function project(contents: Contents.IManager, root = `p-${randomUUID()}`) {
  const folder = new Folder(join(jupyter.root, root));
  const cloud = new MemoryReplica({ side: 'cloud' });
  const journal = new MemoryJournal();
  let requests = 0;
  const sync = async () => {
    const { report, error } = await run({
      projectId: 'p',
      replicas: {
        // A new one for each run, as the product has it: what was learned outlives it.
        local: new ContentsReplica({
          contents,
          serverSettings: jupyter.settings,
          root,
          onRequest: () => (requests += 1)
        }),
        cloud
      },
      journal,
      ignores: createIgnores({ patterns: [], syncHidden: false }),
      conflictPolicy: () => 'keep-both',
      signal: new AbortController().signal,
      now: () => 0
    });
    expect(error).toBeNull();
    return report;
  };
  return { folder, cloud, journal, sync, requests: () => requests };
}

const plain = () => new ContentsManager({ serverSettings: jupyter.settings });
const problemsOf = ({ problems }: { problems: readonly { path: string; code: string }[] }) =>
  problems.map(({ path, code }) => `${path}: ${code}`).sort();

describe('names on a real Jupyter server whose disk holds any', () => {
  const names = [
    'C:x',
    'lab:y.txt',
    'a\\b',
    'd\\e/f\\g',
    '100% #1 ?.txt',
    'percent%20encoded',
    'dot.',
    ' space ',
    'CON',
    'emoji 🦉.txt',
    '漢字かな/漢字.txt',
    'Case.txt',
    'case.txt',
    NFC,
    NFD,
    LONG
  ];

  it('should travel both ways, be changed, moved and deleted', async () => {
    const contents = plain();
    const { folder, cloud, sync } = project(contents);
    await folder.write('here/plain', 'plain');
    for (const name of names) {
      await folder.write(`here/${name}`, `here ${name}`);
      cloud.write(`there/${name}`, `there ${name}`);
    }
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(await folder.texts()).toEqual(cloud.texts());
    expect(Object.keys(cloud.texts())).toHaveLength(2 * names.length + 1);

    for (const name of names.filter(each => each !== LONG)) {
      await folder.write(`here/${name}`, `edited here ${name}`);
      cloud.write(`there/${name}`, `edited there ${name}`);
    }
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    cloud.rename('there', 'moved');
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(await folder.texts()).toEqual(cloud.texts());

    for (const name of names.slice(0, 10)) {
      await folder.remove(`here/${name}`);
      cloud.remove(`moved/${name}`);
    }
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(await folder.texts()).toEqual(cloud.texts());
    contents.dispose();
  });

  it('should be plain at the top of the server too', async () => {
    const contents = plain();
    const { folder, cloud, sync } = project(contents, '');
    await folder.write('C:x', 'here');
    await folder.write('d/e', 'makes the separator known');
    cloud.write('D:y', 'there');
    cloud.write('a\\b', 'there');
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(cloud.texts()).toMatchObject({ 'C:x': 'here' });
    expect(await folder.texts()).toMatchObject({ 'D:y': 'there', 'a\\b': 'there' });
    await Promise.all(['C:x', 'D:y', 'a\\b', 'd'].map(path => folder.remove(path)));
    contents.dispose();
  });

  it('should be listed where they are too long or hold control characters, and block nothing', async () => {
    const contents = plain();
    const { folder, cloud, sync } = project(contents);
    await folder.write('new\nline', 'here');
    await folder.write('tab\there', 'here');
    await folder.write('good', 'here');
    cloud.write(`${LONG}x`, 'there');
    cloud.write(`${'漢'.repeat(85)}x`, 'there');
    cloud.write(Array.from({ length: 2000 }, () => 'd').join('/'), 'there');
    cloud.write('fine', 'there');
    const deepest = Array.from({ length: 64 }, () => 'e').join('/');
    cloud.write(deepest, 'there');
    const report = await sync();
    expect(report.problems.every(({ code }) => code === 'invalid-name')).toBe(true);
    expect(problemsOf(report)).toEqual(
      expect.arrayContaining([`${LONG}x: invalid-name`, 'new\nline: invalid-name'])
    );
    expect(await folder.texts()).toMatchObject({ good: 'here', fine: 'there', [deepest]: 'there' });
    expect(report.problems.some(({ path }) => path.startsWith('e/'))).toBe(false);
    expect(cloud.texts()).toMatchObject({ good: 'here', fine: 'there' });
    expect(cloud.texts()).not.toHaveProperty(['new\nline']);
    expect((await sync()).actions).toEqual([]);
    contents.dispose();
  });
});

describe('names on a Jupyter server whose disk takes some for one', () => {
  it('should be learned once, held by one, and renamed in case alone', async () => {
    const contents = new FoldingContents(jupyter);
    const { folder, cloud, sync, requests } = project(contents);
    await folder.write('a.txt', '1');
    await folder.write('Data/x', '2');
    expect((await sync()).state).toBe('synced');

    cloud.write('A.txt', 'other');
    cloud.write('data/y', 'other');
    cloud.write(NFC, '3');
    cloud.write(NFD, '4');
    expect(problemsOf(await sync())).toEqual([
      'A.txt: name-clash',
      'data: name-clash',
      `${NFC}: name-clash`
    ]);
    expect(await folder.texts()).toEqual({ 'a.txt': '1', 'Data/x': '2', [NFD]: '4' });
    await folder.age();
    await sync();
    const before = requests();
    expect((await sync()).actions).toEqual([]);
    // The folder and the one in it, and nothing of names.
    expect(requests() - before).toBe(2);

    cloud.remove('A.txt');
    cloud.remove('data');
    cloud.remove(NFC);
    cloud.rename('a.txt', 'A.txt');
    cloud.rename('Data', 'DATA');
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(await folder.texts()).toEqual({ 'A.txt': '1', 'DATA/x': '2', [NFD]: '4' });
    expect(cloud.texts()).toEqual(await folder.texts());
    expect((await sync()).actions).toEqual([]);
    contents.dispose();
  });

  it('should find nothing folded on the disk of this server, by looking', async () => {
    const contents = plain();
    const { folder, cloud, sync } = project(contents);
    await folder.write('a.txt', '1');
    await sync();
    cloud.write('A.txt', '2');
    cloud.rename('a.txt', 'A.TXT');
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(await folder.texts()).toEqual({ 'A.txt': '2', 'A.TXT': '1' });
    contents.dispose();
  });
});
