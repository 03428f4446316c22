import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { Device } from '../support/device';
import { RawProject } from '../support/raw-project';

const MIXED: Record<string, string | Uint8Array> = {
  'note.ipynb': '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n',
  'broken.ipynb': '{"cells": [',
  'empty.txt': '',
  'with spaces and %41 #1?&+;.txt': 'odd',
  'emoji 🎉/漢字.md': '# 漢',
  'deep/er/and/deeper.csv': 'a,b\r\n1,2\r\n',
  'bytes.bin': Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256)
};

let cloud: CloudServer;
let alice: Device;
let bob: Device;

beforeAll(async () => {
  cloud = await startCloud();
  alice = await Device.start(cloud.url);
  bob = await Device.start(cloud.url);
  await alice.projects.signIn(cloud.keys.alice);
  await bob.projects.signIn(cloud.keys.alice);
}, 180_000);

afterAll(async () => {
  await Promise.all([alice?.stop(), bob?.stop()]);
  await cloud?.stop();
});

/** A new project of alice's from a folder with these files. */
async function project(name: string, files: typeof MIXED): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await alice.write(`${name}/${path}`, content);
  }
  const report = await alice.projects.create(name);
  expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
  return report.projectId;
}

describe('a project of two devices', () => {
  it('should hold the same bytes on both, and move nothing more after a reload', async () => {
    const id = await project('mixed', MIXED);
    const opened = await bob.projects.open(id);
    expect(opened.state).toBe('synced');
    expect(await bob.files('Projects/mixed')).toEqual(await alice.files('mixed'));
    expect(Object.keys(await bob.files('Projects/mixed'))).toHaveLength(Object.keys(MIXED).length);

    // Of files written a moment ago the time stamp proves nothing: they would be hashed once more.
    await alice.age('mixed');
    await alice.projects.sync({ projectId: id });
    alice.reload();
    const report = await alice.projects.sync({ projectId: id });
    const listings = 1 + 4;
    expect(report).toMatchObject({
      state: 'synced',
      actions: [],
      bytesUp: 0,
      bytesDown: 0,
      requests: { cloud: 1, jupyter: listings }
    });
  });

  it('should carry edits, creations and deletions both ways', async () => {
    const id = await project('both', { a: '1', b: '2', c: '3', d: '4', e: '5' });
    await bob.projects.open(id);
    await alice.write('both/a', '1 alice');
    await alice.remove('both/b');
    await bob.write('Projects/both/c', '3 bob');
    await bob.write('Projects/both/new/f', '6 bob');
    await alice.projects.sync({ path: 'both/a' });
    await bob.projects.sync({ projectId: id });
    await alice.projects.sync({ projectId: id });
    const expected = { a: '1 alice', c: '3 bob', d: '4', e: '5', 'new/f': '6 bob' };
    expect(await alice.files('both')).toEqual(expected);
    expect(await bob.files('Projects/both')).toEqual(expected);
  });

  it('should leave out what the project’s own rules say, from the next sync on, and delete nothing for it', async () => {
    const id = await project('rules', { 'a.csv': '1', 'b.txt': '2' });
    await bob.projects.open(id);
    const raw = new RawProject(cloud.url, cloud.keys.alice, id);
    await raw.patch({ metadata: { sync: { ignore: ['*.csv'] } } });
    await alice.write('rules/new.csv', 'stays here');
    await alice.write('rules/b.txt', '2 alice');
    await alice.remove('rules/a.csv');
    const report = await alice.projects.sync({ projectId: id });
    expect(report).toMatchObject({ state: 'synced', problems: [], actions: [{ path: 'b.txt' }] });
    await bob.write('Projects/rules/bobs.csv', 'stays too');
    await bob.projects.sync({ projectId: id });
    expect(await alice.files('rules')).toEqual({ 'b.txt': '2 alice', 'new.csv': 'stays here' });
    expect(await bob.files('Projects/rules')).toEqual({
      'a.csv': '1',
      'b.txt': '2 alice',
      'bobs.csv': 'stays too'
    });
    expect([...(await raw.files()).keys()].sort()).toEqual(['a.csv', 'b.txt']);
    const { files } = await alice.projects.status({ projectId: id });
    expect(files).toContainEqual(expect.objectContaining({ path: 'new.csv', status: 'ignored' }));

    await raw.patch({ metadata: { sync: null } });
    expect((await alice.projects.sync({ projectId: id })).state).toBe('synced');
    expect(await alice.files('rules')).toEqual({
      'a.csv': '1',
      'b.txt': '2 alice',
      'new.csv': 'stays here'
    });
    expect([...(await raw.files()).keys()].sort()).toEqual(['a.csv', 'b.txt', 'new.csv']);
  });

  it('should keep both contents when both edited, and do what the person chooses', async () => {
    const id = await project('conflict', { 'n.txt': 'base' });
    await bob.projects.open(id);
    await alice.write('conflict/n.txt', 'alice');
    await bob.write('Projects/conflict/n.txt', 'bob');
    await alice.projects.sync({ projectId: id });
    const report = await bob.projects.sync({ projectId: id });
    expect(report).toMatchObject({ state: 'conflicts', conflicts: [{ path: 'n.txt' }] });
    await alice.projects.sync({ projectId: id });
    const both = await alice.files('conflict');
    expect(Object.values(both).sort()).toEqual(['alice', 'bob']);
    expect(both['n.txt']).toBe('alice');
    expect(await bob.files('Projects/conflict')).toEqual(both);
    expect(bob.projects.projects.find(each => each.id === id)).toMatchObject({
      status: 'conflicts',
      conflicts: 1
    });

    await bob.projects.resolveConflict(id, 'n.txt', 'keep-local');
    expect(await bob.files('Projects/conflict')).toEqual({ 'n.txt': 'bob' });
    await alice.projects.sync({ projectId: id });
    expect(await alice.files('conflict')).toEqual({ 'n.txt': 'bob' });
  });

  it('should adopt everything when the state is lost and the project is linked again', async () => {
    const id = await project('lost', MIXED);
    await alice.remove('Projects/_state');
    alice.reload();
    await expect(alice.projects.sync({ projectId: id })).rejects.toMatchObject({
      code: 'not-linked'
    });
    const report = await alice.projects.link(id, 'lost');
    expect(report).toMatchObject({
      state: 'synced',
      actions: [],
      conflicts: [],
      bytesUp: 0,
      bytesDown: 0
    });
  });

  it('should tell what a sync would do, and each file’s status, changing nothing', async () => {
    const id = await project('status', { a: '1', b: '2', 'c.log': '3' });
    await alice.write('status/a', '1 changed');
    await alice.write('status/new', 'new');
    const preview = await alice.projects.preview({ projectId: id });
    expect(preview).toMatchObject({ dryRun: true });
    expect(preview.actions.map(({ path, kind }) => [path, kind]).sort()).toEqual([
      ['a', 'update'],
      ['new', 'create']
    ]);
    const { files } = await alice.projects.status({ projectId: id });
    expect(files.map(({ path, status }) => [path, status])).toEqual([
      ['a', 'local-change'],
      ['b', 'synced'],
      ['c.log', 'synced'],
      ['new', 'local-change']
    ]);
    expect((await alice.projects.preview({ projectId: id })).actions).toHaveLength(2);
  });

  it('should follow a folder that is renamed in Jupyter', async () => {
    const id = await project('before', { a: '1' });
    await alice.jupyter.contents.rename('before', 'after');
    await alice.write('after/b', '2');
    const report = await alice.projects.sync({ projectId: id });
    expect(report.actions).toMatchObject([{ path: 'b', side: 'cloud' }]);
    expect(alice.projects.projectAt('after/b')?.id).toBe(id);
  });
});

describe('what can go wrong', () => {
  it('should say that a folder is a project already, or lies in one or holds one', async () => {
    await project('outer/inner', { a: '1' });
    for (const path of ['outer/inner', 'outer/inner/deeper', 'outer']) {
      await alice.write(`${path}/x`, 'x');
      await expect(alice.projects.create(path)).rejects.toMatchObject({ code: 'already-linked' });
    }
    await expect(alice.projects.create('nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await expect(alice.projects.create('Projects/_state')).rejects.toMatchObject({
      code: 'invalid-arguments'
    });
  });

  it('should refuse a wrong key, and keep the one that works', async () => {
    await expect(alice.projects.signIn('wrong')).rejects.toMatchObject({ code: 'signed-out' });
    await alice.projects.refresh();
    expect(alice.projects.account).toMatchObject({ name: 'alice' });
  });

  it('should report a signed-out sync, and go on after signing in', async () => {
    const id = await project('signed-out', { a: '1' });
    await alice.projects.signOut();
    await alice.write('signed-out/b', '2');
    expect(await alice.projects.sync({ projectId: id })).toMatchObject({
      state: 'failed',
      stopReason: 'signed-out',
      actions: []
    });
    expect(alice.projects.connection).toBe('signed-out');
    await alice.projects.signIn(cloud.keys.alice);
    expect((await alice.projects.sync({ projectId: id })).actions).toMatchObject([{ path: 'b' }]);
  });

  it('should tell a reader which of their changes can not go up, and lose none', async () => {
    const id = await project('read-only', { a: '1', b: '2' });
    const client = alice.projects;
    const shared = await fetch(`${cloud.url}/${id}/permissions`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${cloud.keys.alice}`,
        'Content-Type': 'application/json'
      },
      body: JSON.stringify({
        permissions: [
          { type: 'user_id', relation: 'reader', id: await idOf(cloud.keys.bob), action: 'add' }
        ]
      })
    });
    expect(shared.status).toBe(200);
    const reader = await Device.start(cloud.url);
    try {
      await reader.projects.signIn(cloud.keys.bob);
      await reader.projects.open(id, 'theirs');
      await reader.write('theirs/a', 'changed by the reader');
      const report = await reader.projects.sync({ projectId: id });
      expect(report).toMatchObject({
        state: 'partial',
        problems: [{ path: 'a', code: 'forbidden' }]
      });
      expect(await reader.files('theirs')).toEqual({ a: 'changed by the reader', b: '2' });
      expect(reader.projects.projects.find(each => each.id === id)?.role).toBe('reader');
      await alice.write('read-only/b', '2 changed');
      await client.sync({ projectId: id });
      await reader.projects.sync({ projectId: id });
      expect(await reader.files('theirs')).toEqual({
        a: 'changed by the reader',
        b: '2 changed'
      });
    } finally {
      await reader.stop();
    }
  });

  it('should delete nothing when the folder is gone', async () => {
    const id = await project('gone', { a: '1', b: '2' });
    await alice.remove('gone');
    expect(await alice.projects.sync({ projectId: id })).toMatchObject({
      state: 'stopped',
      stopReason: 'root-missing'
    });
    const back = await bob.projects.open(id);
    expect(back.actions).toHaveLength(2);
  });

  it('should keep no key outside the browser’s storage', async () => {
    await project('secrets', { a: '1' });
    const state = await alice.files('Projects/_state');
    expect(Object.keys(state)).toEqual(['lease.json', 'state-a.sqlite3', 'state-b.sqlite3']);
    for (const bytes of Object.values(state)) {
      expect(bytes).not.toContain(cloud.keys.alice);
    }
  });
});

async function idOf(key: string): Promise<string> {
  const answer = await fetch(new URL('/api/account', cloud.url), {
    headers: { Authorization: `Bearer ${key}` }
  });
  const { user } = (await answer.json()) as { user: { id: string } };
  return user.id;
}
