import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { Device } from '../support/device';

let cloud: CloudServer;
let alice: Device;
let bob: Device;

beforeAll(async () => {
  cloud = await startCloud();
  alice = await Device.start(cloud.url);
  bob = await Device.start(cloud.url);
  await alice.projects.signIn(cloud.keys.alice);
  await bob.projects.signIn(cloud.keys.bob);
}, 180_000);

afterAll(async () => {
  await Promise.all([alice?.stop(), bob?.stop()]);
  await cloud?.stop();
});

/** A new project of alice's from a folder with these files. */
async function project(name: string, files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await alice.write(`${name}/${path}`, content);
  }
  const report = await alice.projects.create(name);
  expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
  return report.projectId;
}

/** Alice's file with each of the contents in turn, synced. */
async function write(id: string, path: string, ...contents: string[]): Promise<void> {
  for (const content of contents) {
    await alice.write(path, content);
    expect(await alice.projects.sync({ projectId: id })).toMatchObject({ state: 'synced' });
  }
}

function six(): Record<string, string> {
  return Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map(name => [name, name]));
}

describe('the versions of a file', () => {
  it('should be told newest first, and one be brought back on every device', async () => {
    const id = await project('versions', { 'n.txt': 'one' });
    await write(id, 'versions/n.txt', 'the second');
    const versions = await alice.projects.history(id, 'n.txt');
    expect(versions).toMatchObject([
      { path: 'n.txt', size: 10, author: { name: 'alice' } },
      { path: 'n.txt', size: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }
    ]);
    expect(JSON.parse(JSON.stringify(versions))).toEqual(versions);

    await alice.write('versions/n.txt', 'not synced yet');
    const report = await alice.projects.restoreVersion(id, 'n.txt', versions[1]!.versionId);
    expect(report).toMatchObject({ state: 'synced', conflicts: [], problems: [] });
    expect(await alice.files('versions')).toEqual({ 'n.txt': 'one' });
    const now = await alice.projects.history(id, 'n.txt');
    expect(now.map(({ size }) => size).sort()).toEqual([10, 14, 3]);
    expect((await alice.projects.sync({ projectId: id })).actions).toEqual([]);
  });

  it('should bring back a file that was deleted, and refuse what is no version of it', async () => {
    const id = await project('deleted', { 'n.txt': 'kept', other: 'x' });
    await alice.remove('deleted/n.txt');
    await alice.projects.sync({ projectId: id });
    const [version] = await alice.projects.history(id, 'n.txt');
    const [others] = await alice.projects.history(id, 'other');
    await expect(
      alice.projects.restoreVersion(id, 'n.txt', others!.versionId)
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(alice.projects.history(id, '../n.txt')).rejects.toMatchObject({
      code: 'invalid-arguments'
    });
    await alice.projects.restoreVersion(id, 'n.txt', version!.versionId);
    expect(await alice.files('deleted')).toEqual({ 'n.txt': 'kept', other: 'x' });
  });

  it('should be kept apart from what another device edited at the same time', async () => {
    const id = await project('meanwhile', { 'n.txt': 'one' });
    await write(id, 'meanwhile/n.txt', 'two');
    await alice.projects.share(id, await idOf(cloud.keys.bob), 'writer');
    await bob.projects.open(id, 'theirs-meanwhile');
    await bob.write('theirs-meanwhile/n.txt', 'bob');
    await bob.projects.sync({ projectId: id });
    await alice.write('meanwhile/n.txt', 'alice');
    const old = (await alice.projects.history(id, 'n.txt')).at(-1)!;
    await alice.projects.restoreVersion(id, 'n.txt', old.versionId);
    const files = await alice.files('meanwhile');
    expect(files['n.txt']).toBe('one');
    expect(Object.values(files)).toContain('alice');
    expect((await alice.projects.history(id, 'n.txt')).map(({ size }) => size)).toHaveLength(3);
  });

  it('should be told to be none where the cloud keeps none', async () => {
    const plain = await startCloud({ coreOnly: true });
    const device = await Device.start(plain.url);
    try {
      await device.projects.signIn(plain.keys.alice);
      await device.write('core/a', '1');
      const { projectId } = await device.projects.create('core');
      await expect(device.projects.history(projectId, 'a')).rejects.toMatchObject({
        code: 'failed',
        message: expect.stringContaining('keeps no versions')
      });
    } finally {
      await device.stop();
      await plain.stop();
    }
  }, 60_000);
});

describe('sharing', () => {
  it('should tell who may do what, to who may see that, and which organizations one is in', async () => {
    const id = await project('seen', { a: '1' });
    const [self, them] = [await idOf(cloud.keys.alice), await idOf(cloud.keys.bob)];
    expect(await alice.projects.permissions(id)).toEqual([
      { type: 'user_id', id: self, relation: 'owner' }
    ]);
    await expect(bob.projects.permissions(id)).rejects.toMatchObject({ code: 'not-found' });
    await alice.projects.share(id, them, 'reader');
    expect(await bob.projects.permissions(id)).toContainEqual({
      type: 'user_id',
      id: them,
      relation: 'reader'
    });
    await alice.projects.share(id, them, 'finder');
    await expect(bob.projects.permissions(id)).rejects.toMatchObject({
      code: expect.stringMatching(/^(forbidden|not-found)$/)
    });
    expect(await alice.projects.organizations()).toEqual([]);
  });

  it('should give one role at a time, and take it away', async () => {
    const id = await project('shared', { a: '1' });
    const them = await idOf(cloud.keys.bob);
    const roles = async (role: 'reader' | 'writer' | null, subject = them) =>
      (await alice.projects.share(id, subject, role))
        .filter(item => item.id === them || item.id === '*')
        .map(({ type, id: whose, relation }) => [type, whose === them ? 'bob' : whose, relation]);
    expect(await roles('reader')).toEqual([['user_id', 'bob', 'reader']]);
    expect(await roles('writer', `user_id:${them}`)).toEqual([['user_id', 'bob', 'writer']]);
    await bob.projects.refresh();
    expect(bob.projects.projects.find(each => each.id === id)?.role).toBe('writer');
    expect(await roles('reader', '*')).toContainEqual(['user_id', '*', 'reader']);
    expect(await roles(null)).toEqual([['user_id', '*', 'reader']]);
    expect(await roles(null, '*')).toEqual([]);
    await expect(bob.projects.share(id, them, 'owner')).rejects.toMatchObject({
      code: 'not-found'
    });
    await expect(alice.projects.share(id, 'bob', 'reader')).rejects.toMatchObject({
      code: 'invalid-arguments'
    });
    const self = await idOf(cloud.keys.alice);
    await expect(alice.projects.share(id, self, null)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('owner')
    });
  });
});

describe('deleting a project', () => {
  it('should take its name, delete it in the cloud, and leave the folder', async () => {
    const id = await project('doomed', { a: '1' });
    await expect(alice.projects.delete(id, 'Doomed!')).rejects.toMatchObject({
      code: 'invalid-arguments'
    });
    expect(await alice.projects.sync({ projectId: id })).toMatchObject({ state: 'synced' });
    const { name } = alice.projects.projects.find(each => each.id === id)!;
    await alice.projects.delete(id, name);
    expect(await alice.files('doomed')).toEqual({ a: '1' });
    expect(alice.projects.projects.some(each => each.id === id)).toBe(false);
    await alice.projects.refresh();
    expect(alice.projects.projects.some(each => each.id === id)).toBe(false);
    await expect(alice.projects.sync({ projectId: id })).rejects.toMatchObject({
      code: 'not-linked'
    });
  });

  it('should forget nothing where the cloud refuses', async () => {
    const id = await project('not-theirs', { a: '1' });
    await alice.projects.share(id, await idOf(cloud.keys.bob), 'writer');
    await bob.projects.open(id, 'not-mine');
    const { name } = bob.projects.projects.find(each => each.id === id)!;
    await expect(bob.projects.delete(id, name)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await bob.projects.sync({ projectId: id })).toMatchObject({ state: 'synced' });
  });
});

describe('a stopped project', () => {
  it('should do what was stopped once it is approved, and bring it back when restored', async () => {
    const id = await project('stopped', six());
    const removed = ['a', 'b', 'c', 'd', 'e'];
    const removeThem = async () => {
      for (const name of removed) {
        await alice.remove(`stopped/${name}`);
      }
      expect(await alice.projects.sync({ projectId: id })).toMatchObject({
        state: 'stopped',
        stopReason: 'mass-delete'
      });
    };
    await removeThem();
    await alice.projects.restore(id);
    expect(await alice.files('stopped')).toEqual(six());
    await removeThem();
    const report = await alice.projects.approve(id);
    expect(report).toMatchObject({ state: 'synced' });
    expect(report.actions.map(({ side, kind, path }) => [side, kind, path])).toEqual(
      removed.map(path => ['cloud', 'delete', path])
    );
  });

  it('should go one way when pulled or pushed', async () => {
    const id = await project('one-way', { a: '1' });
    await alice.projects.share(id, await idOf(cloud.keys.bob), 'writer');
    await bob.projects.open(id, 'their-way');
    await bob.write('their-way/theirs', 'bob');
    await bob.projects.sync({ projectId: id });
    await alice.write('one-way/mine', 'alice');
    const pulled = await alice.projects.pull({ projectId: id });
    expect(pulled.actions.map(({ side, path }) => [side, path])).toEqual([['local', 'theirs']]);
    const pushed = await alice.projects.push({ path: 'one-way/a' });
    expect(pushed.actions.map(({ side, path }) => [side, path])).toEqual([['cloud', 'mine']]);
    expect(await alice.projects.verify(id)).toMatchObject({ state: 'synced', actions: [] });
  });
});

async function idOf(key: string): Promise<string> {
  const answer = await fetch(new URL('/api/account', cloud.url), {
    headers: { Authorization: `Bearer ${key}` }
  });
  const { user } = (await answer.json()) as { user: { id: string } };
  return user.id;
}
