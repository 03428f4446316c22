import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Client } from 'pg';

import { findPostgres } from '../../scripts/lib/postgres.mjs';

/** How long it may take to start; ms. */
const START = 60_000;

/** Nothing here has to outlive the machine. */
const HASTY = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** A PostgreSQL server of the test's own, on the loopback address. */
export interface PostgresServer {
  /** Makes an empty database; its address. */
  newDatabase(): Promise<string>;
  /** Asks something of a database. */
  query<Row extends object>(url: string, text: string, values?: unknown[]): Promise<Row[]>;
  /** Ends it, and removes all that it kept. Safe twice. */
  stop(): Promise<void>;
}

/** Starts one in a temporary folder. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === null) {
    throw new Error(
      'These tests need PostgreSQL, and none was found. Install it (Debian: apt-get install postgresql), or name the folder of its programs: POSTGRES_BIN=/path/to/bin'
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'projects-postgres-'));
  try {
    const user = await nobody();
    if (user) {
      await chown(folder, user.uid, user.gid);
    }
    const data = join(folder, 'data');
    const how = { cwd: folder, ...user };
    const init = ['--no-sync', '--auth=trust', '--username=tester', '--encoding=UTF8'];
    await promisify(execFile)(join(bin, 'initdb'), ['-D', data, '--locale=C', ...init], how);
    for (;;) {
      const port = await freePort();
      const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
        .concat(HASTY)
        .flatMap(setting => ['-c', setting]);
      const child = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
        ...how,
        stdio: ['ignore', 'ignore', 'pipe']
      });
      const started = await answers(child, port);
      if (started.ok) {
        return running(child, folder, port);
      }
      if (!started.log.includes('could not bind')) {
        throw new Error(`PostgreSQL did not start:\n${started.log}`);
      }
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function running(child: ChildProcess, folder: string, port: number): PostgresServer {
  const killAtExit = () => child.kill('SIGQUIT');
  process.once('exit', killAtExit);
  const ended = once(child, 'exit');
  const urlOf = (name: string) => `postgres://tester@127.0.0.1:${port}/${name}`;
  let count = 0;
  const query: PostgresServer['query'] = async (url, text, values = []) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    query,
    async newDatabase() {
      const name = `cloud_${++count}`;
      await query(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGQUIT');
        await ended;
      }
      process.off('exit', killAtExit);
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Once it takes connections, or has ended. */
async function answers(child: ChildProcess, port: number): Promise<{ ok: boolean; log: string }> {
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const deadline = Date.now() + START;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const client = new Client({
      connectionString: `postgres://tester@127.0.0.1:${port}/postgres`
    });
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: string }>(
        "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid"
      );
      if (Number(rows[0]?.pid) === child.pid) {
        return { ok: true, log };
      }
    } catch {
      await delay(30);
    } finally {
      client.end().catch(() => undefined);
    }
  }
  child.kill('SIGQUIT');
  return { ok: false, log };
}

/** PostgreSQL refuses to be root: then it is the user that has nothing. */
async function nobody(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const [, uid, gid] =
    /^nobody:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8')) ?? [];
  if (uid === undefined || gid === undefined) {
    throw new Error('PostgreSQL does not run as root, and there is no user "nobody" to run it.');
  }
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}
