import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PROJECT = resolve(import.meta.dirname, '../..');

interface Ready {
  readonly lab: { readonly url: string; readonly token: string; readonly root: string };
  readonly cloud: { readonly url: string; readonly keys: Record<'alice' | 'bob', string> };
}

interface Started {
  /** Of npm, and of the process group that it leads. */
  readonly pid: number;
  readonly ready: () => Promise<Ready>;
  /** The exit code. */
  readonly ended: Promise<number | null>;
  readonly output: () => Promise<string>;
}

describe('npm start', () => {
  let folder: string;
  let data: string;
  const started: Started[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'projects-start-'));
    data = join(folder, 'data');
  });

  afterEach(async () => {
    for (const { pid, ended } of started.splice(0)) {
      signal(-pid, 'SIGTERM');
      await ended;
      await allEnded(pid);
    }
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function start(...args: string[]): Promise<Started> {
    const name = join(folder, `start-${performance.now()}`);
    const [log, readyFile] = [`${name}.log`, `${name}.json`];
    const file = await open(log, 'a');
    const child = spawn(
      'npm',
      [
        'start',
        '--silent',
        '--',
        '--no-browser',
        '--data',
        data,
        '--ready-file',
        readyFile,
        ...args
      ],
      { cwd: PROJECT, stdio: ['ignore', file.fd, file.fd], detached: true }
    );
    await file.close();
    let running = true;
    const ended = new Promise<number | null>((done, failed) => {
      child.once('error', failed);
      child.once('exit', code => {
        running = false;
        done(code);
      });
    });
    const output = () => readFile(log, 'utf8');
    const ready = async (): Promise<Ready> => {
      while (!existsSync(readyFile)) {
        if (!running) {
          throw new Error(`It ended before it was ready:\n${await output()}`);
        }
        await delay(50);
      }
      expect((await stat(readyFile)).mode & 0o077).toBe(0);
      return JSON.parse(await readFile(readyFile, 'utf8')) as Ready;
    };
    const result = { pid: child.pid ?? 0, ready, ended, output };
    started.push(result);
    return result;
  }

  const anyPorts = ['--port', '0', '--cloud-port', '0'];

  it('brings up JupyterLab and a cloud that answer, under a base URL and on a root of its own', async () => {
    const root = join(folder, 'root');
    await mkdir(root);
    await writeFile(join(root, 'hello.txt'), 'hello');
    const { lab, cloud } = await (
      await start(...anyPorts, '--root', root, '--base-url', 'user/me')
    ).ready();
    expect(lab.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/user\/me\/$/);
    expect(lab.root).toBe(root);
    expect(cloud.url).toMatch(/\/api\/projects$/);
    const authorization = { Authorization: `token ${lab.token}` };
    const contents = await fetch(`${lab.url}api/contents/hello.txt`, { headers: authorization });
    expect(await contents.json()).toMatchObject({ content: 'hello' });
    const settings = await fetch(`${lab.url}lab/api/settings/jupyterlab-projects:plugin`, {
      headers: authorization
    });
    expect(await settings.json()).toMatchObject({
      schema: { properties: { cloudUrl: { default: cloud.url } } }
    });
    for (const key of Object.values(cloud.keys)) {
      const projects = await fetch(`${cloud.url}/`, {
        headers: { Authorization: `Bearer ${key}` }
      });
      expect(await projects.json()).toMatchObject({ items: [{ title: 'Sample project' }] });
    }
  });

  it('has the same keys the next time, readable by their owner alone, and new ones after --fresh', async () => {
    const first = await start(...anyPorts);
    const { cloud, lab } = await first.ready();
    expect(lab.root).toBe(join(data, 'files'));
    expect((await stat(join(data, 'cloud/demo-keys.json'))).mode & 0o077).toBe(0);
    signal(-first.pid, 'SIGINT');
    await allEnded(first.pid);

    const second = await start(...anyPorts);
    expect((await second.ready()).cloud.keys).toEqual(cloud.keys);
    signal(-second.pid, 'SIGINT');
    await allEnded(second.pid);

    const fresh = await (await start(...anyPorts, '--fresh')).ready();
    expect(fresh.cloud.keys.alice).not.toBe(cloud.keys.alice);
  });

  it.each([
    ['Ctrl-C, which every process of the group gets', -1, 'SIGINT'],
    ['a SIGINT that only npm gets', 1, 'SIGINT'],
    ['a SIGTERM that only npm gets', 1, 'SIGTERM'],
    ['a hang-up', -1, 'SIGHUP'],
    ['a SIGKILL of npm', 1, 'SIGKILL']
  ] as const)('leaves nothing running after %s', async (_, whom, name) => {
    const { pid, ready, ended } = await start(...anyPorts);
    const { lab, cloud } = await ready();
    expect((await runningOf(pid)).length).toBeGreaterThanOrEqual(3);
    signal(whom * pid, name);
    await ended;
    await allEnded(pid);
    await expect(fetch(lab.url)).rejects.toThrow();
    await expect(fetch(cloud.url)).rejects.toThrow();
  });

  it.each(['--port', '--cloud-port'])('says so when the port of %s is in use', async option => {
    const server = createServer();
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    try {
      const { pid, ended, output } = await start(...anyPorts, option, String(port));
      expect(await ended).toBe(1);
      expect(await output()).toContain(`Port ${port} is in use`);
      expect(await output()).toContain(`${option} N`);
      expect(await runningOf(pid)).toEqual([]);
    } finally {
      server.close();
    }
  });

  it('says so when the demo runs already on the same data', async () => {
    await (await start(...anyPorts)).ready();
    const { ended, output } = await start(...anyPorts);
    expect(await ended).toBe(1);
    expect(await output()).toContain('runs already');
    expect(await output()).toContain('--data');
  });

  it('refuses an option that it does not know', async () => {
    const { ended, output } = await start('--prot', '1');
    expect(await ended).toBe(2);
    expect(await output()).toContain('--prot');
    expect(await output()).toContain('--port N');
  });
});

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

/** npm itself may end before what it started has. */
async function allEnded(session: number): Promise<void> {
  const limit = Date.now() + 15_000;
  while ((await runningOf(session)).length > 0 && Date.now() < limit) {
    await delay(50);
  }
  expect(await runningOf(session)).toEqual([]);
}

/** The command lines of the running processes of a session. */
async function runningOf(session: number): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    try {
      const fields =
        (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').pop()?.split(' ') ?? [];
      if (Number(fields[3]) === session && fields[0] !== 'Z') {
        found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8'));
      }
    } catch (error) {
      // It ended while it was looked at.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) {
        throw error;
      }
    }
  }
  return found;
}
