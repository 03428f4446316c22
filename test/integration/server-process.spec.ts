import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createServer } from '../../server/src/server';
import { callerAt } from '../support/caller-at';
import { Caller } from '../support/cloud-app';
import { type CloudServer, runServerCommand, startCloud } from '../support/cloud-server';

const MB = 1024 * 1024;

/** For what starts the server many times, each time a database with it; ms. */
const SLOW = 240_000;

function callerOf(cloud: CloudServer, key: string): Caller {
  return callerAt(cloud.url, key);
}

describe('projects-server as a process', () => {
  let cloud: CloudServer;
  let alice: Caller;

  beforeAll(async () => {
    cloud = await startCloud({ args: ['--part-size', '1GB'], fromNothing: true });
    alice = callerOf(cloud, cloud.keys.alice);
  });

  afterAll(() => cloud.stop());

  /** Resident memory at its highest so far, in bytes; Linux tells it. */
  async function peakMemory(): Promise<number> {
    const status = await readFile(`/proc/${cloud.process.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  it('serves the sample project to both users of the demo', async () => {
    for (const key of [cloud.keys.alice, cloud.keys.bob]) {
      const { body } = await callerOf(cloud, key).get('/?name=sample-project');
      expect(body).toMatchObject({
        total_count: 1,
        items: [{ title: 'Sample project', owner: { name: 'alice' } }]
      });
    }
    expect((await stat(join(cloud.dataDir, 'demo-keys.json'))).mode & 0o777).toBe(0o600);
  });

  it('refuses dots in a request line as invalid_path', async () => {
    const id = await alice.project();
    const { port, pathname } = new URL(cloud.url);
    const status = await new Promise((resolve, reject) => {
      request(
        {
          port,
          host: '127.0.0.1',
          path: `${pathname}/${id}/files/a/../../../../x`,
          headers: { Authorization: `Bearer ${cloud.keys.alice}` }
        },
        answer => resolve(answer.resume().statusCode)
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(422);
  });

  it('streams 300 MB in and out, and holds little of it in memory', async () => {
    const id = await alice.project();
    const chunk = randomBytes(MB);
    const count = 300;
    const hash = createHash('sha256');
    for (let sent = 0; sent < count; sent++) {
      hash.update(chunk);
    }
    const expected = hash.digest('hex');
    const { body } = await alice.post(`/${id}/file-preloads`, {
      files: [{ path: 'big', size: count * MB, sha256: expected }]
    });
    const before = await peakMemory();
    let sent = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(chunk);
        if (++sent === count) {
          controller.close();
        }
      }
    });
    const upload = { method: 'PUT', body: source, duplex: 'half' };
    expect((await fetch(body.items[0]?.signed_url ?? '', upload)).status).toBe(200);
    const put = {
      op: 'put',
      path: 'big',
      file_version_id: body.items[0]?.file_version_id,
      if_version: null
    };
    expect(await alice.one(id, put)).toMatchObject({
      status: 'applied',
      file: { size: count * MB, sha256: expected }
    });

    const answer = await fetch(`${cloud.url}/${id}/files/big`, {
      headers: { Authorization: `Bearer ${cloud.keys.alice}` }
    });
    const read = createHash('sha256');
    for await (const part of answer.body ?? []) {
      read.update(part as Uint8Array);
    }
    expect(read.digest('hex')).toBe(expected);
    expect((await peakMemory()) - before).toBeLessThan(150 * MB);
  });

  it('answers 413 to a body that is too large before all of it came', async () => {
    const id = await alice.project();
    const { body } = await alice.call('PUT', `/${id}/file-preload/a`, { body: {} });
    const { signed_url = '' } = body as unknown as Record<string, string>;
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(
        signed_url,
        { method: 'PUT', headers: { 'Content-Length': 100 * 1024 * MB } },
        reply => resolve(reply.statusCode)
      );
      asked.on('error', reject);
      pourInto(asked);
    });
    expect(answer).toBe(413);
  });

  it('stores nothing of an upload that breaks off', async () => {
    const id = await alice.project();
    const { body } = await alice.call('PUT', `/${id}/file-preload/a`, { body: {} });
    const { signed_url = '', file_version_id } = body as unknown as Record<string, string>;
    await new Promise<void>(resolve => {
      const asked = request(signed_url, { method: 'PUT', headers: { 'Content-Length': 2 * MB } });
      asked.on('error', () => resolve());
      asked.write(randomBytes(MB), () => asked.destroy());
      asked.on('close', resolve);
    });
    const committed = await alice.call('PATCH', `/${id}/file-versions/${file_version_id}`);
    expect([committed.status, committed.body.error.code]).toEqual([409, 'missing_content']);
    const deadline = Date.now() + 10_000;
    while ((await readdir(join(cloud.dataDir, 'tmp'))).length > 0) {
      expect(Date.now()).toBeLessThan(deadline);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(cloud.output()).not.toContain('failed');
  });

  it('refuses a port that is in use, and a data folder that is open, in words', async () => {
    const { port } = new URL(cloud.url);
    const other = await mkdtemp(join(tmpdir(), 'projects-other-'));
    try {
      await expect(
        runServerCommand('serve', '--data', other, '--port', port)
      ).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^Port \d+ .* is in use/) });
      await expect(
        runServerCommand('user', 'add', 'carol', '--data', cloud.dataDir)
      ).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/open in another process.*stop that server first\.\n$/)
      });
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});

/** Writes for as long as the other end takes it. */
function pourInto(asked: ClientRequest): void {
  const chunk = Buffer.alloc(MB);
  const more = () => {
    while (!asked.destroyed && !asked.writableEnded) {
      if (!asked.write(chunk)) {
        asked.once('drain', more);
        return;
      }
    }
  };
  asked.once('response', () => asked.destroy());
  more();
}

describe('projects-server killed in mid-commit', () => {
  it('has every acknowledged commit whole, and no half of another', whole, SLOW);

  async function whole(): Promise<void> {
    const dataDir = await mkdtemp(join(tmpdir(), 'projects-killed-'));
    try {
      let cloud = await startCloud({ dataDir });
      const id = await callerOf(cloud, cloud.keys.alice).project();
      const acknowledged = new Map<string, number>();
      for (let round = 0; round < 3; round++) {
        const alice = callerOf(cloud, cloud.keys.alice);
        let killed = false;
        const writer = async (name: number) => {
          for (let n = 0; !killed; n++) {
            const group = `r${round}w${name}n${n}`;
            const paths = Array.from({ length: 20 }, (_, file) => `${group}/f${file}`);
            const versions = await alice.upload(
              id,
              Object.fromEntries(paths.map(path => [path, path]))
            );
            const answer = await alice.commit(
              id,
              paths.map((path, index) => ({
                op: 'put',
                path,
                file_version_id: versions[index],
                if_version: null
              }))
            );
            acknowledged.set(group, answer.revision);
          }
        };
        const writers = [0, 1].map(writer);
        const stopped = Promise.allSettled(writers);
        while (acknowledged.size < (round + 1) * 5) {
          await Promise.race([new Promise(resolve => setTimeout(resolve, 5)), ...writers]);
        }
        await cloud.kill();
        killed = true;
        await stopped;
        cloud = await startCloud({ dataDir });
      }

      const alice = callerOf(cloud, cloud.keys.alice);
      const groups = new Map<string, string[]>();
      let next: string | null = `/${id}/files?limit=1000`;
      while (next !== null) {
        const { body } = await alice.get(next);
        for (const { path, kind } of body.items) {
          if (kind === 'file') {
            const [group = ''] = path.split('/');
            groups.set(group, [...(groups.get(group) ?? []), path]);
          }
        }
        next = body.next_page_url;
      }
      for (const paths of groups.values()) {
        expect(paths).toHaveLength(20);
        for (const path of paths) {
          expect((await alice.get(`/${id}/files/${path}`)).bytes.toString()).toBe(path);
        }
      }
      expect([...acknowledged.keys()].filter(group => !groups.has(group))).toEqual([]);
      const { revision } = (await alice.get(`/${id}`)).body;
      expect(revision).toBeGreaterThanOrEqual(Math.max(...acknowledged.values()));
      await cloud.stop();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }
});

describe('the commands of projects-server', () => {
  let data: string;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'projects-commands-'));
  });

  afterAll(() => rm(data, { recursive: true, force: true }));

  const run = (...args: string[]) => runServerCommand(...args, '--data', data);

  it(
    'add a user and keys, and revoke them',
    async () => {
      const id = randomUUID();
      expect(await run('user', 'add', 'carol', '--id', id)).toBe(`${id}  carol\n`);
      await expect(run('user', 'add', 'carol')).rejects.toMatchObject({ code: 1 });
      expect(await run('user', 'list')).toBe(`${id}  carol\n`);

      const good = await run('key', 'add', 'carol');
      const past = await run('key', 'add', 'carol', '--expires', '2020-01-01T00:00:00Z');
      const file = join(data, 'carol.key');
      const told = await run('key', 'add', 'carol', '--key-file', file, '--expires', '30');
      const filed = await readFile(file, 'utf8');
      expect(told).not.toContain(filed.trim());
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const revoked = await run('key', 'add', 'carol');
      await run('key', 'revoke', revoked.trim());
      expect(await run('key', 'list', 'carol')).not.toContain(good.trim());

      const server = await createServer({ data });
      const statuses = [];
      for (const key of [good, filed, past, revoked]) {
        statuses.push((await new Caller(server, '', key.trim()).get('/')).status);
      }
      await server.close();
      expect(statuses).toEqual([200, 200, 401, 401]);
    },
    SLOW
  );

  it('flush what they write to the disk', async () => {
    const count = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { fsyncSync } = fs;
      let flushes = 0;
      fs.fsyncSync = file => { flushes++; fsyncSync(file); };
      syncBuiltinESMExports();
      process.on('exit', () => console.log(flushes));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--import', `data:text/javascript,${encodeURIComponent(count)}`],
      ...['server/dist/projects-server.mjs', 'user', 'add', 'erin', '--data', data]
    ]);
    expect(Number(stdout.trim().split('\n').at(-1))).toBeGreaterThan(0);
  });

  it('renew the epoch of a project', async () => {
    const server = await createServer({ data });
    const user = await server.accounts.addUser('dave');
    const dave = new Caller(server, user.id, (await server.accounts.addKey(user.id)).key);
    const id = await dave.project();
    const { epoch } = (await dave.get(`/${id}`)).body;
    await server.close();
    await run('epoch', '--renew', id);
    await expect(run('epoch', '--renew', randomUUID())).rejects.toMatchObject({ code: 1 });
    const again = await createServer({ data });
    const answer = await new Caller(again, user.id, dave.key).get(`/${id}`);
    expect(answer.body.epoch).not.toBe(epoch);
    await again.close();
  });

  it('prepare the demo once: the same keys, and nothing made again', async () => {
    await run('demo');
    const keys = await readFile(join(data, 'demo-keys.json'), 'utf8');
    await run('demo');
    expect(await readFile(join(data, 'demo-keys.json'), 'utf8')).toBe(keys);
    const server = await createServer({ data });
    const { bob } = JSON.parse(keys) as { bob: string };
    const { body } = await new Caller(server, '', bob).get('/');
    expect(body.items).toHaveLength(1);
    const files = await new Caller(server, '', bob).files(body.items[0]?.id ?? '');
    expect([...files.keys()]).toEqual([
      ...['README.md', 'analysis.ipynb', 'data', 'data/temperatures.csv']
    ]);
    await server.close();
  });

  it.each([
    [['serve', '--port', 'x']],
    [['serve', '--port', '70000']],
    [['serve', '--colour', 'red']],
    [['serve', '--part-size', '0']],
    [['user', 'add']],
    [['key', 'add', 'nobody']],
    [['key', 'add', 'carol', '--expires', 'soon']],
    [['dance']]
  ])('refuse %j in words, without a stack', async args => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 1,
      stderr: expect.not.stringMatching(/^\s+at /m)
    });
  });
});
