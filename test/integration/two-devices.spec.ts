import { CloudClient } from '../../src/cloud/client';
import { CloudReplica } from '../../src/cloud/replica';
import { createIgnores } from '../../src/sync/ignore';
import type { Conflict } from '../../src/sync/memory';
import type { SyncReport } from '../../src/sync/report';
import type { ConflictChoice } from '../../src/sync/resolve';
import { run } from '../../src/sync/run';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { CloudProxy } from '../support/cloud-proxy';
import { Device } from '../support/device';
import { MemoryJournal } from '../support/memory-journal';
import { MemoryReplica } from '../support/memory-replica';
import { RawProject } from '../support/raw-project';

const CHOICES: readonly ConflictChoice[] = ['keep-local', 'keep-cloud', 'keep-both'];
const PAIRS = CHOICES.flatMap(one => CHOICES.map(two => [one, two] as const));

let cloud: CloudServer;

beforeAll(async () => {
  cloud = await startCloud();
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
});

/** Whatever was kept, each content is there once. */
function keptOnce(files: Record<string, string>): string[] {
  const contents = Object.values(files);
  expect(new Set(contents).size).toBe(contents.length);
  expect(Object.keys(files).filter(path => /conflict.*conflict/.test(path))).toEqual([]);
  return contents.sort();
}

/** What may be left: what the one chose, or the other. `mine` is what both devices held, `theirs` the cloud's. */
function kept(choices: readonly ConflictChoice[]): string[][] {
  return choices.map(choice => {
    switch (choice) {
      case 'keep-both':
        return ['mine', 'theirs'];
      case 'keep-local':
        return ['mine'];
      case 'keep-cloud':
        return ['theirs'];
    }
  });
}

describe('two folders with one conflict', () => {
  class Folder {
    constructor(projectId: string) {
      const client = new CloudClient({ baseUrl: cloud.url, token: () => cloud.keys.alice });
      this.#replica = new CloudReplica({ client, projectId });
    }

    readonly files = new MemoryReplica({ side: 'local' });
    conflicts: readonly Conflict[] = [];

    async sync(resolution?: { conflict: Conflict; choice: ConflictChoice }): Promise<SyncReport> {
      const { report, conflicts } = await run({
        projectId: 'p',
        replicas: { local: this.files, cloud: this.#replica },
        journal: this.#journal,
        ignores: createIgnores({ patterns: [], syncHidden: false }),
        conflictPolicy: () => 'keep-both',
        signal: new AbortController().signal,
        now: () => 0,
        ...(resolution ? { resolution } : {})
      });
      this.conflicts = conflicts;
      return report;
    }

    async choose(choice: ConflictChoice): Promise<void> {
      const [conflict] = this.conflicts;
      if (conflict) {
        await this.sync({ conflict, choice });
      }
    }

    readonly #journal = new MemoryJournal();
    readonly #replica: CloudReplica;
  }

  it.each(PAIRS)('should converge where one chooses %s and the other %s', async (first, second) => {
    for (const isAtOnce of [true, false]) {
      const raw = await RawProject.create(cloud.url, cloud.keys.alice);
      const [one, two] = [new Folder(raw.id), new Folder(raw.id)];
      one.files.write('n.txt', 'base');
      await one.sync();
      await two.sync();
      for (const { files } of [one, two]) {
        files.write('n.txt', 'mine');
      }
      await raw.write('n.txt', 'theirs');
      await Promise.all([one.sync(), two.sync()]);
      for (const each of [one, two, one, two]) {
        await each.sync();
      }
      expect(one.conflicts.length + two.conflicts.length).toBeGreaterThan(0);
      expect(keptOnce(one.files.texts())).toEqual(['mine', 'theirs']);
      expect(two.files.texts()).toEqual(one.files.texts());

      if (isAtOnce) {
        await Promise.all([one.choose(first), two.choose(second)]);
      } else {
        await one.choose(first);
        await two.choose(second);
      }
      for (const each of [one, two, one, two]) {
        await each.sync();
      }
      expect(two.files.texts()).toEqual(one.files.texts());
      expect(kept([first, second])).toContainEqual(keptOnce(one.files.texts()));
      const versions = await versionsOf(raw);
      expect(versions).toBeGreaterThanOrEqual(3);
      for (const each of [one, two]) {
        expect(await each.sync()).toMatchObject({ state: expect.any(String), actions: [] });
      }
    }
  });
});

/** How many versions the cloud keeps of the project's files. */
async function versionsOf(raw: RawProject): Promise<number> {
  const answer = await fetch(`${raw.baseUrl}/${raw.id}/file-versions`, {
    headers: { Authorization: `Bearer ${raw.key}` }
  });
  return ((await answer.json()) as { total_count: number }).total_count;
}

describe('two Jupyter servers', () => {
  let proxies: CloudProxy[];
  let alice: Device;
  let bob: Device;
  let projects = 0;

  beforeAll(async () => {
    proxies = [await CloudProxy.start(cloud.url), await CloudProxy.start(cloud.url)];
    [alice, bob] = (await Promise.all(proxies.map(({ url }) => Device.start(url)))) as [
      Device,
      Device
    ];
    await Promise.all([alice, bob].map(each => each.projects.signIn(cloud.keys.alice)));
  }, 180_000);

  afterAll(async () => {
    await Promise.all([alice, bob].map(each => each?.stop()));
    await Promise.all((proxies ?? []).map(each => each.stop()));
  });

  beforeEach(() => {
    proxies.forEach(each => each.reset());
  });

  /** On both devices under the same name. */
  async function shared(files: Record<string, string>): Promise<[id: string, folder: string]> {
    projects += 1;
    const folder = `shared-${projects}`;
    for (const [path, content] of Object.entries(files)) {
      await alice.write(`${folder}/${path}`, content);
    }
    const { projectId } = await alice.projects.create(folder);
    await bob.projects.open(projectId, folder);
    return [projectId, folder];
  }

  async function settled(id: string, folder: string): Promise<Record<string, string>> {
    for (const each of [alice, bob, alice, bob]) {
      await each.projects.sync({ projectId: id });
    }
    const files = await alice.files(folder);
    expect(await bob.files(folder)).toEqual(files);
    const raw = new RawProject(cloud.url, cloud.keys.alice, id);
    const inCloud = [...(await raw.files())].map(([path, bytes]) => [
      path,
      Buffer.from(bytes).toString('latin1')
    ]);
    expect(Object.fromEntries(inCloud)).toEqual(files);
    for (const each of [alice, bob]) {
      expect((await each.projects.sync({ projectId: id })).actions).toEqual([]);
    }
    return files;
  }

  it('should converge after both were offline for a while, with each content once', async () => {
    const [id, folder] = await shared({
      'both.txt': 'base',
      'same.txt': 'base',
      'alice.txt': 'base',
      'bob.txt': 'base',
      'moved.txt': 'to be moved and edited',
      'gone.txt': 'to be deleted and edited',
      'kept/a.txt': 'a',
      'kept/b.txt': 'b'
    });
    for (const each of proxies) {
      each.handle = () => Promise.resolve(null);
    }
    await alice.write(`${folder}/both.txt`, 'by alice');
    await bob.write(`${folder}/both.txt`, 'by bob');
    await alice.write(`${folder}/same.txt`, 'the same on both');
    await bob.write(`${folder}/same.txt`, 'the same on both');
    await alice.write(`${folder}/alice.txt`, 'only alice');
    await bob.write(`${folder}/bob.txt`, 'only bob');
    await alice.jupyter.contents.rename(`${folder}/moved.txt`, `${folder}/elsewhere.txt`);
    await bob.write(`${folder}/moved.txt`, 'edited where it was');
    await alice.remove(`${folder}/gone.txt`);
    await bob.write(`${folder}/gone.txt`, 'edited, not gone');
    await alice.write(`${folder}/new.txt`, 'new by alice');
    await bob.write(`${folder}/new.txt`, 'new by bob');
    const offline = await Promise.all(
      [alice, bob].map(each => each.projects.sync({ projectId: id }))
    );
    expect(offline.map(({ state, stopReason }) => [state, stopReason])).toEqual([
      ['failed', 'offline'],
      ['failed', 'offline']
    ]);
    proxies.forEach(each => each.reset());
    await Promise.all([alice, bob].map(each => each.projects.sync({ projectId: id })));
    const files = await settled(id, folder);
    expect(keptOnce(files)).toEqual(
      [
        'a',
        'b',
        'by alice',
        'by bob',
        'edited where it was',
        'edited, not gone',
        'new by alice',
        'new by bob',
        'only alice',
        'only bob',
        'the same on both'
      ].sort()
    );
    expect(Object.keys(files).filter(path => path.includes('conflict'))).toHaveLength(2);
  });

  it.each([
    ['keep-local', 'keep-local'],
    ['keep-local', 'keep-cloud'],
    ['keep-cloud', 'keep-cloud'],
    ['keep-both', 'keep-local']
  ] as const)('should converge where they choose %s and %s at once', async (first, second) => {
    const [id, folder] = await shared({ 'n.txt': 'base' });
    await alice.write(`${folder}/n.txt`, 'mine');
    await bob.write(`${folder}/n.txt`, 'mine');
    await new RawProject(cloud.url, cloud.keys.alice, id).write('n.txt', 'theirs');
    await Promise.all([alice, bob].map(each => each.projects.sync({ projectId: id })));
    expect(keptOnce(await settled(id, folder))).toEqual(['mine', 'theirs']);
    const chosen = await Promise.allSettled([
      alice.projects.resolveConflict(id, 'n.txt', first),
      bob.projects.resolveConflict(id, 'n.txt', second)
    ]);
    for (const each of chosen) {
      // Who comes later may find that the other has settled it.
      expect(each.status === 'fulfilled' || each.reason.code === 'not-found').toBe(true);
    }
    expect(kept([first, second])).toContainEqual(keptOnce(await settled(id, folder)));
  });
});
