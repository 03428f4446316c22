import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { SERIAL_LOCK } from '../../server/src/database/advisory-locks';
import { ChangesPage, type CommitResult } from '../../src/cloud/schemas';
import { callerAt } from '../support/caller-at';
import { type Caller, sha256 } from '../support/cloud-app';
import { type CloudServer, runServerCommandOn, startCloud } from '../support/cloud-server';
import { EventSocket, ticketFrom, upgradeStatus } from '../support/event-socket';
import { type PostgresServer, startPostgres } from '../support/postgres-server';
import { until } from '../support/until';

/** Taken by a PostgreSQL that trusts everybody, and looked for in what the servers print. */
const PASSWORD = 'hush-hush';

describe('two server processes over one PostgreSQL', () => {
  let postgres: PostgresServer;
  let database: string;
  let dataDir: string;
  let clouds: [CloudServer, CloudServer];
  /** Those to be stopped, where not all of them start. */
  const started: CloudServer[] = [];
  /** Of the same person, through the first process and through the second. */
  let alice: [Caller, Caller];

  beforeAll(async () => {
    postgres = await startPostgres();
    database = (await postgres.newDatabase()).replace('tester@', `tester:${PASSWORD}@`);
    dataDir = await mkdtemp(join(tmpdir(), 'projects-shared-'));
    const start = async () => {
      const cloud = await startCloud({ database, dataDir, args: ['--part-size', '1KB'] });
      started.push(cloud);
      return cloud;
    };
    clouds = await Promise.all([start(), start()]);
    const [first, second] = clouds;
    alice = [callerAt(first.url, first.keys.alice), callerAt(second.url, first.keys.alice)];
  });

  afterAll(async () => {
    await Promise.all(started.map(cloud => cloud.stop()));
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runServerCommandOn(database, ...args, '--data', dataDir);

  const listenAt = async (cloud: CloudServer, key: string) =>
    EventSocket.open(cloud.url, await ticketFrom(cloud.url, key));

  it('may start at once on an empty database, and make the demo once', async () => {
    expect(clouds[1].keys).toEqual(clouds[0].keys);
    for (const caller of alice) {
      const { body } = await caller.get('/');
      expect(body.items.map(({ name }) => name)).toEqual(['sample-project']);
    }
    expect((await run('user', 'list')).match(/alice/g)).toHaveLength(1);
  });

  it('tell of a commit through the one at the other, and nobody who may not know', async () => {
    const [first, second] = clouds;
    await run('user', 'add', 'carol');
    const carol = (await run('key', 'add', 'carol')).trim();
    const id = await alice[0].project();
    const ears = [
      await listenAt(first, first.keys.alice),
      await listenAt(second, first.keys.alice)
    ];
    const carols = await listenAt(second, carol);

    const { revision } = await alice[0].commit(id, [{ op: 'mkdir', path: 'new' }]);
    for (const ear of ears) {
      expect(await ear.next()).toEqual({ type: 'project.changed', project_id: id, revision });
      ear.close();
    }
    const own = await callerAt(first.url, carol).project();
    expect(await carols.next()).toMatchObject({ type: 'project.created', project_id: own });
    carols.close();
  });

  it('let one of them take a ticket, whichever gave it', async () => {
    const [first, second] = clouds;
    for (let round = 0; round < 5; round++) {
      const ticket = await ticketFrom(first.url, first.keys.alice);
      const statuses = await Promise.all(
        [first, second, first, second].map(({ url }) => upgradeStatus(url, ticket))
      );
      expect(statuses.sort()).toEqual([101, 401, 401, 401]);
    }
  });

  it('let exactly one of many commits of one file through, and give each change its own revision', async () => {
    const id = await alice[0].project();
    const start = (await alice[0].get(`/${id}`)).body.revision;
    const paths = ['a', 'b'];
    const winners = new Map<string, string | null>(paths.map(path => [path, null]));
    const told: number[] = [];
    for (let round = 0; round < 6; round++) {
      const tries = await Promise.all(
        paths.flatMap(path =>
          [0, 1, 2, 3].map(async writer => {
            const caller = alice[writer % 2 === 0 ? 0 : 1];
            const [version] = await caller.upload(id, { [path]: `${path} ${round} ${writer}` });
            return { path, caller, version };
          })
        )
      );
      const answers = await Promise.all(
        tries.map(async ({ path, caller, version }) => {
          const if_version = winners.get(path) ?? null;
          const put = { op: 'put', path, file_version_id: version, if_version };
          const { revision, results } = await caller.commit(id, [put]);
          return { revision, version, result: results[0] as CommitResult };
        })
      );
      for (const path of paths) {
        const ofPath = answers.filter(({ result }) => result.path === path);
        const won = ofPath.filter(({ result }) => result.status === 'applied');
        expect(won).toHaveLength(1);
        const version = won[0]?.version ?? '';
        winners.set(path, version);
        for (const { result } of ofPath) {
          expect(result.file?.file_version_id).toBe(version);
        }
        told.push(...won.map(({ revision }) => revision));
      }
    }
    expect(told.sort((a, b) => a - b)).toEqual(told.map((_, index) => start + 1 + index));
    const versions = (await alice[1].get(`/${id}/file-versions?limit=100`)).body;
    expect(versions.total_count).toBe(told.length);
  });

  it('show every change in the feed, in order, while both commit', async () => {
    const id = await alice[0].project();
    const count = 30;
    let open = true;
    const writers = Promise.all(
      alice.map(async (caller, writer) => {
        for (let n = 0; n < count; n++) {
          await caller.one(id, { op: 'mkdir', path: `w${writer}n${n}` });
        }
      })
    ).finally(() => (open = false));
    const seen: { path: string; revision: number }[] = [];
    let since = 0;
    for (let last = false; !last;) {
      last = !open;
      const page = ChangesPage.parse(
        (await alice[seen.length % 2 === 0 ? 0 : 1].get(`/${id}/changes?since=${since}`)).body
      );
      seen.push(...page.items.map(({ path, revision }) => ({ path, revision })));
      since = page.revision;
    }
    await writers;
    expect(new Set(seen.map(({ path }) => path)).size).toBe(2 * count);
    expect(seen.map(({ revision }) => revision)).toEqual(seen.map((_, index) => index + 1));
  });

  it('take the parts of one upload, and one commit sent to both, as one', async () => {
    const id = await alice[0].project();
    const bytes = Buffer.from(Array.from({ length: 10 * 1024 }, (_, index) => index % 251));
    const file = { path: 'big', size: bytes.byteLength, sha256: sha256(bytes) };
    const { body } = await alice[0].post(`/${id}/file-preloads`, { files: [file] });
    const parts = (body.items[0]?.parts ?? []).map((part, index) => ({
      ...part,
      // What the first one signed, the second one takes.
      signed_url: (part.signed_url ?? '').replace(
        new URL(clouds[0].url).origin,
        new URL(clouds[index % 2 === 0 ? 0 : 1].url).origin
      )
    }));
    expect(parts).toHaveLength(10);
    await Promise.all(
      parts.map(async ({ offset, size, signed_url }) => {
        const sent = await alice[0].send(signed_url, bytes.subarray(offset, offset + size));
        expect(sent.status).toBe(200);
      })
    );
    const put = {
      ...{ op: 'put', path: 'big', if_version: null },
      file_version_id: body.items[0]?.file_version_id
    };
    const answers = await Promise.all(
      [0, 1, 0, 1].map(index => alice[index === 0 ? 0 : 1].commit(id, [put], 'the same'))
    );
    expect(answers[0]?.results[0]?.status).toBe('applied');
    expect(answers).toEqual(answers.map(() => answers[0]));
    expect((await alice[1].get(`/${id}/files/big`)).bytes.equals(bytes)).toBe(true);
  });

  it('wait for a transaction of another one before they change anything, but not to read', async () => {
    const id = await alice[0].project();
    const files = [{ path: 'sent', size: 1, sha256: sha256('x') }];
    const { body } = await alice[0].post(`/${id}/file-preloads`, { files });
    const other = new Client({ connectionString: database });
    await other.connect();
    try {
      await other.query('begin');
      await other.query(SERIAL_LOCK);
      let answered = 0;
      const calls = [
        ...alice.map((caller, index) => caller.commit(id, [{ op: 'mkdir', path: `d${index}` }])),
        alice[0].send(body.items[0]?.signed_url ?? '', Buffer.from('x')),
        alice[1].post(`/${id}/file-preloads`, { files })
      ].map(call => call.finally(() => answered++));
      const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted`;
      await until(async () => expect(await postgres.query(database, waiting)).toHaveLength(4));
      for (const caller of alice) {
        expect((await caller.get(`/${id}/changes?since=0`)).body.items).toEqual([]);
        expect((await caller.get(`/${id}/files`)).body.items).toEqual([]);
      }
      expect(answered).toBe(0);
      await other.query('rollback');
      await Promise.all<unknown>(calls);
      expect([...(await alice[0].files(id)).keys()]).toEqual(['d0', 'd1']);
    } finally {
      await other.end();
    }
  });

  it.each([
    ['listening connections', 'projects-server events'],
    ['connections', 'projects-server%']
  ])(
    'close sockets with 1011 when their %s break, and then tell of changes again',
    async (_, application) => {
      const id = await alice[0].project();
      const ears = await Promise.all(clouds.map(cloud => listenAt(cloud, cloud.keys.alice)));
      await postgres.query(
        database,
        'select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1',
        [application]
      );
      expect(await Promise.all(ears.map(ear => ear.closed))).toEqual([1011, 1011]);
      const again: EventSocket[] = [];
      for (const cloud of clouds) {
        await until(async () => {
          const ticket = await ticketFrom(cloud.url, cloud.keys.alice);
          again.push(await EventSocket.open(cloud.url, ticket));
        });
      }
      const { revision } = await alice[1].commit(id, [{ op: 'mkdir', path: 'after' }]);
      for (const ear of again) {
        expect(await ear.next()).toEqual({ type: 'project.changed', project_id: id, revision });
        ear.close();
      }
    }
  );

  it('go on when the other one is killed, and print no password', async () => {
    const id = await alice[1].project();
    await clouds[0].kill();
    await alice[1].commit(id, [{ op: 'mkdir', path: 'alone' }]);
    expect([...(await alice[1].files(id)).keys()]).toEqual(['alone']);
    for (const cloud of clouds) {
      expect(cloud.output()).toContain(`database 127.0.0.1:`);
      expect(cloud.output()).not.toContain(PASSWORD);
    }
    expect(await readFile(`/proc/${clouds[1].process.pid}/cmdline`, 'utf8')).not.toContain(
      PASSWORD
    );
  });
});
