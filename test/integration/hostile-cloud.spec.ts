import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { SyncReport } from '../../src/tokens';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import {
  changed,
  CloudProxy,
  isDownload,
  isFeed,
  isListing,
  isUpload,
  LOGIN_PAGE
} from '../support/cloud-proxy';
import type { Answer, Json } from '../support/cloud-proxy';
import { Device } from '../support/device';
import { RawProject } from '../support/raw-project';

type Item = Record<string, unknown>;

/** What a page of the listing or of the feed is made into. */
type Poison = (items: Item[]) => Item[];

const BEFORE = {
  'here.txt': 'to be edited here',
  'there.txt': 'to be edited there',
  'd/kept.txt': 'kept',
  'd/gone-here.txt': 'to be deleted here',
  'd/gone-there.txt': 'to be deleted there',
  'others/1.txt': 'one',
  'others/2.txt': 'two',
  'others/3.txt': 'three'
};

const AFTER = {
  'here.txt': 'edited here',
  'there.txt': 'edited there',
  'd/kept.txt': 'kept',
  'others/1.txt': 'one',
  'others/2.txt': 'two',
  'others/3.txt': 'three'
};

const ASTRAY: readonly string[] = [
  '../escaped.txt',
  '../../../../../../../tmp/escaped.txt',
  '/escaped.txt',
  'd/../../escaped.txt',
  'd/../here.txt',
  '.',
  '..',
  '',
  'd//kept.txt',
  'nul\u0000.txt',
  'tab\there.txt',
  'half \ud800.txt',
  `${'x'.repeat(296)}.txt`,
  `${'l/'.repeat(2000)}file.txt`,
  `${'l/'.repeat(100_000)}file.txt`
];

/** A file as the cloud would list it. */
function fileAt(path: string, more: Item = {}): Item {
  return {
    file_id: randomUUID(),
    path,
    kind: 'file',
    size: 5,
    sha256: 'a'.repeat(64),
    file_version_id: randomUUID(),
    revision: 1,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    ...more
  };
}

const TWIN = fileAt('');

describe.each([
  ['with the core only', 'core'],
  ['by its listing', 'listing'],
  ['by its feed', 'feed']
] as const)('a hostile cloud, %s', (_, way) => {
  let cloud: CloudServer;
  let proxy: CloudProxy;
  let device: Device;
  let raw: RawProject;
  let folder: string;
  let outside: Map<string, string>;
  let projects = 0;

  beforeAll(async () => {
    cloud = await startCloud({ coreOnly: way === 'core' });
    proxy = await CloudProxy.start(cloud.url);
    device = await Device.start(proxy.url);
    await device.projects.signIn(cloud.keys.alice);
    await device.write('work/outside.txt', 'outside');
    await device.write('escaped.txt', 'at the root');
  }, 180_000);

  afterAll(async () => {
    await device?.stop();
    await proxy?.stop();
    await cloud?.stop();
  });

  /** Both sides have changed since they were in agreement. */
  beforeEach(async () => {
    proxy.reset();
    projects += 1;
    folder = `work/project-${projects}`;
    for (const [path, content] of Object.entries(without(BEFORE, 'others/3.txt'))) {
      await device.write(`${folder}/${path}`, content);
    }
    const { projectId } = await device.projects.create(folder);
    raw = new RawProject(cloud.url, cloud.keys.alice, projectId);
    await raw.write('others/3.txt', BEFORE['others/3.txt']);
    expect(await sync()).toMatchObject({ state: 'synced', actions: [{ path: 'others/3.txt' }] });
    await device.write(`${folder}/here.txt`, 'edited here');
    await device.remove(`${folder}/d/gone-here.txt`);
    await raw.write('there.txt', 'edited there');
    await raw.remove('d/gone-there.txt');
    outside = await everythingElse();
    proxy.reset();
  });

  const sync = (): Promise<SyncReport> => device.projects.sync({ projectId: raw.id });

  async function everythingElse(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const entry of await readdir(device.root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(device.root.length + 1);
      if (entry.isFile() && !path.startsWith(`${folder}/`) && !path.startsWith('Projects/_state')) {
        found.set(path, await readFile(join(device.root, path), 'latin1'));
      }
    }
    return found;
  }

  async function inCloud(): Promise<Record<string, string>> {
    const files = await raw.files();
    return Object.fromEntries(
      [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])
    );
  }

  /** Gives the poison wherever the cloud tells what it holds. */
  function poisoned(poison: Poison): void {
    proxy.handle = async passing => {
      if (way === 'listing' && isFeed(passing)) {
        return EXPIRED;
      }
      const answer = await passing.pass();
      return isListing(passing) || isFeed(passing)
        ? changed(answer, value => withItems(value, poison(value.items)))
        : answer;
    };
  }

  /** Nothing outside is touched, and each content is still where it was or has come to the other side. */
  async function nothingIsLost(): Promise<void> {
    expect(await everythingElse()).toEqual(outside);
    const [here, there] = [await device.files(folder), await inCloud()];
    expect(here).toMatchObject({ 'here.txt': 'edited here', 'd/kept.txt': 'kept' });
    expect(['to be edited there', 'edited there']).toContain(here['there.txt']);
    expect(there).toMatchObject({ 'there.txt': 'edited there', 'd/kept.txt': 'kept' });
    expect(['to be edited here', 'edited here']).toContain(there['here.txt']);
    for (const side of [here, there]) {
      expect(side).toMatchObject({ 'others/1.txt': 'one', 'others/2.txt': 'two' });
    }
  }

  /** Both sides are as they were before the sync. */
  async function nothingIsTouched(): Promise<void> {
    expect(await everythingElse()).toEqual(outside);
    expect(await device.files(folder)).toEqual({
      ...without(BEFORE, 'd/gone-here.txt'),
      'here.txt': 'edited here'
    });
    expect(await inCloud()).toEqual({
      ...without(BEFORE, 'd/gone-there.txt'),
      'there.txt': 'edited there'
    });
  }

  /** With the cloud as it is, all comes to what it should. */
  async function isWellAgain(): Promise<void> {
    proxy.reset();
    const report = await sync();
    expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
    expect(await device.files(folder)).toEqual(AFTER);
    expect(await inCloud()).toEqual(AFTER);
    expect(await everythingElse()).toEqual(outside);
  }

  it('should be told each path that leads astray, and all else be synced', async () => {
    poisoned(items => [...items, ...ASTRAY.map(path => fileAt(path))]);
    const report = await sync();
    expect(report).toMatchObject({ state: 'partial', conflicts: [] });
    expect(report.problems).toEqual(
      ASTRAY.map(path => ({
        path,
        code: 'invalid-name',
        message: expect.stringMatching(/can't be held in a project/)
      }))
    );
    const asked = proxy.seen.filter(isDownload).map(({ path }) => path.split('/files/')[1] ?? '');
    expect(asked.filter(path => !/^(there\.txt|here\.txt|d\/|others\/)/.test(path))).toEqual([]);
    expect(await device.files(folder)).toEqual(AFTER);
    expect(await inCloud()).toEqual(AFTER);
    await isWellAgain();
  });

  // A feed that names a path twice tells of two changes to it.
  if (way !== 'feed') {
    it.each([
      ['the same', (item: Item): Item => item],
      ['another content', (item: Item): Item => ({ ...item, ...TWIN, path: item.path })],
      ['a folder', (item: Item): Item => ({ ...item, kind: 'directory', sha256: null })]
    ])('should be told a name that is listed twice, with %s', async (__, twin) => {
      poisoned(items =>
        items.flatMap(each => (isAt('here.txt')(each) ? [each, twin(each)] : [each]))
      );
      const report = await sync();
      expect(report).toMatchObject({
        state: 'partial',
        problems: [{ path: 'here.txt', code: 'corrupt' }]
      });
      await nothingIsLost();
      expect(await inCloud()).toMatchObject({ 'here.txt': 'to be edited here' });
      expect(await device.files(folder)).toMatchObject({ 'there.txt': 'edited there' });
      await isWellAgain();
    });

    it('should be told a file that lies in a file', async () => {
      const below = [fileAt('here.txt/below.txt'), fileAt('here.txt/d/below.txt')];
      poisoned(items => [...items, ...below]);
      const report = await sync();
      expect(report).toMatchObject({ state: 'partial' });
      expect(report.problems.map(({ path }) => path.split('/')[0])).toContain('here.txt');
      await nothingIsLost();
      await isWellAgain();
    });

    it('should conclude nothing from a list that has not what it announces', async () => {
      for (const off of [1, -1, 1000]) {
        proxy.handle = async passing => {
          if (isFeed(passing)) {
            return EXPIRED;
          }
          const answer = await passing.pass();
          return isListing(passing)
            ? changed(answer, value => ({ ...value, total_count: Number(value.total_count) + off }))
            : answer;
        };
        expect(await sync()).toMatchObject({
          state: 'failed',
          problems: [{ message: expect.stringMatching(/total_count: the pages hold/) }]
        });
        await nothingIsTouched();
      }
      await isWellAgain();
    });

    it('should conclude nothing from a list without its last items that says to be whole', async () => {
      proxy.handle = async passing => {
        if (isFeed(passing)) {
          return EXPIRED;
        }
        const answer = await passing.pass();
        return isListing(passing)
          ? changed(answer, value => ({ ...value, items: value.items.slice(0, 1) }))
          : answer;
      };
      expect((await sync()).state).toBe('failed');
      await nothingIsTouched();
      await isWellAgain();
    });

    it.each([
      ['in a circle', () => 'cursor=again', (items: Item[]) => items],
      ['to empty pages for ever', () => `cursor=${randomUUID()}`, () => []],
      ['to ever more items', () => `cursor=${randomUUID()}`, (items: Item[]) => items],
      ['nowhere', () => 'http://[', (items: Item[]) => items]
    ])('should come to an end where its pages lead %s', async (__, cursor, items) => {
      let first: Answer | null = null;
      proxy.handle = async passing => {
        if (isFeed(passing)) {
          return EXPIRED;
        }
        if (!isListing(passing)) {
          return passing.pass();
        }
        first ??= await passing.pass();
        return changed(first, value => ({
          ...value,
          items: items(value.items),
          next_page_url: cursor().includes('=')
            ? `${proxy.url}/${raw.id}/files?${cursor()}`
            : cursor()
        }));
      };
      const report = await sync();
      expect(report).toMatchObject({
        state: 'failed',
        problems: [{ message: expect.stringContaining('does not fit the Projects API') }]
      });
      expect(proxy.seen.length).toBeLessThan(100);
      await nothingIsTouched();
      await isWellAgain();
    });
  }

  it('should be told that a size is none, and nothing follows', async () => {
    for (const size of [-1, 1.5, '5', 1e308, 2 ** 53 + 2, []]) {
      poisoned(items => [...items, fileAt('odd.txt', { size })]);
      expect(await sync()).toMatchObject({
        state: 'failed',
        problems: [{ message: expect.stringMatching(/does not fit the Projects API.*size/) }]
      });
      await nothingIsTouched();
    }
    await isWellAgain();
  });

  it('should be told that a file is not there, and all else be synced', async () => {
    const ghost = fileAt('ghost.txt');
    poisoned(items => [...items, ghost]);
    const report = await sync();
    expect(report).toMatchObject({ state: 'partial', problems: [{ path: 'ghost.txt' }] });
    expect(await device.files(folder)).toEqual(AFTER);
    expect(await inCloud()).toEqual(AFTER);
    await isWellAgain();
  });

  it('should be told that it answers something else, whatever it is asked', async () => {
    const answers = [
      LOGIN_PAGE,
      ...['null', '[]', '{}', '{"items": [', ''].map(jsonAnswer),
      redirect()
    ];
    for (const answer of answers) {
      proxy.handle = async passing =>
        passing.path.startsWith('/login')
          ? LOGIN_PAGE
          : { ...answer, headers: at(answer.headers, proxy.url) };
      expect(await sync()).toMatchObject({
        state: 'failed',
        problems: [{ message: expect.stringContaining('does not fit the Projects API') }]
      });
      await nothingIsTouched();
    }
    await isWellAgain();
  });

  it.each([
    ['a web page', LOGIN_PAGE],
    ['a redirect to a login page', redirect()]
  ])('should not be believed to have written what it answers with %s', async (__, answer) => {
    proxy.handle = async passing => {
      if (passing.path.startsWith('/login')) {
        return LOGIN_PAGE;
      }
      const isWrite = passing.method !== 'GET' || isUpload(passing);
      return isWrite ? { ...answer, headers: at(answer.headers, proxy.url) } : passing.pass();
    };
    const report = await sync();
    expect(report).toMatchObject({ state: 'failed' });
    await nothingIsLost();
    expect(await inCloud()).toHaveProperty(['d/gone-here.txt']);
    await isWellAgain();
  });

  if (way !== 'core') {
    it('should be told an entry that is none, and nothing follows', async () => {
      const odd = [
        { sha256: 'xyz' },
        { sha256: 'A'.repeat(64) },
        { sha256: null },
        { kind: 'symlink' },
        { file_version_id: '' },
        { file_version_id: '../../x' },
        { revision: -1 },
        { updated_at: 'yesterday' }
      ];
      for (const more of odd) {
        poisoned(items => [...items, fileAt('odd.txt', more)]);
        const [field = ''] = Object.keys(more);
        expect(await sync()).toMatchObject({
          state: 'failed',
          problems: [{ message: expect.stringMatching(new RegExp(`Projects API.*${field}`)) }]
        });
        await nothingIsTouched();
      }
      await isWellAgain();
    });

    it.each([
      ['of the version that it is', {}],
      ['of a version that is not there', { file_version_id: randomUUID() }]
    ])('should be told a hash that does not fit the content, %s', async (__, more) => {
      const wrong = { sha256: 'b'.repeat(64), ...more };
      poisoned(items =>
        items.map(each => (isAt('there.txt')(each) ? { ...each, ...wrong } : each))
      );
      const report = await sync();
      expect(report).toMatchObject({ state: 'partial', problems: [{ path: 'there.txt' }] });
      await nothingIsLost();
      expect(await device.files(folder)).toMatchObject({ 'there.txt': 'to be edited there' });
      await isWellAgain();
    });

    it('should be stopped before anything where its revision goes backwards', async () => {
      proxy.handle = async passing => {
        if (way === 'listing' && isFeed(passing)) {
          return EXPIRED;
        }
        const answer = await passing.pass();
        return isListing(passing) || isFeed(passing)
          ? changed(answer, value => ({ ...value, revision: 0 }))
          : answer;
      };
      expect(await sync()).toMatchObject({ state: 'stopped', stopReason: 'cloud-restored' });
      await nothingIsTouched();
      await isWellAgain();
    });

    it('should come to an end where its feed brings nothing for ever', async () => {
      let revision = 1_000_000;
      let first: Answer | null = null;
      proxy.handle = async passing => {
        if (!isFeed(passing)) {
          return passing.pass();
        }
        first ??= await passing.pass();
        return changed(first, value => ({
          ...value,
          items: [],
          revision: (revision += 1),
          has_more: true
        }));
      };
      expect(await sync()).toMatchObject({
        state: 'failed',
        problems: [{ message: expect.stringContaining('items: more are announced') }]
      });
      expect(proxy.seen.filter(isFeed).length).toBeLessThan(100);
      await nothingIsTouched();
      await isWellAgain();
    });

    it('should be told where a commit says that other content was written', async () => {
      proxy.handle = async passing => {
        const answer = await passing.pass();
        return passing.path.endsWith('/commits') ? changed(answer, withOtherContent) : answer;
      };
      expect(await sync()).toMatchObject({ state: 'failed' });
      await nothingIsLost();
      await isWellAgain();
    });
  }
});

const EXPIRED: Answer = {
  status: 410,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"error": {"code": "revision_expired", "message": "List everything."}}')
};

function jsonAnswer(text: string): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
}

function redirect(): Answer {
  return { status: 302, headers: { location: '/login' }, body: Buffer.alloc(0) };
}

/** With a location on this host. */
function at(headers: Answer['headers'], url: string): Answer['headers'] {
  const { location } = headers;
  return location === undefined ? headers : { location: new URL(location, url).href };
}

function withItems(value: Json, items: Item[]): Json {
  return {
    ...value,
    items,
    ...('total_count' in value ? { total_count: items.length, num_items: items.length } : {})
  };
}

function withOtherContent(value: Json): Json {
  const results = (value.results as { file: Item | null }[]).map(each => ({
    ...each,
    file: each.file && { ...each.file, sha256: 'c'.repeat(64) }
  }));
  return { ...value, results };
}

function isAt(path: string): (item: Item) => boolean {
  return item => item.path === path;
}

function without<T extends object>(record: T, key: keyof T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as Partial<T>;
}
