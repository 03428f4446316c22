import { rm } from 'node:fs/promises';

import { CloudClient } from '../../src/cloud/client';
import { CloudReplica } from '../../src/cloud/replica';
import { createIgnores } from '../../src/sync/ignore';
import type { SyncReport } from '../../src/sync/report';
import { run } from '../../src/sync/run';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { MemoryJournal } from '../support/memory-journal';
import { MemoryReplica } from '../support/memory-replica';
import { RawProject } from '../support/raw-project';

const NAMES = [
  'with space.txt',
  '100% #1?.txt',
  'emoji 🦉.txt',
  '漢字.txt',
  'empty',
  'd/e/deep.bin'
];

/** A folder with a memory of its own, tied to a project. */
class Device {
  constructor(cloud: CloudServer, projectId: string) {
    const client = new CloudClient({
      baseUrl: cloud.url,
      token: () => cloud.keys.alice,
      sleep: async () => undefined,
      onRequest: () => {
        this.#requests += 1;
      }
    });
    this.#replica = new CloudReplica({ client, projectId });
    const apply = this.#replica.apply.bind(this.#replica);
    this.#replica.apply = async (...given) => {
      const before = this.beforeWrite;
      this.beforeWrite = null;
      await before?.();
      return apply(...given);
    };
  }

  /** Happens once, when the cloud was looked at and before it is changed. */
  beforeWrite: (() => Promise<void>) | null = null;

  readonly folder = new MemoryReplica({ side: 'local' });

  async sync(): Promise<SyncReport> {
    const { report } = await run({
      projectId: 'p',
      replicas: { local: this.folder, cloud: this.#replica },
      journal: this.#journal,
      ignores: createIgnores({ patterns: [], syncHidden: false }),
      conflictPolicy: () => 'keep-both',
      signal: new AbortController().signal,
      requests: () => ({ jupyter: 0, cloud: this.#requests }),
      now: () => 0
    });
    return report;
  }

  readonly #journal = new MemoryJournal();
  readonly #replica: CloudReplica;
  #requests = 0;
}

describe.each([
  ['with the extensions', false],
  ['with the core only', true]
])('a sync with a cloud %s', (_, coreOnly) => {
  let cloud: CloudServer;
  let raw: RawProject;
  let one: Device;
  let two: Device;

  beforeAll(async () => {
    cloud = await startCloud({ coreOnly });
  }, 120_000);

  afterAll(async () => {
    await cloud?.stop();
  });

  beforeEach(async () => {
    raw = await RawProject.create(cloud.url, cloud.keys.alice);
    one = new Device(cloud, raw.id);
    two = new Device(cloud, raw.id);
  });

  async function filled(): Promise<void> {
    for (const [index, name] of NAMES.entries()) {
      one.folder.write(name, name === 'empty' ? '' : `content ${index}`);
    }
    expect((await one.sync()).state).toBe('synced');
    expect((await two.sync()).state).toBe('synced');
  }

  it('should bring a folder to another device, byte by byte, and then do nothing', async () => {
    await filled();
    expect(two.folder.texts()).toEqual(one.folder.texts());
    expect(two.folder.directories()).toEqual(['d', 'd/e']);
    const bytes = one.folder.bytes.read;
    for (const device of [one, two]) {
      await device.sync();
      const { state, actions, requests } = await device.sync();
      expect({ state, actions, requests: requests.cloud }).toEqual({
        state: 'synced',
        actions: [],
        requests: 1
      });
    }
    expect(one.folder.bytes.read).toBe(bytes);
  });

  it('should carry what changes in a folder while that is moved, and move it', async () => {
    await filled();
    one.folder.rename('d', 'm');
    one.beforeWrite = () => raw.write('d/e/deep.bin', 'edited meanwhile');
    expect(await one.sync()).toMatchObject({ state: 'synced', conflicts: [] });
    expect(one.folder.texts()).toMatchObject({ 'm/e/deep.bin': 'edited meanwhile' });
    expect(Object.keys(one.folder.texts()).sort()).toEqual(
      NAMES.map(name => name.replace(/^d/, 'm')).sort()
    );
    expect(await raw.files()).toEqual(one.folder.files());
    await two.sync();
    expect(two.folder.texts()).toEqual(one.folder.texts());
  });

  it('should carry edits, creations and deletions from either side to the other', async () => {
    await filled();
    one.folder.write('with space.txt', 'edited on one');
    one.folder.write('new/file.txt', 'made on one');
    two.folder.remove('empty');
    two.folder.write('漢字.txt', 'edited on two');
    for (const device of [one, two, one]) {
      expect((await device.sync()).problems).toEqual([]);
    }
    expect(two.folder.texts()).toEqual(one.folder.texts());
    expect(one.folder.texts()).toMatchObject({
      'with space.txt': 'edited on one',
      'new/file.txt': 'made on one',
      '漢字.txt': 'edited on two'
    });
    expect(one.folder.texts()).not.toHaveProperty('empty');
  });

  it('should keep both contents where both devices edited', async () => {
    await filled();
    one.folder.write('100% #1?.txt', 'by one');
    two.folder.write('100% #1?.txt', 'by two');
    for (const device of [one, two, one, two]) {
      await device.sync();
    }
    expect(two.folder.texts()).toEqual(one.folder.texts());
    const kept = Object.values(one.folder.texts());
    expect(kept).toEqual(expect.arrayContaining(['by one', 'by two']));
    expect(kept).toHaveLength(NAMES.length + 1);
  });

  it('should adopt what is equal without moving a byte when all memory is lost', async () => {
    await filled();
    const again = new Device(cloud, raw.id);
    for (const [path, content] of one.folder.files()) {
      again.folder.write(path, content);
    }
    const report = await again.sync();
    expect(report).toMatchObject({ state: 'synced', actions: [], bytesUp: 0, bytesDown: 0 });
  });

  it('should stop at nothing on either side when the project is gone', async () => {
    await filled();
    await raw.removeRoot();
    const before = one.folder.texts();
    expect(await one.sync()).toMatchObject({ state: 'stopped', stopReason: 'root-missing' });
    expect(one.folder.texts()).toEqual(before);
  });
});

describe('a sync with a cloud that dies', () => {
  it('should fail in words, lose nothing, and go on when the cloud is back', async () => {
    let cloud = await startCloud();
    const { dataDir } = cloud;
    try {
      const port = Number(new URL(cloud.url).port);
      const raw = await RawProject.create(cloud.url, cloud.keys.alice);
      const device = new Device(cloud, raw.id);
      for (let index = 0; index < 60; index += 1) {
        device.folder.write(`file ${index}.txt`, `content ${index}`);
      }
      let reads = 0;
      device.folder.before = async ({ call }) => {
        reads += call === 'read' ? 1 : 0;
        if (reads === 30) {
          await cloud.kill();
        }
      };
      const failed = await device.sync();
      expect(failed).toMatchObject({ state: 'failed', stopReason: 'offline' });
      expect(Object.keys(device.folder.texts())).toHaveLength(60);
      device.folder.before = null;

      cloud = await startCloud({ dataDir, port });
      expect((await device.sync()).state).toBe('synced');
      const other = new Device(cloud, raw.id);
      await other.sync();
      expect(other.folder.texts()).toEqual(device.folder.texts());
    } finally {
      await cloud.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
