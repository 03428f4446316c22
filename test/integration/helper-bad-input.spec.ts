import { execFile } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  writeFile
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { jest } from '@jest/globals';

import type { HelperReplica } from '../../src/local/helper/replica';
import { hashOf } from '../../src/sync/content';
import type { Entry } from '../../src/sync/entry';
import type { Known, Operation, Outcome, Scan } from '../../src/sync/replica';
import { HelperPage } from '../support/helper-kernel';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';
import { lossySocket } from '../support/lossy-socket';

const { signal } = new AbortController();
const NOTHING: Known = { entries: new Map(), cursor: null };

let jupyter: JupyterServer;
let page: HelperPage;
let projects = 0;
let root: string;
let folder: string;
let replica: HelperReplica;

beforeAll(async () => {
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  jupyter = await startJupyter();
  page = new HelperPage(jupyter);
  await page.helper.start();
});

beforeEach(async () => {
  projects += 1;
  root = `projects/p${projects}`;
  folder = join(jupyter.root, root);
  await mkdir(folder, { recursive: true });
  replica = await page.replica(root);
});

afterAll(async () => {
  await page.helper.shutdown();
  await page.close();
  await jupyter.stop();
});

const scan = (known: Known = NOTHING, by = replica): Promise<Scan> =>
  by.scan(known, { signal, ignores: () => false });
const apply = (...operations: Operation[]): Promise<Outcome[]> =>
  replica.apply(operations, { signal });

async function put(path: string, text: string, expect: Entry | null = null): Promise<Operation> {
  const content = new TextEncoder().encode(text);
  return { op: 'put', path, content, sha256: await hashOf(content), expect };
}

async function temporaries(): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter(name => name.includes('.~jupyterlab'));
}

describe('a link', () => {
  beforeEach(async () => {
    await mkdir(join(jupyter.root, 'outside'), { recursive: true });
    await writeFile(join(jupyter.root, 'outside', 'secret.txt'), 'secret');
  });

  it('should be listed and not followed, so that nothing outside is read, written or removed', async () => {
    await mkdir(join(folder, 'inside'));
    await writeFile(join(folder, 'inside', 'secret.txt'), 'secret');
    const { entries } = await scan();
    const expected = entries.get('inside/secret.txt')!;
    await rm(join(folder, 'inside'), { recursive: true });
    await symlink(join(jupyter.root, 'outside'), join(folder, 'inside'));
    await symlink(join(jupyter.root, 'outside', 'secret.txt'), join(folder, 'file-link.txt'));

    const seen = await scan();
    expect([...seen.entries.keys()]).toEqual([]);
    expect([...seen.unknown].sort()).toEqual(['file-link.txt', 'inside']);
    expect(seen.problems.map(({ path }) => path).sort()).toEqual(['file-link.txt', 'inside']);

    const located = [{ path: 'inside/secret.txt', entry: expected }];
    const [read] = await replica.read(located, { signal });
    expect(read?.status).not.toBe('read');
    const outcomes = await apply(
      { op: 'delete', path: 'inside/secret.txt', expect: expected },
      await put('inside/new.txt', 'new'),
      await put('file-link.txt', 'new'),
      { op: 'mkdir', path: 'inside/made' },
      { op: 'move', from: 'inside/secret.txt', path: 'taken.txt', expect: expected }
    );
    expect(outcomes.map(({ status }) => status)).not.toContain('read');
    expect(await readdir(join(jupyter.root, 'outside'))).toEqual(['secret.txt']);
    expect(await readFile(join(jupyter.root, 'outside', 'secret.txt'), 'utf8')).toBe('secret');
    expect(await readdir(folder)).toEqual(['file-link.txt', 'inside']);
  });

  it('should not lead out while it takes the place of a directory again and again', async () => {
    await mkdir(join(folder, 'd'));
    let isSwapping = true;
    const [place, away] = [join(folder, 'd'), join(folder, 'away')];
    // A write may make a directory wherever none is.
    const insist = async (change: () => Promise<void>) => {
      while (await change().catch(() => true)) {
        await rm(place, { recursive: true, force: true, maxRetries: 50, retryDelay: 1 });
      }
    };
    const swap = async () => {
      while (isSwapping) {
        await rename(place, away);
        await insist(() => symlink(join(jupyter.root, 'outside'), place));
        await rm(place);
        await insist(() => rename(away, place));
      }
    };
    const swapping = swap();
    const statuses = new Set<string>();
    for (let count = 0; count < 60; count += 1) {
      const operations = await Promise.all(
        Array.from({ length: 10 }, (_, at) => put(`d/${count}-${at}.txt`, 'x'))
      );
      (await apply(...operations)).forEach(({ status }) => statuses.add(status));
    }
    isSwapping = false;
    await swapping;
    expect(await readdir(join(jupyter.root, 'outside'))).toEqual(['secret.txt']);
    expect(statuses).toContain('applied');
  });

  it('should be no root where it was a directory', async () => {
    await writeFile(join(folder, 'a.txt'), 'a');
    const known = await scan();
    await rename(folder, `${folder} moved`);
    await symlink(join(jupyter.root, 'outside'), folder);
    expect(await scan(known)).toMatchObject({ root: 'not-directory', cursor: known.cursor });
    expect(page.helper.covers(root)).toBe(true);
    await rm(folder);
  });

  it('should be no root: what was always behind it is left to the contents API', async () => {
    await rename(folder, `${folder} moved`);
    await symlink(join(jupyter.root, 'outside'), folder);
    expect(page.helper.covers(root)).toBe(true);
    await expect(scan()).rejects.toMatchObject({ reason: 'root-link' });
    expect(page.helper.covers(root)).toBe(false);
    expect(await page.helper.look(root)).toBe('link');
    await expect(apply(await put('b.txt', 'b'))).rejects.toMatchObject({ reason: 'root-link' });
    expect(await readdir(join(jupyter.root, 'outside'))).toEqual(['secret.txt']);
    await rm(folder);
  });

  it('should be no way to a root either', async () => {
    await mkdir(join(jupyter.root, 'outside', 'shared'));
    await symlink(join(jupyter.root, 'outside'), join(folder, 'way'));
    const by = await page.replica(`${root}/way/shared`);
    await expect(scan(NOTHING, by)).rejects.toMatchObject({ reason: 'root-link' });
    expect(page.helper.covers(`${root}/way/shared`)).toBe(false);
    expect(page.helper.covers(root)).toBe(true);
  });
});

describe('what is no file', () => {
  it('should be listed, and make nobody wait', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
    const server = createServer();
    await new Promise<void>(done => {
      server.listen(join(folder, 'socket'), () => done());
    });
    await writeFile(join(folder, 'file.txt'), 'file');
    const seen = await scan();
    expect([...seen.entries.keys()]).toEqual(['file.txt']);
    expect(seen.problems.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'pipe unreadable',
      'socket unreadable'
    ]);
    const entry = { ...seen.entries.get('file.txt')! };
    expect(await replica.read([{ path: 'pipe', entry }], { signal })).toEqual([
      { status: 'changed' }
    ]);
    const outcomes = await apply(await put('pipe', 'x'), await put('socket', 'x', entry), {
      op: 'delete',
      path: 'pipe',
      expect: entry
    });
    expect(outcomes.map(({ status }) => status)).toEqual(['changed', 'changed', 'changed']);
    expect((await lstat(join(folder, 'pipe'))).isFIFO()).toBe(true);
    server.close();
  });
});

describe('names', () => {
  it('should be a problem where they are no Unicode or hold a new line, and take nothing with them', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${folder}/bad `), Buffer.from([0xff, 0xfe])]), 'x');
    await mkdir(Buffer.concat([Buffer.from(`${folder}/dir `), Buffer.from([0xff])]));
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/dir `), Buffer.from([0xff]), Buffer.from('/in.txt')]),
      'x'
    );
    await writeFile(join(folder, 'two\nlines'), 'x');
    await writeFile(join(folder, 'good.txt'), 'good');
    const seen = await scan();
    expect([...seen.entries.keys()]).toEqual(['good.txt']);
    expect(seen.unknown.length).toBe(3);
    expect(new Set(seen.problems.map(({ code }) => code))).toEqual(new Set(['invalid-name']));
  });
});

describe('permissions', () => {
  it('should be a problem of the one directory or file', async () => {
    await mkdir(join(folder, 'closed'));
    await writeFile(join(folder, 'closed', 'a.txt'), 'a');
    await writeFile(join(folder, 'open.txt'), 'open');
    const known = await scan();
    await chmod(join(folder, 'closed'), 0);
    try {
      const seen = await scan(known);
      if (process.getuid?.() !== 0) {
        expect(seen.unknown).toEqual(['closed']);
        expect(seen.problems.map(({ code }) => code)).toEqual(['forbidden']);
      }
      expect([...seen.entries.keys()]).toContain('open.txt');
    } finally {
      await chmod(join(folder, 'closed'), 0o755);
    }
  });

  it('should be those of the file that is written over', async () => {
    await writeFile(join(folder, 'script.sh'), 'old');
    await chmod(join(folder, 'script.sh'), 0o750);
    const known = await scan();
    await apply(await put('script.sh', 'new', known.entries.get('script.sh')!));
    expect((await lstat(join(folder, 'script.sh'))).mode & 0o777).toBe(0o750);
    expect(await readFile(join(folder, 'script.sh'), 'utf8')).toBe('new');
  });
});

describe('a file that is being written', () => {
  it('should be unknown while it keeps changing, and block no other', async () => {
    const file = await open(join(folder, 'log.txt'), 'w');
    await file.write(Buffer.alloc(40_000_000));
    await writeFile(join(folder, 'quiet.txt'), 'quiet');
    let isWriting = true;
    const write = async () => {
      while (isWriting) {
        await file.write('more');
      }
    };
    const writing = write();
    const seen = await scan();
    isWriting = false;
    await writing;
    await file.close();
    expect([...seen.entries.keys()]).toEqual(['quiet.txt']);
    expect(seen.unknown).toEqual(['log.txt']);
    expect(seen.problems.map(({ code }) => code)).toEqual(['busy']);
    expect([...(await scan()).entries.keys()].sort()).toEqual(['log.txt', 'quiet.txt']);
  });
});

describe('messages', () => {
  it('should be lost or come twice, and everything be done once all the same', async () => {
    let count = 0;
    let isLosing = false;
    const socket = lossySocket(direction => {
      count += 1;
      if (isLosing && direction === 'received') {
        isLosing = false;
        return 0;
      }
      return count % 5 === 0 ? 0 : count % 3 === 0 ? 2 : 1;
    });
    const other = new HelperPage(jupyter, { socket, silence: 150 });
    expect(await other.helper.start()).toBe(true);
    const lossy = await other.replica(root);
    const puts = await Promise.all(
      Array.from({ length: 900 }, (_, at) => put(`d${at % 9}/${at}.txt`, `content ${at}`))
    );
    const outcomes = await lossy.apply(puts, { signal });
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']));
    const seen = await scan(NOTHING, lossy);
    expect(seen.entries.size).toBe(909);
    const wanted = [...seen.entries]
      .filter(([, { kind }]) => kind === 'file')
      .map(([path, entry]) => ({ path, entry }));
    const read = await lossy.read(wanted, { signal });
    expect(new Set(read.map(({ status }) => status))).toEqual(new Set(['read']));
    const moves = wanted.slice(0, 50).map(({ path, entry }): Operation => {
      return { op: 'move', from: path, path: `moved/${path}`, expect: entry };
    });
    // What was done and not heard is not done again: the second time it would be "changed".
    isLosing = true;
    const moved = await lossy.apply(moves, { signal });
    expect(new Set(moved.map(({ status }) => status))).toEqual(new Set(['applied']));
    await other.close();
  });

  it('should be missed where they were hints', async () => {
    let lose: (() => void) | null = null;
    const socket = lossySocket(direction => {
      const isLost = lose !== null && direction === 'received';
      if (isLost) {
        lose?.();
        lose = null;
      }
      return isLost ? 0 : 1;
    });
    const other = new HelperPage(jupyter, { socket });
    await other.helper.start();
    // Watched by this page alone: each gets the messages of all.
    await other.replica('projects');
    const lost = new Promise<void>(resolve => {
      lose = resolve;
    });
    await writeFile(join(jupyter.root, 'projects', 'lost.txt'), 'x');
    await lost;
    const missed = other.hint('projects/next.txt');
    await writeFile(join(jupyter.root, 'projects', 'next.txt'), 'x');
    expect(await missed).toBeNull();
    await other.close();
  });
});

describe('a kernel that is killed while it writes', () => {
  it('should leave whole files only, and what it began is cleared away', async () => {
    await Promise.all(
      Array.from({ length: 400 }, (_, at) => writeFile(join(folder, `${at}.txt`), `old ${at}`))
    );
    const { entries } = await scan();
    const puts = await Promise.all(
      Array.from({ length: 1600 }, (_, at) =>
        put(`${at}.txt`, `new ${at} `.repeat(2000), entries.get(`${at}.txt`) ?? null)
      )
    );
    const pid = await page.process();
    const applied = apply(...puts).catch((error: unknown) => error);
    while ((await temporaries()).length === 0) {
      // It has not begun yet.
    }
    process.kill(pid, 'SIGKILL');
    expect(await applied).toMatchObject({ name: 'HelperError' });
    let old = 0;
    for (const name of await readdir(folder)) {
      const at = /^(\d+)\.txt$/.exec(name)?.[1];
      if (at !== undefined) {
        const text = await readFile(join(folder, name), 'utf8');
        expect([`old ${at}`, `new ${at} `.repeat(2000)]).toContain(text);
        old += text.startsWith('old') ? 1 : 0;
      }
    }
    expect(old).toBeGreaterThan(0);
    await page.whenState('ready');
    const known = await scan();
    expect(await temporaries()).toEqual([]);
    // The same again, by what is there now, ends it.
    const again = puts.map((operation): Operation => {
      return operation.op === 'put'
        ? { ...operation, expect: known.entries.get(operation.path) ?? null }
        : operation;
    });
    const outcomes = await apply(...again);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']));
  });
});

describe('many files', () => {
  it('should be watched, scanned and read: 10,000 in 200 directories', async () => {
    for (let directory = 0; directory < 200; directory += 1) {
      await mkdir(join(folder, `d${directory}`));
      await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          writeFile(join(folder, `d${directory}`, `${at}.txt`), `${directory} ${at}`)
        )
      );
    }
    const seen = await scan();
    expect(seen.entries.size).toBe(10_200);
    expect(seen.problems).toEqual([]);
    const hint = page.hint(`${root}/d199/49.txt`);
    await writeFile(join(folder, 'd199', '49.txt'), 'changed');
    await hint;
    const again = await scan(seen);
    expect(again.entries.get('d199/49.txt')?.sha256).toBe(
      await hashOf(new TextEncoder().encode('changed'))
    );
  });
});
