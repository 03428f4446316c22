import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import initSqlJs from 'sql.js';
import type { Database } from 'sql.js';

import { seal } from '../../src/state/trailer';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { Device } from '../support/device';
import { RawProject } from '../support/raw-project';

const A = 'Projects/_state/state-a.sqlite3';
const B = 'Projects/_state/state-b.sqlite3';
const FILES = { 'one.txt': 'one', 'd/two.txt': 'two', 'three.txt': 'three' };

let cloud: CloudServer;
let device: Device;
let id: string;
let projects = 0;
let folder: string;

beforeAll(async () => {
  cloud = await startCloud();
  device = await Device.start(cloud.url);
  await device.projects.signIn(cloud.keys.alice);
  await device.write('outside.txt', 'outside');
}, 180_000);

afterAll(async () => {
  await device?.stop();
  await cloud?.stop();
});

beforeEach(async () => {
  projects += 1;
  folder = `project-${projects}`;
  for (const [path, content] of Object.entries(FILES)) {
    await device.write(`${folder}/${path}`, content);
  }
  await rm(join(device.root, 'Projects/_state'), { recursive: true, force: true });
  device.reload();
  ({ projectId: id } = await device.projects.create(folder));
  device.errors.length = 0;
});

const onDisk = (path: string) => join(device.root, path);
const raw = () => new RawProject(cloud.url, cloud.keys.alice, id);

/** A sound SQLite database of another program. */
async function foreign(): Promise<Uint8Array<ArrayBuffer>> {
  return database(db =>
    db.run("create table bookmarks(url text); insert into bookmarks values('x')")
  );
}

async function database(fill: (db: Database) => void): Promise<Uint8Array<ArrayBuffer>> {
  const { Database } = await initSqlJs();
  const db = new Database();
  fill(db);
  return new Uint8Array(db.export());
}

async function nothingIsLost(): Promise<void> {
  expect(await device.files(folder)).toEqual(FILES);
  expect([...(await raw().files()).keys()].sort()).toEqual(Object.keys(FILES).sort());
  expect(await readFile(onDisk('outside.txt'), 'utf8')).toBe('outside');
}

/** Changes both files of the state, or one, in the way of a table's row. */
type Spoil = (path: string) => Promise<void>;

const SPOILT: readonly [string, Spoil][] = [
  ['a database of another program', async path => writeFile(onDisk(path), await foreign())],
  [
    'a database of another program under our trailer',
    async path => writeFile(onDisk(path), (await seal(await foreign(), 999)).file)
  ],
  ['empty', path => writeFile(onDisk(path), '')],
  ['cut short', path => truncate(onDisk(path), 5000)],
  ['a text', path => writeFile(onDisk(path), 'not a database\n'.repeat(1000))]
];

describe.each(SPOILT)('a state file that is %s', (_, spoil) => {
  it.each([
    ['state-a.sqlite3', A],
    ['state-b.sqlite3', B]
  ])('should be passed over for the other one, where it is %s', async (name, path) => {
    await spoil(path);
    device.reload();
    const report = await device.projects.sync({ projectId: id });
    expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
    expect(device.errors.map(String)).toEqual([expect.stringContaining(name)]);
    await nothingIsLost();
  });

  it('should be told where both are, be kept beside, and lose nothing', async () => {
    await spoil(A);
    await spoil(B);
    const spoilt = await readFile(onDisk(A));
    device.reload();
    await expect(device.projects.sync({ projectId: id })).rejects.toMatchObject({
      code: 'not-linked'
    });
    expect(device.errors.map(String)).toEqual([
      expect.stringMatching(/can't be used.*link your folders to their projects again/)
    ]);
    await nothingIsLost();

    const report = await device.projects.link(id, folder);
    expect(report).toMatchObject({ state: 'synced', actions: [], bytesUp: 0, bytesDown: 0 });
    await nothingIsLost();
    if (spoilt.length > 0) {
      expect(await readFile(onDisk(A.replace('.sqlite3', '.damaged.sqlite3')))).toEqual(spoilt);
    }
    device.reload();
    expect(await device.projects.sync({ projectId: id })).toMatchObject({ state: 'synced' });
  });
});

describe('a state file of a newer version', () => {
  it.each([
    ['alone', [A]],
    ['twice', [A, B]],
    ['beside one of ours that is older', [A]],
    ['beside a damaged one', [A]]
  ])('should be left as it is and told, %s', async (how, paths) => {
    const { Database } = await initSqlJs();
    const db = new Database((await readFile(onDisk(A))).subarray(0, -48));
    db.run("insert into kysely_migration values('9999-from-the-future', '2099-01-01')");
    const { file } = await seal(new Uint8Array(db.export()), 999);
    for (const path of paths) {
      await writeFile(onDisk(path), file);
    }
    if (how === 'alone') {
      await rm(onDisk(B), { force: true });
    }
    if (how === 'beside a damaged one') {
      await writeFile(onDisk(B), 'damaged');
    }
    const before = await device.files('Projects/_state');
    await device.write(`${folder}/one.txt`, 'edited');
    device.reload();
    await expect(device.projects.sync({ projectId: id })).rejects.toThrow(/newer version/);
    await expect(device.projects.link(id, folder)).rejects.toThrow(/newer version/);
    await expect(device.projects.create(folder)).rejects.toThrow(/newer version/);
    expect(await device.files('Projects/_state')).toEqual(before);
    expect(await device.files(folder)).toEqual({ ...FILES, 'one.txt': 'edited' });
    expect(await raw().text('one.txt')).toBe('one');
  });
});

describe('a state folder that is a file', () => {
  it('should be told, and nothing be touched', async () => {
    await rm(onDisk('Projects/_state'), { recursive: true });
    await writeFile(onDisk('Projects/_state'), 'a file');
    device.reload();
    await expect(device.projects.link(id, folder)).rejects.toThrow(/state/i);
    expect(await readFile(onDisk('Projects/_state'), 'utf8')).toBe('a file');
    await nothingIsLost();
  });
});
