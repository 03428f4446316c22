import initSqlJs from 'sql.js';
import type { SqlJsStatic } from 'sql.js';

import type { StateFile } from '../../../src/state/generations';
import { seal } from '../../../src/state/trailer';
import { MemoryStorage } from '../../support/memory-storage';
import { ONE, open, opened, project, TWO } from '../../support/state-examples';

type Bytes = Uint8Array<ArrayBuffer>;

let sqlJs: SqlJsStatic;
beforeAll(async () => (sqlJs = await initSqlJs()));

/** Generation 1 in file a names the project `one`, generation 2 in file b names it `two`. */
async function twoGenerations(): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const store = await open(storage);
  await store.addProject({ ...project(), name: 'one' });
  await store.updateProject(ONE, { name: 'two' });
  return storage;
}

function sqlite(...statements: string[]): Bytes {
  const database = new sqlJs.Database();
  statements.forEach(statement => database.run(statement));
  return new Uint8Array(database.export());
}

function fileOf(storage: MemoryStorage, name: StateFile): Bytes {
  const bytes = storage.files.get(name);
  if (!bytes) {
    throw new Error(`${name} was not written`);
  }
  return bytes;
}

const flip = (bytes: Bytes, at: number): Bytes => {
  const flipped = bytes.slice();
  const index = at < 0 ? bytes.length + at : at;
  flipped[index] = (flipped[index] ?? 0) ^ 1;
  return flipped;
};

/** The database, the last of its pages overwritten: its schema can still be read. */
const scrambled = (bytes: Bytes): Bytes => {
  const database = bytes.slice(0, -48);
  return database.fill(0x5a, database.length - 4096);
};

const kinds: [string, (whole: Bytes) => Bytes | Promise<Bytes>, string][] = [
  ['cut short', whole => whole.slice(0, whole.length - 1000), 'cut short'],
  ['cut by one byte', whole => whole.slice(0, -1), 'cut short'],
  ['without its trailer', whole => whole.slice(0, -48), 'cut short'],
  ['longer than it was', whole => new Uint8Array([...whole, 0]), 'cut short'],
  ['with one bit flipped in the database', whole => flip(whole, 5000), 'checksum'],
  ['with one bit flipped in the number', whole => flip(whole, -33), 'checksum'],
  ['with one bit flipped in the checksum', whole => flip(whole, -1), 'checksum'],
  ['with one bit flipped in the magic', whole => flip(whole, -48), 'cut short'],
  ['garbage', () => new Uint8Array(70_000).fill(0xa5), 'not written by this extension'],
  ['shorter than a trailer', () => new Uint8Array(3), 'cut short'],
  ['empty', () => new Uint8Array(0), 'empty'],
  ['a database of another program', () => sqlite('create table t(x)'), 'not written by'],
  [
    'a database of another program under our trailer',
    async () => (await seal(sqlite('create table t(x)'), 9)).file,
    'another program'
  ],
  [
    'a database that says to be ours and has no schema',
    async () => (await seal(sqlite('pragma application_id = 1246515283'), 9)).file,
    'no schema'
  ],
  [
    'garbage under our trailer',
    async () => (await seal(new Uint8Array(9000).fill(0xa5), 9)).file,
    'no readable database'
  ],
  [
    'a scrambled database under our trailer',
    async whole => (await seal(scrambled(whole), 9)).file,
    'a damaged database'
  ]
];

describe('loading a damaged state', () => {
  it('takes the newer of two good files', async () => {
    const store = await open(await twoGenerations());
    expect(store.projects()).toMatchObject([{ name: 'two' }]);
  });

  it.each(kinds)('takes the other file when the newer is %s', async (_, damage, reason) => {
    const storage = await twoGenerations();
    const damaged = await damage(fileOf(storage, 'state-b.sqlite3'));
    storage.files.set('state-b.sqlite3', damaged);
    const problems: string[] = [];
    const store = await open(storage, { onProblem: problem => problems.push(problem) });
    expect(store.projects()).toMatchObject([{ name: 'one' }]);
    expect(problems).toEqual([expect.stringContaining(reason)]);
    expect(problems[0]).toContain('state-b.sqlite3');
    expect(problems[0]).toContain('state-a.sqlite3 is used');
  });

  it.each(kinds)('begins anew when both files are %s, and says so', async (_, damage, reason) => {
    const storage = await twoGenerations();
    for (const name of ['state-a.sqlite3', 'state-b.sqlite3'] as const) {
      storage.files.set(name, await damage(fileOf(storage, name)));
    }
    const before = new Map(storage.files);
    const problems: string[] = [];
    const store = await open(storage, { onProblem: problem => problems.push(problem) });
    expect(store.projects()).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(reason)]);
    expect(problems[0]).toContain('A new one was begun');
    expect(storage.files).toEqual(before);
    await store.addProject(project(TWO, 'new'));
    expect((await open(storage)).projects()).toMatchObject([{ id: TWO }]);
  });

  it('saves over the damaged file, not over the good one', async () => {
    const storage = await twoGenerations();
    storage.files.set('state-a.sqlite3', new Uint8Array([1, 2, 3]));
    const store = await open(storage);
    await store.updateProject(ONE, { name: 'three' });
    storage.files.delete('state-b.sqlite3');
    expect((await open(storage)).projects()).toMatchObject([{ name: 'three' }]);
  });

  it('copies a damaged file before it saves over it, once', async () => {
    const storage = await twoGenerations();
    const damaged = flip(fileOf(storage, 'state-b.sqlite3'), 5000);
    storage.files.set('state-b.sqlite3', damaged);
    const store = await open(storage);
    for (const name of ['three', 'four', 'five']) {
      await store.updateProject(ONE, { name });
    }
    expect(storage.files.get('state-b.damaged.sqlite3')).toEqual(damaged);
    expect(storage.writes.slice(2)).toEqual([
      'state-b.damaged.sqlite3',
      'state-b.sqlite3',
      'state-a.sqlite3',
      'state-b.sqlite3'
    ]);
  });

  it('tells nothing when there is no state, or one file of it', async () => {
    const problems: string[] = [];
    const options = { onProblem: (problem: string) => problems.push(problem) };
    await open(new MemoryStorage(), options);
    await open((await opened()).storage, options);
    expect(problems).toEqual([]);
  });

  it('takes the older generation after a crash in the middle of a save', async () => {
    const { storage, store } = await opened();
    await store.updateProject(ONE, { name: 'two' });
    storage.plan.push('half');
    await expect(store.updateProject(ONE, { name: 'three' })).rejects.toThrow();
    expect((await open(storage.copy())).projects()).toMatchObject([{ name: 'two' }]);
  });

  it.each(['state-a.sqlite3', 'state-b.sqlite3'])(
    'rejects when %s can not be read: that says nothing about what is in it',
    async name => {
      const storage = await twoGenerations();
      storage.unreadable.add(name);
      await expect(open(storage)).rejects.toMatchObject({
        code: 'unreadable',
        message: expect.stringContaining('the server is away')
      });
    }
  );

  it('rejects a state of a newer version, even beside an older good one, and leaves it', async () => {
    const storage = await twoGenerations();
    const database = new sqlJs.Database(fileOf(storage, 'state-b.sqlite3').slice(0, -48));
    database.run(`insert into kysely_migration values ('0999-from-the-future', '2030')`);
    const { file } = await seal(database.export(), 3);
    storage.files.set('state-b.sqlite3', file);
    const before = new Map(storage.files);
    await expect(open(storage)).rejects.toMatchObject({
      code: 'newer-version',
      message: expect.stringContaining('newer version')
    });
    expect(storage.files).toEqual(before);
  });
});
