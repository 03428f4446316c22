import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest
} from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';

import { SERIAL_LOCK } from '../../server/src/database/advisory-locks';
import { type OpenDatabase, openDatabase } from '../../server/src/database/open';
import { openPostgres } from '../../server/src/database/postgres';
import { PostgresAddress } from '../../server/src/database/postgres-address';
import { PostgresListener } from '../../server/src/database/postgres-listener';
import { DataFolder } from '../../server/src/data-folder';
import { SETTLED, collectGarbage } from '../../server/src/maintenance';
import { createServer } from '../../server/src/server';
import { BlobStore, type StoredBytes } from '../../server/src/storage/blob-store';
import { startApp, useDatabases } from '../support/cloud-app';
import { runServerCommand, runServerCommandOn } from '../support/cloud-server';
import { type PostgresServer, startPostgres } from '../support/postgres-server';
import { until } from '../support/until';

const PASSWORD = 'hush-hush';

let postgres: PostgresServer;
/** One that the tests share. */
let url: string;

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.newDatabase();
});

afterAll(() => postgres.stop());

describe.each([
  ['an embedded database', () => openDatabase(null)],
  ['a database of a PostgreSQL server', () => openPostgres(PostgresAddress.parse(url))]
])('%s', (_, open) => {
  let database: OpenDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  it('gives numbers, times and JSON as the same values', async () => {
    const { rows } = await sql<Record<string, unknown>>`
      select 9007199254740991::bigint as big, count(*) as counted, 7 as small, true as truth,
        '{"a": [1]}'::jsonb as json, '2030-01-31T12:00:00.123Z'::timestamptz as time, null as nothing
      from (values (1), (2)) as two
    `.execute(database.db);
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        counted: 2,
        small: 7,
        truth: true,
        json: { a: [1] },
        time: new Date('2030-01-31T12:00:00.123Z'),
        nothing: null
      }
    ]);
  });

  it('runs work of one name after the other, whether or not it fails, and that of another meanwhile', async () => {
    const log: string[] = [];
    let second: Promise<number> | undefined;
    const first = database.exclusively('one', async () => {
      second = database.exclusively('one', () => Promise.resolve(log.push('second')));
      await database.exclusively('two', () => Promise.resolve(log.push('other')));
      log.push('first');
      throw new Error('It failed.');
    });
    await expect(first).rejects.toThrow('It failed.');
    await second;
    expect(log).toEqual(['other', 'first', 'second']);
  });
});

describe('databases of a PostgreSQL server, open in two places', () => {
  let databases: [OpenDatabase, OpenDatabase];

  beforeAll(async () => {
    const open = () => openPostgres(PostgresAddress.parse(url));
    databases = await Promise.all([open(), open()]);
    await sql`create table counter as select 0 as value`.execute(databases[0].db);
  });

  afterAll(() => Promise.all(databases.map(database => database.close())));

  it('run transactions one after the other, whatever they read', async () => {
    const raise = ({ db }: OpenDatabase) =>
      db.transaction().execute(async transaction => {
        const { rows } = await sql<{ value: number }>`select value from counter`.execute(
          transaction
        );
        await sql`update counter set value = ${(rows[0]?.value ?? NaN) + 1}`.execute(transaction);
      });
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => raise(databases[index % 2 === 0 ? 0 : 1]))
    );
    const { rows } = await sql`select value from counter`.execute(databases[0].db);
    expect(rows).toEqual([{ value: 30 }]);
  });

  it('run work of one name in one of them at a time', async () => {
    let running = 0;
    const work = async () => {
      expect(++running).toBe(1);
      await sql`select pg_sleep(0.02)`.execute(databases[0].db);
      running--;
    };
    await Promise.all(
      [0, 1, 0, 1].map(index => databases[index === 0 ? 0 : 1].exclusively('work', work))
    );
  });

  it('have a connection as new after a transaction that could not begin', async () => {
    const impatient = await openPostgres(
      PostgresAddress.parse(`${url}?options=-c%20lock_timeout%3D50`)
    );
    const other = new Client({ connectionString: url });
    await other.connect();
    try {
      await other.query('begin');
      await other.query(SERIAL_LOCK);
      const ask = () => impatient.db.transaction().execute(each => sql`select 1`.execute(each));
      await expect(ask()).rejects.toThrow('lock timeout');
      await other.query('rollback');
      await ask();
    } finally {
      await other.end();
      await impatient.close();
    }
  });
});

it('a server whose database is away says so, and goes on when it is back', async () => {
  const database = await postgres.newDatabase();
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  useDatabases(() => Promise.resolve(PostgresAddress.parse(database)));
  const app = await startApp();
  const set = async (isOpen: boolean) => {
    const name = new URL(database).pathname.slice(1);
    await postgres.query(url, `alter database ${name} allow_connections ${isOpen}`);
    await postgres.query(
      url,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [name]
    );
  };
  try {
    const id = await app.alice.project();
    await set(false);
    const { status, body } = await app.alice.get(`/${id}`);
    expect([status, body.error.code]).toEqual([503, 'unavailable']);
    await set(true);
    await until(async () => expect((await app.alice.get(`/${id}`)).status).toBe(200));
  } finally {
    await set(true);
    await app.close();
    log.mockRestore();
  }
});

it('a listener notices that its connection is dead, and tells before and after it has another', async () => {
  const told: string[] = [];
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const listening = await PostgresListener.open(
    { connectionString: url, application_name: 'listener' },
    'channel',
    {
      hear: payload => told.push(payload),
      lost: () => told.push('lost'),
      restored: () => told.push('restored')
    },
    { heartbeat: 50, patience: 500 }
  );
  const find = "select pid from pg_stat_activity where application_name = 'listener'";
  const [backend] = await postgres.query<{ pid: number }>(url, find);
  const pid = backend?.pid ?? NaN;
  const notify = (text: string) =>
    postgres.query(url, 'select pg_notify($1, $2)', ['channel', text]);
  try {
    await notify('one');
    await until(() => expect(told).toEqual(['one']));
    process.kill(pid, 'SIGSTOP');
    await until(() => expect(told).toEqual(['one', 'lost', 'restored']));
    await notify('two');
    await until(() => expect(told).toEqual(['one', 'lost', 'restored', 'two']));
  } finally {
    process.kill(pid, 'SIGCONT');
    await listening.close();
    log.mockRestore();
  }
});

describe('a data folder', () => {
  let folders: [string, string];

  beforeEach(async () => {
    const make = () => mkdtemp(join(tmpdir(), 'projects-folder-'));
    folders = [await make(), await make()];
  });

  afterEach(() => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))));

  const open = async (data: string, database: string | null) => {
    const address = database === null ? null : PostgresAddress.parse(database);
    await (await createServer({ data, database: address })).close();
  };

  it('is used with the one database of a PostgreSQL server that it began with', async () => {
    const database = await postgres.newDatabase();
    const other = await postgres.newDatabase();
    await open(folders[0], database);
    await open(folders[0], database);
    await expect(open(folders[1], database)).rejects.toThrow("don't belong together");
    await open(folders[1], other);
    await expect(open(folders[1], database)).rejects.toThrow("don't belong together");
    await expect(open(folders[0], null)).rejects.toThrow('PROJECTS_DATABASE_URL');
  });

  it('with contents is not taken for that of an empty database', async () => {
    const database = await postgres.newDatabase();
    const server = await createServer({
      data: folders[0],
      database: PostgresAddress.parse(database)
    });
    await write(server.services.blobs, 'precious');
    await server.close();
    const other = await postgres.newDatabase();
    await expect(open(folders[0], other)).rejects.toThrow("don't belong together");
    await open(folders[0], database);
    expect(await server.services.blobs.isEmpty()).toBe(false);
  });

  it('with an embedded database is used with that', async () => {
    await mkdir((await DataFolder.openShared(folders[0])).database);
    await expect(open(folders[0], url)).rejects.toThrow('holds an embedded database');
  });
});

it('the garbage collection keeps what another process may be about to name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'projects-blobs-'));
  const database = await openPostgres(PostgresAddress.parse(url));
  try {
    const blobs = new BlobStore(folder);
    await blobs.open(SETTLED);
    const [fresh, old] = [await write(blobs, 'just sent'), await write(blobs, 'sent long ago')];
    const long = new Date(Date.now() - SETTLED - 1000);
    await utimes(join(folder, 'blobs', old.sha256.slice(0, 2), old.sha256), long, long);
    for (const [name, time] of [
      ['arriving', new Date()],
      ['abandoned', long]
    ] as const) {
      await writeFile(join(folder, 'tmp', name), 'half of it');
      await utimes(join(folder, 'tmp', name), time, time);
    }
    await new BlobStore(folder).open(SETTLED);
    await collectGarbage(database.db, blobs, SETTLED);
    expect([await blobs.has(fresh), await blobs.has(old)]).toEqual([true, false]);
    expect(await readdir(join(folder, 'tmp'))).toEqual(['arriving']);
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
});

function write(blobs: BlobStore, text: string): Promise<StoredBytes> {
  const source = (async function* () {
    yield await Promise.resolve(Buffer.from(text));
  })();
  return blobs.write(source, 100, () => undefined);
}

describe('an address of a database', () => {
  let data: string;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'projects-address-'));
  });

  afterAll(() => rm(data, { recursive: true, force: true }));

  it('may be an option without a password only', async () => {
    const list = ['user', 'list', '--data', data, '--database-url'];
    await runServerCommand(...list, url);
    for (const secret of [url.replace('tester', `tester:${PASSWORD}`), `${url}?password=x`]) {
      await expect(runServerCommand(...list, secret)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('PROJECTS_DATABASE_URL or PGPASSWORD')
      });
    }
  });

  it.each([
    ['that is none', `${PASSWORD}`],
    ['of something else', `mysql://me:${PASSWORD}@127.0.0.1/db`],
    ['without a database', `postgres://me:${PASSWORD}@127.0.0.1`],
    ['that can not be read', `postgres://me:${PASSWORD}%@127.0.0.1:1/db`],
    ['where nobody answers', `postgres://me:${PASSWORD}@127.0.0.1:1/db`]
  ])('%s is refused in words, which do not repeat it', async (_, text) => {
    const refused = expect.stringMatching(
      /^The database('s address is not| 127.0.0.1:1\/db can't)/
    );
    const error = await runServerCommandOn(text, 'user', 'list', '--data', data).catch(
      (each: unknown) => each
    );
    expect(error).toMatchObject({ code: 1, stdout: '', stderr: refused });
    expect(error).toMatchObject({ stderr: expect.not.stringContaining(PASSWORD) });
  });

  it('of a database that can not hold every text is refused', async () => {
    await postgres.query(
      url,
      "create database ascii encoding 'SQL_ASCII' template template0 locale 'C'"
    );
    const address = PostgresAddress.parse(url.replace(/[^/]+$/, 'ascii'));
    await expect(openPostgres(address)).rejects.toThrow('UTF8');
  });
});
