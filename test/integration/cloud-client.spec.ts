import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

import { CloudClient } from '../../src/cloud/client';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { RawProject } from '../support/raw-project';

describe.each([
  ['with the extensions', false],
  ['with the core only', true]
])('CloudClient at a cloud %s', (_, coreOnly) => {
  let cloud: CloudServer;
  let alice: CloudClient;
  let bob: CloudClient;

  beforeAll(async () => {
    cloud = await startCloud({ coreOnly });
    alice = new CloudClient({ baseUrl: cloud.url, token: () => cloud.keys.alice });
    bob = new CloudClient({ baseUrl: `${cloud.url}/`, token: () => cloud.keys.bob });
  }, 120_000);

  afterAll(async () => {
    await cloud?.stop();
  });

  it('should tell who is signed in', async () => {
    const account = await alice.account();
    expect(account.name.toLowerCase()).toContain('alice');
    expect(account.id).not.toBe((await bob.account()).id);
    expect(Array.isArray(await alice.organizations())).toBe(true);
  });

  it('should tell what the cloud offers', async () => {
    const capabilities = await alice.capabilities();
    if (coreOnly) {
      expect(capabilities).toBeNull();
    } else {
      expect(capabilities?.features).toEqual(
        expect.arrayContaining(['files', 'conditions', 'changes', 'batch', 'commits', 'versions'])
      );
    }
  });

  it('should make, change, list and delete a project', async () => {
    const made = await alice.createProject({
      name: '<random>',
      title: 'Owls 🦉',
      metadata: { tags: ['notebook', 'a new kind'], sync: { ignore: ['*.tmp'] } }
    });
    expect(made.title).toBe('Owls 🦉');
    const patched = await alice.patchProject(made.id, { description: 'night birds' });
    expect(patched).toMatchObject({ id: made.id, title: 'Owls 🦉', description: 'night birds' });
    expect(await alice.getProject(made.id)).toMatchObject({
      metadata: { tags: ['notebook', 'a new kind'], sync: { ignore: ['*.tmp'] } }
    });
    const mine = await alice.listProjects({ owner: 'me' });
    expect(mine.map(each => each.id)).toContain(made.id);
    await alice.deleteProject(made.id);
    await expect(alice.getProject(made.id)).rejects.toMatchObject({ status: 404, code: 'failed' });
  });

  it('should list all pages of many projects', async () => {
    const before = (await alice.listProjects({ owner: 'me' })).length;
    const make = () => RawProject.create(cloud.url, cloud.keys.alice);
    await Promise.all(Array.from({ length: 101 }, make));
    const projects = await alice.listProjects({ owner: 'me' });
    expect(new Set(projects.map(each => each.id)).size).toBe(before + 101);
  });

  it('should share a project, and tell everyone their role', async () => {
    const { id } = await alice.createProject({ name: '<random>' });
    expect((await alice.myPermissions(id)).role).toBe('owner');
    const bobId = (await bob.account()).id;
    const permissions = await alice.setPermissions(id, {
      permissions: [{ type: 'user_id', id: bobId, relation: 'writer', action: 'add' }]
    });
    expect(permissions.items).toContainEqual(
      expect.objectContaining({ type: 'user_id', id: bobId, relation: 'writer' })
    );
    expect(await alice.permissions(id)).toEqual(permissions);
    expect((await bob.myPermissions(id)).role).toBe('writer');
    expect((await bob.listProjects()).map(each => each.id)).toContain(id);
  });

  it('should tell a wrong key from a project that is not shared', async () => {
    const { id } = await alice.createProject({ name: '<random>' });
    const stranger = new CloudClient({ baseUrl: cloud.url, token: () => 'no-such-key' });
    await expect(stranger.account()).rejects.toMatchObject({ code: 'signed-out', status: 401 });
    await expect(stranger.listProjects()).rejects.toMatchObject({ code: 'signed-out' });
    const refused = await bob.getProject(id).catch((error: unknown) => error);
    expect([403, 404]).toContain((refused as { status?: number }).status);
    expect(String(refused)).not.toContain(cloud.keys.bob);
  });

  it('should write and read a file by the core alone', async () => {
    const { id } = await alice.createProject({ name: '<random>' });
    const path = 'über/100% #1?.txt';
    const bytes = new TextEncoder().encode('content');
    const preload = await alice.files.preload(id, path);
    await alice.files.upload(preload.signed_url, bytes);
    await alice.files.commitVersion(id, preload.file_version_id);
    const listed = await alice.files.listCore(id);
    expect(listed.map(file => file.path)).toContain(path);
    expect((await alice.files.download(id, path)).content).toEqual(bytes);
    await alice.files.remove(id, path);
    await alice.files.remove(id, path);
    await expect(alice.files.download(id, path)).rejects.toMatchObject({ status: 404 });
  });
});

describe('CloudClient without a cloud', () => {
  it('should tell that nothing answers', async () => {
    const client = new CloudClient({
      baseUrl: `http://127.0.0.1:${await freePort()}/api/projects`,
      token: () => 'key',
      sleep: async () => undefined
    });
    await expect(client.listProjects()).rejects.toMatchObject({ code: 'offline' });
  });
});

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
