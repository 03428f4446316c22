import { mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { ContentsManager, Drive, ServerConnection } from '@jupyterlab/services';

import { ContentsReplica } from '../../src/local/contents-replica';
import { ReplicaError } from '../../src/sync/problem';
import { hashOf } from '../../src/sync/content';
import type { Content } from '../../src/sync/content';
import type { Entry } from '../../src/sync/entry';
import type { Known, Operation, Outcome, Scan } from '../../src/sync/replica';
import { Folder } from '../support/folder';
import { heedingPermissions, startJupyter } from '../support/jupyter-server';
import type { JupyterOptions, JupyterServer } from '../support/jupyter-server';

const NOTHING: Known = { entries: new Map(), cursor: null };
const MEGABYTE = 1024 * 1024;

let jupyter: JupyterServer;
let projects = 0;

/** One project on the server, watched: what it asks, and how. */
class Project {
  constructor(settings: ServerConnection.ISettings, root: string, path: string) {
    this.folder = new Folder(path);
    this.settings = {
      ...settings,
      fetch: async (input, init) => {
        const request = input instanceof Request ? input : new Request(input, init);
        this.requests.push({
          method: request.method,
          cache: request.cache,
          path: new URL(request.url).pathname.slice(new URL(settings.baseUrl).pathname.length)
        });
        return settings.fetch(request);
      }
    };
    this.contents = new ContentsManager({ serverSettings: this.settings });
    this.replica = new ContentsReplica({
      contents: this.contents,
      serverSettings: this.settings,
      root,
      onRequest: () => {
        this.counted += 1;
      }
    });
  }

  readonly folder: Folder;
  readonly settings: ServerConnection.ISettings;
  readonly contents: ContentsManager;
  readonly replica: ContentsReplica;
  readonly requests: { method: string; cache: string; path: string }[] = [];
  counted = 0;

  scan(known: Known = NOTHING): Promise<Scan> {
    return this.replica.scan(known, {
      signal: new AbortController().signal,
      ignores: () => false
    });
  }

  async entry(path: string): Promise<Entry> {
    const entry = (await this.scan()).entries.get(path);
    if (!entry) {
      throw new Error(`the scan does not show ${path}`);
    }
    return entry;
  }

  async apply(...operations: Operation[]): Promise<Outcome[]> {
    return this.replica.apply(operations, { signal: new AbortController().signal });
  }
}

async function project(server = jupyter): Promise<Project> {
  projects += 1;
  const root = `project ${projects}`;
  await mkdir(join(server.root, root));
  return new Project(server.settings, root, join(server.root, root));
}

async function put(path: string, text: string | Content, expect: Entry | null): Promise<Operation> {
  const content = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { op: 'put', path, content, sha256: await hashOf(content), expect };
}

const started: JupyterServer[] = [];

async function start(options?: JupyterOptions): Promise<JupyterServer> {
  const server = await startJupyter(options);
  started.push(server);
  return server;
}

beforeAll(async () => {
  // JupyterLab's client tells the console of every 404 and every traceback.
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jupyter = await start();
});

afterAll(async () => {
  await Promise.all(started.map(server => server.stop()));
});

describe('a scan through the contents API', () => {
  it('should ask for the listings alone when nothing changed', async () => {
    const made = await project();
    await made.folder.write('a/b/c.txt', 'c');
    await made.folder.write('d.ipynb', '{}');
    await made.folder.mkdir('empty');
    await made.folder.age();
    const first = await made.scan();
    const before = made.requests.length;
    const second = await made.scan(first);
    const asked = made.requests.slice(before).map(({ path }) => path);
    expect(asked.sort()).toEqual(
      ['', '/a', '/a/b', '/empty'].map(path => `api/contents/project%20${projects}${path}`)
    );
    for (const [path, entry] of first.entries) {
      expect(second.entries.get(path)).toBe(entry);
    }
  });

  it('should count each request', async () => {
    const made = await project();
    await made.folder.write('a/b.txt', 'b');
    const [outcome] = await made.apply(await put('x/y.txt', 'y', null));
    expect(outcome?.status).toBe('applied');
    await made.scan();
    expect(made.counted).toBe(made.requests.length);
  });

  it('should look once more at a file whose time stamp is too close to the look', async () => {
    const made = await project();
    await made.folder.write('a.txt', 'one');
    const first = await made.scan();
    // The same size and the same time stamp: an edit that only the content shows.
    await made.folder.write('a.txt', 'two');
    const stamp = new Date(first.entries.get('a.txt')?.version ?? '');
    await utimes(join(made.folder.path, 'a.txt'), stamp, stamp);
    const second = await made.scan(first);
    expect(second.entries.get('a.txt')?.sha256).toBe(await hashOf(new TextEncoder().encode('two')));
  });

  it('should not look again at a file that had rested when it was seen', async () => {
    const made = await project();
    await made.folder.write('a.txt', 'one');
    await made.folder.age();
    const first = await made.scan();
    const before = made.requests.length;
    await made.scan(first);
    expect(made.requests.length - before).toBe(1);
  });

  it('should not show what Jupyter hides, nor call it absent by mistake', async () => {
    const made = await project();
    const hidden = ['.env', '.git/config', '__pycache__/a.txt', 'old.pyc', 'backup~'];
    for (const path of [...hidden, 'seen.txt']) {
      await made.folder.write(path, path);
    }
    const { entries } = await made.scan();
    expect([...entries.keys()]).toEqual(['seen.txt']);
    for (const path of hidden) {
      expect(made.replica.refuses(path, 'file')).toMatchObject({ path, code: 'not-visible' });
    }
  });

  it('should end where links lead to a folder above, and say so', async () => {
    const made = await project();
    await made.folder.write('a/b/file.txt', 'file');
    await symlink('..', join(made.folder.path, 'a/b/up'));
    await symlink('.', join(made.folder.path, 'self'));
    const scan = await made.scan();
    expect([...scan.entries.keys()].sort()).toEqual(['a', 'a/b', 'a/b/file.txt']);
    expect([...scan.unknown].sort()).toEqual(['a/b/up', 'self']);
    expect(scan.problems.map(({ code }) => code)).toEqual(['unreadable', 'unreadable']);
  });

  it('should keep folders of one name within each other apart from a loop', async () => {
    const made = await project();
    await made.folder.write('x/x/x/x/x/x/x/file.txt', 'deep');
    const scan = await made.scan();
    expect(scan.entries.has('x/x/x/x/x/x/x/file.txt')).toBe(true);
    expect(scan.unknown).toEqual([]);
  });

  it('should see an edit behind a link to a file', async () => {
    const made = await project();
    const target = new Folder(join(jupyter.root, 'elsewhere'));
    await target.write('target.txt', 'first content');
    await symlink(join(target.path, 'target.txt'), join(made.folder.path, 'link.txt'));
    const first = await made.scan();
    await target.write('target.txt', 'other content');
    const second = await made.scan(first);
    expect(second.entries.get('link.txt')?.sha256).toBe(
      await hashOf(new TextEncoder().encode('other content'))
    );
  });

  it('should say of a link to a file what it is, when its content is asked for', async () => {
    const made = await project();
    const target = new Folder(join(jupyter.root, 'elsewhere'));
    await target.write('linked.txt', 'of another size than the link');
    await symlink(join(target.path, 'linked.txt'), join(made.folder.path, 'link.txt'));
    const entry = await made.entry('link.txt');
    const { signal } = new AbortController();
    expect(await made.replica.read([{ path: 'link.txt', entry }], { signal })).toEqual([
      {
        status: 'failed',
        problem: {
          path: 'link.txt',
          code: 'unreadable',
          message: expect.stringContaining('symbolic link')
        }
      }
    ]);
  });

  it('should not take a file that grows for a link', async () => {
    const made = await project();
    await made.folder.write('a.txt', 'one');
    const entry = await made.entry('a.txt');
    await made.folder.write('a.txt', 'one and two');
    const sha256 = await hashOf(new TextEncoder().encode('one and two'));
    const { signal } = new AbortController();
    // As when it grew between the server's look at its size and at its content.
    const seen = { ...entry, sha256 };
    expect(await made.replica.read([{ path: 'a.txt', entry: seen }], { signal })).toEqual([
      { status: 'changed' }
    ]);
  });

  it('should list what it can not read as unknown, and everything else', async () => {
    const made = await project();
    await made.folder.write('fine.txt', 'fine');
    await symlink('nowhere', join(made.folder.path, 'broken link'));
    const scan = await made.scan();
    expect([...scan.entries.keys()]).toEqual(['fine.txt']);
    expect(scan.unknown).toEqual(['broken link']);
    expect(scan.problems).toMatchObject([{ path: 'broken link', code: 'unreadable' }]);
  });

  it('should list names that no project can hold as problems', async () => {
    const made = await project();
    const deep = Array.from({ length: 5 }, () => 'd'.repeat(250)).join('/');
    await made.folder.write('tab\there.txt', 'tab');
    await made.folder.write('fine.txt', 'fine');
    await mkdir(join(made.folder.path, ...deep.split('/')), { recursive: true });
    const scan = await made.scan();
    expect(scan.problems.map(({ code }) => code)).toEqual(['invalid-name', 'invalid-name']);
    expect([...scan.unknown].sort()).toEqual([deep, 'tab\there.txt']);
    expect(scan.entries.has('fine.txt')).toBe(true);
  });

  it('should tell that the root was replaced where it is a file', async () => {
    const made = await project();
    await made.folder.removeAll();
    await new Folder(jupyter.root).write(`project ${projects}`, 'a file');
    expect((await made.scan()).root).toBe('not-directory');
  });

  it('should take names with a colon for names, unless a drive has that name', async () => {
    await new Folder(jupyter.root).write('lab:book.txt', 'a plain name');
    const contents = new ContentsManager({ serverSettings: jupyter.settings });
    const replica = new ContentsReplica({ contents, serverSettings: jupyter.settings, root: '' });
    const options = {
      signal: new AbortController().signal,
      ignores: (path: string) => !path.startsWith('lab:')
    };
    expect([...(await replica.scan(NOTHING, options)).entries.keys()]).toEqual(['lab:book.txt']);
    contents.addDrive(new Drive({ name: 'lab', serverSettings: jupyter.settings }));
    const scan = await replica.scan(NOTHING, options);
    expect(scan.unknown).toEqual(['lab:book.txt']);
    expect(replica.refuses('lab:book.txt', 'file')).toMatchObject({ code: 'invalid-name' });
  });

  it('should ask again when a listing fails because a child went meanwhile', async () => {
    const made = await project();
    await made.folder.write('d/a.txt', 'a');
    const get = made.contents.get.bind(made.contents);
    const seen = new Set<string>();
    made.contents.get = async (path, options) => {
      if (options?.content && !seen.has(path)) {
        seen.add(path);
        throw new ServerConnection.ResponseError(new Response(null, { status: 404 }), 'gone');
      }
      return get(path, options);
    };
    const scan = await made.scan();
    expect(scan.root).toBe('present');
    expect([...scan.entries.keys()].sort()).toEqual(['d', 'd/a.txt']);
  });

  it('should never take a listing that keeps failing for a missing root or an empty folder', async () => {
    const made = await project();
    await made.folder.write('d/a.txt', 'a');
    const get = made.contents.get.bind(made.contents);
    let failing = `project ${projects}/d`;
    made.contents.get = async (path, options) => {
      if (options?.content && path === failing) {
        throw new ServerConnection.ResponseError(new Response(null, { status: 404 }), 'gone');
      }
      return get(path, options);
    };
    expect((await made.scan()).unknown).toEqual(['d']);
    failing = `project ${projects}`;
    await expect(made.scan()).rejects.toMatchObject({ name: 'ReplicaError', code: 'failed' });
  });

  it('should learn from a listing what is absent where errors have no status', async () => {
    const made = await project();
    await made.folder.write('a.txt', 'a');
    const get = made.contents.get.bind(made.contents);
    made.contents.get = (path, options) =>
      get(path, options).catch((error: unknown) => {
        throw new Error(`nothing to be found: ${String(error)}`);
      });
    const [created] = await made.apply(await put('new.txt', 'new', null));
    expect(created?.status).toBe('applied');
    await made.folder.removeAll();
    expect((await made.scan()).root).toBe('missing');
  });

  it('should say that access is refused, not that files are gone, with a wrong token', async () => {
    const settings = { ...jupyter.settings, token: 'wrong' };
    const made = new Project(settings, 'project 1', join(jupyter.root, 'project 1'));
    await expect(made.scan()).rejects.toMatchObject({ name: 'ReplicaError', code: 'forbidden' });
  });
});

describe('reading through the contents API', () => {
  it('should never take an answer out of a cache', async () => {
    const made = await project();
    await made.folder.write('a.txt', 'a');
    const entry = await made.entry('a.txt');
    await made.replica.read([{ path: 'a.txt', entry }], { signal: new AbortController().signal });
    expect(made.requests.map(({ path }) => path)).toContain(`files/project%20${projects}/a.txt`);
    expect(made.requests.filter(({ cache }) => cache !== 'no-store')).toEqual([]);
  });

  it('should cost one request for a file', async () => {
    const made = await project();
    await made.folder.write('a.txt', 'a');
    const entry = await made.entry('a.txt');
    const before = made.requests.length;
    await made.replica.read([{ path: 'a.txt', entry }], { signal: new AbortController().signal });
    expect(made.requests.length - before).toBe(1);
  });

  it('should go by the contents API where raw files are not served or are not the truth', async () => {
    const made = await project();
    await made.folder.write('a.txt', 'the truth');
    const entry = await made.entry('a.txt');
    await new Folder(jupyter.root).write('other.txt', 'another');
    for (const url of [`${jupyter.url}files/other.txt`, `${jupyter.url}no-such-thing`, 'data:,x']) {
      made.contents.getDownloadUrl = () => Promise.resolve(url);
      const [result] = await made.replica.read([{ path: 'a.txt', entry }], {
        signal: new AbortController().signal
      });
      expect(result).toMatchObject({
        status: 'read',
        content: new TextEncoder().encode('the truth')
      });
    }
  });

  it('should give large content as a Blob, and tell its progress', async () => {
    const made = await project();
    const bytes = new Uint8Array(20 * MEGABYTE).map((_, index) => index % 251);
    await made.folder.write('large.bin', bytes);
    const entry = await made.entry('large.bin');
    const steps: number[] = [];
    const [result] = await made.replica.read([{ path: 'large.bin', entry }], {
      signal: new AbortController().signal,
      onBytes: moved => steps.push(moved)
    });
    if (result?.status !== 'read' || !(result.content instanceof Blob)) {
      throw new Error('no Blob was read');
    }
    expect(await hashOf(result.content)).toBe(await hashOf(bytes));
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.reduce((sum, moved) => sum + moved, 0)).toBe(20 * MEGABYTE);
  });
});

describe('writing through the contents API', () => {
  it('should keep a notebook byte for byte, however it is laid out', async () => {
    const made = await project();
    const texts = {
      'odd.ipynb': '{"nbformat":4,"nbformat_minor":5,\t"metadata":{},"cells":[]}',
      'broken.ipynb': '{"cells": [',
      'crlf.ipynb': '{}\r\n'
    };
    const operations: Operation[] = [];
    for (const [path, text] of Object.entries(texts)) {
      operations.push(await put(path, text, null));
    }
    await made.apply(...operations);
    expect(await made.folder.texts()).toEqual(texts);
  });

  it('should write large content in chunks, of which none is doubled', async () => {
    const made = await project();
    const bytes = new Uint8Array(20 * MEGABYTE).map((_, index) => index % 241);
    const steps: number[] = [];
    const [outcome] = await made.replica.apply([await put('large.bin', bytes, null)], {
      signal: new AbortController().signal,
      onBytes: moved => steps.push(moved)
    });
    expect(outcome).toMatchObject({ status: 'applied', entry: { size: 20 * MEGABYTE } });
    expect(steps).toEqual([8, 8, 4].map(count => count * MEGABYTE));
    expect(await hashOf((await made.folder.files()).get('large.bin') ?? new Uint8Array())).toBe(
      await hashOf(bytes)
    );
  });

  it('should begin anew with the first chunk when one fails', async () => {
    const made = await project();
    const bytes = new Uint8Array(20 * MEGABYTE).map((_, index) => index % 239);
    const save = made.contents.save.bind(made.contents);
    const chunks: unknown[] = [];
    made.contents.save = async (path, options) => {
      const model = await save(path, options);
      const chunk: unknown = options?.chunk;
      chunks.push(chunk);
      if (chunks.length === 2) {
        throw new ServerConnection.ResponseError(new Response(null, { status: 500 }), 'lost');
      }
      return model;
    };
    const [outcome] = await made.apply(await put('large.bin', bytes, null));
    expect(outcome?.status).toBe('applied');
    expect(chunks).toEqual([1, 2, 1, 2, -1]);
    expect(await hashOf((await made.folder.files()).get('large.bin') ?? new Uint8Array())).toBe(
      await hashOf(bytes)
    );
  });

  it('should tell an edit that came right after the write from success', async () => {
    const made = await project();
    const save = made.contents.save.bind(made.contents);
    made.contents.save = async (path, options) => {
      const model = await save(path, options);
      await made.folder.write('a.txt', 'a person was faster');
      return model;
    };
    const [outcome] = await made.apply(await put('a.txt', 'mine', null));
    expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'busy' } });
    expect(await made.folder.texts()).toEqual({ 'a.txt': 'a person was faster' });
  });

  it('should take a write whose answer was an error for done when it is done', async () => {
    const made = await project();
    const save = made.contents.save.bind(made.contents);
    made.contents.save = async (path, options) => {
      await save(path, options);
      throw new ServerConnection.ResponseError(new Response(null, { status: 500 }), 'lost');
    };
    const [outcome] = await made.apply(await put('a.txt', 'mine', null));
    expect(outcome).toMatchObject({ status: 'applied', entry: { size: 4 } });
  });

  it('should keep a folder that holds only what Jupyter hides', async () => {
    const server = await start({ args: ['--FileContentsManager.delete_to_trash=False'] });
    const made = await project(server);
    await made.folder.write('d/.env', 'hidden');
    const [outcome] = await made.apply({
      op: 'delete',
      path: 'd',
      expect: await made.entry('d')
    });
    expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'not-empty' } });
    expect(await made.folder.texts()).toEqual({ 'd/.env': 'hidden' });
  });

  it('should not delete what is protected where there is no trash either', async () => {
    const server = await start({
      args: ['--FileContentsManager.delete_to_trash=False'],
      wrapper: heedingPermissions()
    });
    const made = await project(server);
    await made.folder.write('a.txt', 'a');
    await made.folder.mkdir('d');
    const expected = { file: await made.entry('a.txt'), directory: await made.entry('d') };
    await made.folder.protect('a.txt');
    await made.folder.protect('d');
    const outcomes = await made.apply(
      { op: 'delete', path: 'a.txt', expect: expected.file },
      { op: 'delete', path: 'd', expect: expected.directory }
    );
    expect(outcomes).toMatchObject([
      { status: 'failed', problem: { path: 'a.txt', code: 'forbidden' } },
      { status: 'failed', problem: { path: 'd', code: 'forbidden' } }
    ]);
    expect([...(await made.scan()).entries.keys()].sort()).toEqual(['a.txt', 'd']);
  });

  it('should tell one file without permission from the end of the session', async () => {
    const made = await project();
    const save = made.contents.save.bind(made.contents);
    const denied = () =>
      Promise.reject(
        new ServerConnection.ResponseError(new Response(null, { status: 403 }), 'Forbidden')
      );
    made.contents.save = (path, options) =>
      path.endsWith('locked.txt') ? denied() : save(path, options);
    const outcomes = await made.apply(
      await put('locked.txt', 'a', null),
      await put('open.txt', 'b', null)
    );
    expect(outcomes).toMatchObject([
      { status: 'failed', problem: { code: 'forbidden' } },
      { status: 'applied' }
    ]);
    made.contents.save = denied;
    made.contents.get = denied;
    await expect(made.apply({ op: 'mkdir', path: 'd' })).rejects.toMatchObject({
      code: 'forbidden'
    });
  });
});

describe('a server that fails', () => {
  it('should keep the old content, and no part of a new file, when it may not write so much', async () => {
    const limit = ['sh', '-c', 'ulimit -f 20000; exec "$@"', 'sh'];
    const server = await start({ wrapper: limit });
    const made = await project(server);
    await made.folder.write('old.bin', 'the old content');
    const bytes = new Uint8Array(30 * MEGABYTE).fill(7);
    const outcomes = [
      ...(await made.apply(await put('new.bin', bytes, null))),
      ...(await made.apply(await put('small.txt', 'fine', null)))
    ];
    expect(outcomes).toMatchObject([
      { status: 'failed', problem: { path: 'new.bin', code: 'too-large' } },
      { status: 'applied' }
    ]);
    expect(await made.folder.texts()).toEqual({
      'old.bin': 'the old content',
      'small.txt': 'fine'
    });
  });

  it('should tell of a part of a new file that it could not take away again', async () => {
    const made = await project();
    const bytes = new Uint8Array(20 * MEGABYTE).fill(5);
    const save = made.contents.save.bind(made.contents);
    const full = (words: string) =>
      Promise.reject(
        new ServerConnection.ResponseError(
          new Response(null, { status: 500 }),
          `${words} [Errno 28] No space left on device`
        )
      );
    made.contents.save = (path, options) =>
      options?.chunk === 2
        ? full('Unexpected error while saving file: a.txt')
        : save(path, options);
    made.contents.delete = () => full('send2trash failed:');
    const [outcome] = await made.apply(await put('new.bin', bytes, null));
    expect(outcome).toMatchObject({
      status: 'failed',
      problem: { code: 'disk-full', message: expect.stringContaining('incomplete') }
    });
    const left = (await made.folder.files()).get('new.bin');
    expect(left?.byteLength).toBe(8 * MEGABYTE);
  });

  it('should take nothing away that is not the start of what it wrote', async () => {
    const made = await project();
    made.contents.save = async () => {
      await made.folder.write('a.txt', 'of a person');
      throw new ServerConnection.ResponseError(new Response(null, { status: 500 }), 'lost');
    };
    const [outcome] = await made.apply(await put('a.txt', 'a long text of the cloud', null));
    expect(outcome?.status).toBe('failed');
    expect(await made.folder.texts()).toEqual({ 'a.txt': 'of a person' });
  });

  it('should report a full disk as such', async () => {
    const made = await project();
    await made.folder.write('old.txt', 'old');
    const before = await made.entry('old.txt');
    made.contents.save = () =>
      Promise.reject(
        new ServerConnection.ResponseError(
          new Response(null, { status: 500 }),
          "Unexpected error while saving file: a.txt [Errno 28] No space left on device: 'a.txt'"
        )
      );
    const outcomes = await made.apply(
      await put('new.txt', 'new', null),
      await put('old.txt', 'newer', before)
    );
    expect(outcomes).toMatchObject([
      { status: 'failed', problem: { path: 'new.txt', code: 'disk-full' } },
      { status: 'failed', problem: { path: 'old.txt', code: 'disk-full' } }
    ]);
    expect(await made.folder.texts()).toEqual({ 'old.txt': 'old' });
  });

  it('should say offline when it is killed in mid-write, and mend the file when it is back', async () => {
    const server = await start();
    const made = await project(server);
    const bytes = new Uint8Array(20 * MEGABYTE).fill(9);
    await made.folder.write('a.bin', 'before');
    const before = await made.entry('a.bin');
    const killed: Promise<void>[] = [];
    const writing = made.replica.apply([await put('a.bin', bytes, before)], {
      signal: new AbortController().signal,
      onBytes: () => {
        killed.push(server.kill());
      }
    });
    await expect(writing).rejects.toMatchObject({ name: 'ReplicaError', code: 'offline' });
    await Promise.all(killed);
    await expect(made.scan()).rejects.toThrow(ReplicaError);

    const again = await start({ root: server.root });
    const back = new Project(again.settings, `project ${projects}`, made.folder.path);
    const half = await back.entry('a.bin');
    expect(half.size).toBeLessThan(bytes.byteLength);
    expect(await back.apply(await put('a.bin', bytes, before))).toEqual([{ status: 'changed' }]);
    const [outcome] = await back.apply(await put('a.bin', bytes, half));
    expect(outcome).toMatchObject({ status: 'applied', entry: { size: bytes.byteLength } });
  });
});
