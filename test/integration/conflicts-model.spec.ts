import type { ConflictShown, ConflictSides, IProjects } from '../../src/tokens';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { Device } from '../support/device';

let cloud: CloudServer;
let alice: Device;
let asking: Device;
let bob: Device;

beforeAll(async () => {
  cloud = await startCloud();
  alice = await Device.start(cloud.url);
  asking = await Device.start(cloud.url, { settings: { conflictPolicy: 'ask' } });
  bob = await Device.start(cloud.url);
  await alice.projects.signIn(cloud.keys.alice);
  await asking.projects.signIn(cloud.keys.alice);
  await bob.projects.signIn(cloud.keys.bob);
}, 180_000);

afterAll(async () => {
  await Promise.all([alice?.stop(), asking?.stop(), bob?.stop()]);
  await cloud?.stop();
});

/** A project of which both have a copy, and in which both then changed `n.txt`; only bob's change is in the cloud. */
async function conflict(device: Device, name: string): Promise<string> {
  await device.write(`${name}/n.txt`, 'base\n');
  const { projectId } = await device.projects.create(name);
  await device.projects.share(projectId, await idOf(cloud.keys.bob), 'writer');
  await bob.projects.open(projectId, name);
  await bob.write(`${name}/n.txt`, 'by bob, longer\n');
  expect(await bob.projects.sync({ projectId })).toMatchObject({ state: 'synced' });
  await device.write(`${name}/n.txt`, 'by alice, much longer\n');
  expect(await device.projects.sync({ projectId })).toMatchObject({ state: 'conflicts' });
  return projectId;
}

async function idOf(key: string): Promise<string> {
  const answer = await fetch(new URL('/api/account', cloud.url), {
    headers: { Authorization: `Bearer ${key}` }
  });
  return ((await answer.json()) as { user: { id: string } }).user.id;
}

const textOf = (side: ConflictSides['mine']): string =>
  side?.content ? new TextDecoder().decode(side.content) : '(none)';

const bytes = (text: string) => new TextEncoder().encode(text);

function shownOf({ mine, theirs }: ConflictSides): ConflictShown {
  return { mine: mine?.sha256 ?? '', theirs: theirs?.sha256 ?? '' };
}

/** What every version of the file held, newest first. */
async function versionsOf(projects: IProjects, id: string, path: string): Promise<string[]> {
  const versions = await projects.history(id, path);
  const contents = versions.map(({ versionId }) => projects.versionContent(id, path, versionId));
  return (await Promise.all(contents)).map(content => new TextDecoder().decode(content));
}

describe.each([
  ['that were kept as two files', () => alice, 'kept'],
  ['that wait for the person', () => asking, 'waiting']
])('the contents of a conflict %s', (_, deviceOf, name) => {
  it('should be told with whose they are, when, and what both were made from', async () => {
    const device = deviceOf();
    const id = await conflict(device, `sides-${name}`);
    const sides = await device.projects.conflictSides(id, 'n.txt');
    expect([sides.mine, sides.theirs, sides.base].map(textOf)).toEqual([
      'by alice, much longer\n',
      'by bob, longer\n',
      'base\n'
    ]);
    expect(sides.theirs).toMatchObject({ size: 15, path: 'n.txt', author: { name: 'bob' } });
    expect(sides.mine).toMatchObject({ size: 22, author: null });
    expect(sides.base?.author).toMatchObject({ name: 'alice' });
    for (const side of [sides.mine, sides.theirs, sides.base]) {
      expect(Math.abs(Date.now() - Date.parse(side?.at ?? ''))).toBeLessThan(600_000);
    }
    expect(sides.copy === null).toBe(name === 'waiting');
    device.reload();
    const again = await device.projects.conflictSides(id, sides.copy ?? 'n.txt');
    expect(again).toEqual({ ...sides, mine: { ...again.mine }, theirs: { ...again.theirs } });
    expect(textOf(again.base)).toBe('base\n');
  });

  it('should give way to a merge by hand, and all be versions of the file then', async () => {
    const device = deviceOf();
    const folder = `merged-${name}`;
    const id = await conflict(device, folder);
    const sides = await device.projects.conflictSides(id, 'n.txt');
    const report = await device.projects.resolveConflictWith(
      id,
      'n.txt',
      bytes('both\n'),
      shownOf(sides)
    );
    expect(report).toMatchObject({ state: 'synced', conflicts: [], problems: [] });
    expect(await device.files(folder)).toEqual({ 'n.txt': 'both\n' });
    await bob.projects.sync({ projectId: id });
    expect(await bob.files(folder)).toEqual({ 'n.txt': 'both\n' });
    const held = await versionsOf(device.projects, id, 'n.txt');
    expect(held[0]).toBe('both\n');
    expect(held).toEqual(
      expect.arrayContaining(['by alice, much longer\n', 'by bob, longer\n', 'base\n'])
    );
    await expect(device.projects.conflictSides(id, 'n.txt')).rejects.toMatchObject({
      code: 'not-found'
    });
  });

  it.each([['bob'], ['alice']])(
    'should not be replaced by a merge that %s made old',
    async person => {
      const device = deviceOf();
      const folder = `old-${name}-${person}`;
      const id = await conflict(device, folder);
      const sides = await device.projects.conflictSides(id, 'n.txt');
      const changed = person === 'bob' ? bob : device;
      const file = person === 'bob' ? 'n.txt' : (sides.copy ?? 'n.txt');
      await changed.write(`${folder}/${file}`, 'changed while the other looked\n');
      await changed.projects.sync({ projectId: id });
      await expect(
        device.projects.resolveConflictWith(id, 'n.txt', bytes('both\n'), shownOf(sides))
      ).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('again') });
      const everywhere = [
        ...Object.values(await device.files(folder)),
        ...(await versionsOf(device.projects, id, 'n.txt'))
      ];
      expect(everywhere).not.toContain('both\n');
      expect(everywhere).toContain('changed while the other looked\n');
      expect((await device.projects.conflictSides(id, 'n.txt')).path).toBe('n.txt');
    }
  );

  it.each([
    ['keep-local', 'by alice, much longer\n'],
    ['keep-cloud', 'by bob, longer\n']
  ] as const)('should all be settled at once by %s', async (choice, content) => {
    const device = deviceOf();
    const folder = `all-${name}-${choice}`;
    const id = await conflict(device, folder);
    await bob.write(`${folder}/new.txt`, 'by bob, longer\n');
    await bob.projects.sync({ projectId: id });
    await device.write(`${folder}/new.txt`, 'by alice, much longer\n');
    await device.projects.sync({ projectId: id });
    const report = await device.projects.resolveConflicts(id, choice);
    expect(report).toMatchObject({ state: 'synced', conflicts: [], problems: [] });
    expect(await device.files(folder)).toEqual({ 'n.txt': content, 'new.txt': content });
    await bob.projects.sync({ projectId: id });
    expect(await bob.files(folder)).toEqual({ 'n.txt': content, 'new.txt': content });
  });
});

describe('a content that is too large to be shown', () => {
  it('should be told by its size alone, and still be kept', async () => {
    const large = new Uint8Array(9 * 1024 * 1024).fill(97);
    await alice.write('large/n.bin', 'small');
    const { projectId } = await alice.projects.create('large');
    await alice.projects.share(projectId, await idOf(cloud.keys.bob), 'writer');
    await bob.projects.open(projectId, 'large');
    await bob.write('large/n.bin', 'by bob');
    await bob.projects.sync({ projectId });
    await alice.write('large/n.bin', large);
    await alice.projects.sync({ projectId });
    const sides = await alice.projects.conflictSides(projectId, 'n.bin');
    expect(sides.mine).toMatchObject({ size: large.byteLength, content: null });
    expect(textOf(sides.theirs)).toBe('by bob');
    await alice.projects.resolveConflict(projectId, 'n.bin', 'keep-local');
    expect(Object.keys(await alice.files('large'))).toEqual(['n.bin']);
  });
});

describe('a cloud that keeps no versions', () => {
  it('should refuse a merge by hand, which would lose what it replaces', async () => {
    const plain = await startCloud({ coreOnly: true });
    const one = await Device.start(plain.url);
    const two = await Device.start(plain.url);
    try {
      await one.projects.signIn(plain.keys.alice);
      await two.projects.signIn(plain.keys.alice);
      await one.write('core/a', 'base');
      const { projectId } = await one.projects.create('core');
      await two.projects.open(projectId, 'core');
      await two.write('core/a', 'the second');
      await two.projects.sync({ projectId });
      await one.write('core/a', 'the first one');
      await one.projects.sync({ projectId });
      const sides = await one.projects.conflictSides(projectId, 'a');
      expect([textOf(sides.mine), textOf(sides.theirs), sides.base]).toEqual([
        'the first one',
        'the second',
        null
      ]);
      await expect(
        one.projects.resolveConflictWith(projectId, 'a', bytes('x'), shownOf(sides))
      ).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('no versions') });
      await expect(one.projects.deletedFiles(projectId)).rejects.toMatchObject({ code: 'failed' });
      expect(Object.values(await one.files('core')).sort()).toEqual([
        'the first one',
        'the second'
      ]);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
      await plain.stop();
    }
  }, 120_000);
});

describe('deleted files', () => {
  it('should be told newest first, without those that were moved or came back', async () => {
    for (const file of ['gone.txt', 'moved.txt', 'back.txt', 'stays.txt']) {
      await alice.write(`deleted/${file}`, `content of ${file}`);
    }
    const { projectId } = await alice.projects.create('deleted');
    expect(await alice.projects.deletedFiles(projectId)).toEqual([]);
    await alice.remove('deleted/gone.txt');
    await alice.remove('deleted/back.txt');
    await alice.projects.sync({ projectId });
    const both = await alice.projects.deletedFiles(projectId);
    expect(both.map(({ path }) => path).sort()).toEqual(['back.txt', 'gone.txt']);
    const [last] = await alice.projects.history(projectId, 'back.txt');
    await alice.projects.restoreVersion(projectId, 'back.txt', last!.versionId);
    await alice.write('deleted/elsewhere/moved.txt', 'content of moved.txt');
    await alice.remove('deleted/moved.txt');
    await alice.projects.sync({ projectId });
    const deleted = await alice.projects.deletedFiles(projectId);
    expect(deleted).toMatchObject([{ path: 'gone.txt', size: 19, author: { name: 'alice' } }]);
    expect(JSON.parse(JSON.stringify(deleted))).toEqual(deleted);
  });

  it('should tell what a version held, and refuse one of another file', async () => {
    await alice.write('contents/a.txt', 'one');
    await alice.write('contents/b.txt', 'other');
    const { projectId } = await alice.projects.create('contents');
    const [a] = await alice.projects.history(projectId, 'a.txt');
    const content = await alice.projects.versionContent(projectId, 'a.txt', a!.versionId);
    expect(new TextDecoder().decode(content)).toBe('one');
    await expect(
      alice.projects.versionContent(projectId, 'b.txt', a!.versionId)
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});
