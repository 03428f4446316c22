import { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { jest } from '@jest/globals';

import { ContentsReplica } from '../../src/local/contents-replica';
import { hashOf } from '../../src/sync/content';
import { createIgnores } from '../../src/sync/ignore';
import type { Known, Replica, Scan } from '../../src/sync/replica';
import { run } from '../../src/sync/run';
import { Folder } from '../support/folder';
import { HelperPage } from '../support/helper-kernel';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';
import { MemoryJournal } from '../support/memory-journal';
import { MemoryReplica } from '../support/memory-replica';

const { signal } = new AbortController();
const NOTHING: Known = { entries: new Map(), cursor: null };

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
  await page.helper.shutdown();
  await page.close();
  await jupyter.stop();
});

interface Both {
  readonly folder: Folder;
  readonly helper: Replica;
  readonly contents: Replica;
  /** How many files' contents were looked at, by either. */
  hashed(): number;
}

async function make(): Promise<Both> {
  projects += 1;
  const root = `both/p${projects}`;
  const folder = new Folder(join(jupyter.root, root));
  await mkdir(folder.path, { recursive: true });
  let hashed = 0;
  const counting = Object.create(jupyter.contents) as typeof jupyter.contents;
  counting.get = (path, options) => {
    hashed += options?.type === 'file' ? 1 : 0;
    return jupyter.contents.get(path, options);
  };
  return {
    folder,
    helper: await page.replica(root, {
      onHashed: files => {
        hashed += files;
      }
    }),
    contents: new ContentsReplica({
      contents: counting,
      serverSettings: jupyter.settings,
      root
    }),
    hashed: () => hashed
  };
}

const scan = (replica: Replica, known: Known = NOTHING): Promise<Scan> =>
  replica.scan(known, { signal, ignores: () => false });

/** By path, since no replica lists in a certain order. */
const hashes = ({ entries }: Scan) =>
  new Map([...entries].map(([path, { sha256 }]) => [path, sha256]));

/** What vouches for content is two seconds old, and the time of change can't be set. */
const settle = () => new Promise(resolve => setTimeout(resolve, 2100));

describe('the two local replicas', () => {
  it("should know each other's entries, and read nothing again", async () => {
    const { folder, helper, contents, hashed } = await make();
    for (let at = 0; at < 20; at += 1) {
      await folder.write(`d/${at}.txt`, `content ${at}`);
      const time = 1_600_000_000 + at * 1000.123457 + at / 7;
      await utimes(join(folder.path, `d/${at}.txt`), time, time);
    }
    await settle();
    const first = await scan(helper);
    expect(hashed()).toBe(20);
    const second = await scan(contents, first);
    expect(hashed()).toBe(20);
    expect(second.entries).toEqual(first.entries);
    const third = await scan(contents);
    expect(hashed()).toBe(40);
    const fourth = await scan(helper, third);
    expect(hashed()).toBe(40);
    expect(hashes(fourth)).toEqual(hashes(first));
    const fifth = await scan(helper, fourth);
    expect(fifth.entries.get('d/3.txt')).toBe(fourth.entries.get('d/3.txt'));
  });

  it("should hold each other's preconditions", async () => {
    const { folder, helper, contents } = await make();
    await folder.write('a.txt', 'a');
    await folder.write('b.txt', 'b');
    const [byHelper, byContents] = [await scan(helper), await scan(contents)];
    const content = new TextEncoder().encode('new');
    const put = { op: 'put' as const, content, sha256: await hashOf(content) };
    const outcomes = [
      ...(await helper.apply(
        [{ ...put, path: 'a.txt', expect: byContents.entries.get('a.txt')! }],
        { signal }
      )),
      ...(await contents.apply(
        [{ ...put, path: 'b.txt', expect: byHelper.entries.get('b.txt')! }],
        { signal }
      ))
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
  });

  it('should delete no hidden file that only one of them sees', async () => {
    const { folder, helper, contents } = await make();
    await folder.write('.config/settings.json', '{}');
    await folder.write('.env', 'KEY=1');
    await folder.write('visible.txt', 'visible');
    const cloud = new MemoryReplica({ side: 'cloud' });
    const journal = new MemoryJournal();
    const sync = (local: Replica) =>
      run({
        projectId: 'p',
        replicas: { local, cloud },
        journal,
        ignores: createIgnores({ patterns: [], syncHidden: true }),
        conflictPolicy: () => 'keep-both',
        signal,
        now: () => Date.now()
      });
    await sync(helper);
    const texts = { '.config/settings.json': '{}', '.env': 'KEY=1', 'visible.txt': 'visible' };
    expect(cloud.texts()).toEqual(texts);
    const { report } = await sync(contents);
    expect(cloud.texts()).toEqual(texts);
    expect(await folder.texts()).toEqual(texts);
    expect(report.problems.map(({ code }) => code)).toContain('not-visible');
    await sync(helper);
    expect(cloud.texts()).toEqual(texts);
    expect(await folder.texts()).toEqual(texts);
  });
});

describe('a deletion by the helper', () => {
  it("should go to the person's trash where that is on the same file system", async () => {
    const { folder, helper } = await make();
    await writeFile(join(folder.path, 'gone soon.txt'), 'kept in the trash');
    const { entries } = await scan(helper);
    const expected = entries.get('gone soon.txt')!;
    const [outcome] = await helper.apply(
      [{ op: 'delete', path: 'gone soon.txt', expect: expected }],
      { signal }
    );
    expect(outcome).toEqual({ status: 'applied', entry: null });
    expect(await readdir(folder.path)).toEqual([]);
    const trash = join(jupyter.home, 'share', 'Trash');
    expect(await readFile(join(trash, 'files', 'gone soon.txt'), 'utf8')).toBe('kept in the trash');
    const note = await readFile(join(trash, 'info', 'gone soon.txt.trashinfo'), 'utf8');
    expect(note).toContain(`Path=${encodeURI(join(folder.path, 'gone soon.txt'))}\n`);
  });
});
