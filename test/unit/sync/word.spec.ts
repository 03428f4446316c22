import { Engine } from '../../support/engine';

let engine: Engine;

beforeEach(() => {
  engine = new Engine();
});

const many = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`f${i}`, `${i}`]));

async function synced(texts: Record<string, string> = many): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    engine.local.write(path, text);
  }
  expect((await engine.sync()).state).toBe('synced');
}

/** Six of the ten files are deleted locally, and the run is stopped. */
async function stopped(): Promise<void> {
  await synced();
  for (let i = 0; i < 6; i++) {
    engine.local.remove(`f${i}`);
  }
  expect(await engine.sync()).toMatchObject({ state: 'stopped', stopReason: 'mass-delete' });
}

describe('approving a stopped run', () => {
  it('should let its deletions go ahead, once', async () => {
    await stopped();
    const word = { kind: 'approve', takings: engine.takings } as const;
    const report = await engine.sync({ word });
    expect(report.state).toBe('synced');
    expect(Object.keys(engine.texts())).toEqual(['f6', 'f7', 'f8', 'f9']);
  });

  it('should stop anew when the plan has grown', async () => {
    await stopped();
    const word = { kind: 'approve', takings: engine.takings } as const;
    engine.local.remove('f6');
    expect(await engine.sync({ word })).toMatchObject({ state: 'stopped' });
    expect(Object.keys(engine.cloud.texts())).toHaveLength(10);
  });

  it('should not delete what was changed since it was approved', async () => {
    await stopped();
    const word = { kind: 'approve', takings: engine.takings } as const;
    engine.cloud.write('f0', 'changed since');
    await engine.sync({ word });
    expect(engine.texts()).toEqual({ f0: 'changed since', f6: '6', f7: '7', f8: '8', f9: '9' });
  });

  it('should make a first sync with a cloud that was restored: no deletion, differences are conflicts', async () => {
    await synced({ a: '1', b: '2', c: '3' });
    engine.cloud.root = 'restored';
    engine.cloud.remove('a');
    engine.cloud.write('b.txt', 'x');
    engine.cloud.write('c', 'older');
    for (let again = 0; again < 2; again++) {
      expect(await engine.sync()).toMatchObject({ stopReason: 'cloud-restored', actions: [] });
    }
    const report = await engine.sync({ word: { kind: 'approve', takings: engine.takings } });
    engine.cloud.root = 'present';
    expect(report.state).toBe('conflicts');
    const texts = engine.texts();
    expect(texts).toMatchObject({ a: '1', b: '2', 'b.txt': 'x', c: 'older' });
    expect(Object.values(texts)).toContain('3');
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should not delete here for a project that is gone in the cloud', async () => {
    await synced({ a: '1', b: '2' });
    engine.cloud.root = 'missing';
    await engine.sync();
    const word = { kind: 'approve', takings: engine.takings } as const;
    expect(await engine.sync({ word })).toMatchObject({ stopReason: 'root-missing' });
    expect(engine.local.texts()).toEqual({ a: '1', b: '2' });
  });
});

describe('restoring after a stopped run', () => {
  it('should bring back what the other side still has', async () => {
    await stopped();
    const report = await engine.sync({ word: { kind: 'restore' } });
    expect(report.state).toBe('synced');
    expect(report.actions.map(({ side, kind }) => `${side} ${kind}`)).toEqual(
      Array(6).fill('local create')
    );
    expect(engine.texts()).toEqual(many);
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should bring back a whole root', async () => {
    await synced({ 'd/a': '1', b: '2' });
    engine.local.remove('d');
    engine.local.remove('b');
    expect(await engine.sync()).toMatchObject({ stopReason: 'root-emptied' });
    await engine.sync({ word: { kind: 'restore' } });
    expect(engine.texts()).toEqual({ 'd/a': '1', b: '2' });
  });
});

describe('one way', () => {
  it('should only pull, and list what is left', async () => {
    await synced({ a: '1', b: '2', c: '3', d: '4' });
    engine.local.write('a', 'changed here');
    engine.cloud.write('b', 'changed there');
    engine.local.write('c', 'mine');
    engine.cloud.write('c', 'theirs');
    engine.cloud.write('new', 'n');
    const report = await engine.sync({ changes: 'local' });
    expect(engine.local.texts()).toEqual({
      a: 'changed here',
      b: 'changed there',
      c: 'mine',
      d: '4',
      new: 'n'
    });
    expect(engine.cloud.texts().a).toBe('1');
    expect(report.problems).toMatchObject([{ path: 'a', code: 'left' }]);
    expect(report.conflicts).toMatchObject([{ path: 'c', copy: null }]);
    await engine.sync();
    expect(Object.values(engine.texts()).sort()).toEqual(
      ['4', 'changed here', 'changed there', 'mine', 'n', 'theirs'].sort()
    );
  });

  it('should only push, and delete nothing here', async () => {
    await synced({ a: '1', b: '2', c: '3' });
    engine.cloud.remove('a');
    engine.local.write('b', 'changed here');
    const report = await engine.sync({ changes: 'cloud' });
    expect(report.actions).toMatchObject([{ path: 'b', side: 'cloud' }]);
    expect(engine.local.texts()).toEqual({ a: '1', b: 'changed here', c: '3' });
    await engine.sync();
    expect(engine.texts()).toEqual({ b: 'changed here', c: '3' });
  });
});

describe('verifying', () => {
  it('should find what changed without a sign, and carry it', async () => {
    await synced({ a: '1', b: '2' });
    const { local } = engine;
    const before = engine.journal.memory.local.entries.get('a');
    local.write('a', 'changed without a sign');
    // The memory believes to have seen what is there now.
    const now = local.entry('a')!;
    const entries = new Map(engine.journal.memory.local.entries);
    entries.set('a', { ...now, sha256: before!.sha256 });
    engine.journal.memory = {
      ...engine.journal.memory,
      local: { ...engine.journal.memory.local, entries }
    };
    expect((await engine.sync()).actions).toEqual([]);
    await engine.sync({ verify: true });
    expect(engine.texts()).toEqual({ a: 'changed without a sign', b: '2' });
  });
});
