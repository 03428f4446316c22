import { createHash } from 'node:crypto';

import { Engine } from '../../support/engine';
import type { MemoryReplica } from '../../support/memory-replica';

const copyOf = (stem: string, extension: string, text: string) =>
  `${stem} (conflict ${createHash('sha256').update(text).digest('hex').slice(0, 8)})${extension}`;

let engine: Engine;
let local: MemoryReplica;
let cloud: MemoryReplica;

beforeEach(() => {
  engine = new Engine();
  ({ local, cloud } = engine);
});

async function synced(texts: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    local.write(path, text);
  }
  expect((await engine.sync()).state).toBe('synced');
}

describe.each(['local', 'cloud'] as const)('what was moved on the %s side', side => {
  const other = side === 'local' ? 'cloud' : 'local';

  it('should be moved on the other side by one operation without content', async () => {
    await synced({ a: '1', keep: '2' });
    engine[side].rename('a', 'd/b');
    const written = engine[other].bytes.written;
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ 'd/b': '1', keep: '2' });
    expect(report.actions).toEqual([
      expect.objectContaining({ kind: 'mkdir', path: 'd' }),
      expect.objectContaining({ kind: 'move', from: 'a', path: 'd/b', side: other, bytes: 0 })
    ]);
    expect(engine[other].bytes.written).toBe(written);
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should be one operation for a folder, whatever it holds', async () => {
    await synced({ 'd/a': '1', 'd/e/b': '2', 'd/e/c': '3', keep: '4' });
    local.mkdir('d/empty');
    await engine.sync();
    engine[side].rename('d', 'm/n');
    const report = await engine.sync();
    expect(report.actions.filter(({ kind }) => kind === 'move')).toHaveLength(1);
    expect(report.actions.filter(({ kind }) => kind === 'delete')).toHaveLength(0);
    expect(engine.texts()).toEqual({ 'm/n/a': '1', 'm/n/e/b': '2', 'm/n/e/c': '3', keep: '4' });
    expect(local.directories()).toEqual(['m', 'm/n', 'm/n/e', 'm/n/empty']);
    expect((await engine.sync()).actions).toEqual([]);
    expect(engine.journal.memory.intents).toEqual([]);
  });

  it('should be one operation for a folder with files of one content, when one tells where it went', async () => {
    await synced({
      'd/__init__.py': '',
      'd/e/__init__.py': '',
      'd/code.py': '1',
      'x/__init__.py': ''
    });
    engine[side].rename('d', 'm');
    engine[side].write('y/__init__.py', '');
    const report = await engine.sync();
    expect(report.actions.map(({ kind, path }) => [kind, path])).toEqual([
      ['mkdir', 'y'],
      ['move', 'm'],
      ['create', 'y/__init__.py']
    ]);
    expect(engine.texts()).toEqual({
      'm/__init__.py': '',
      'm/code.py': '1',
      'm/e/__init__.py': '',
      'x/__init__.py': '',
      'y/__init__.py': ''
    });
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should not be guessed where files of one content went when folders were split', async () => {
    await synced({ 'd/a': '', 'd/b': '1', 'd/c': '2', keep: '3' });
    engine[side].rename('d/b', 'm/b');
    engine[side].rename('d/c', 'n/c');
    engine[side].rename('d/a', 'n/a');
    engine[side].write('m/a', '');
    const { actions } = await engine.sync();
    expect(actions.filter(({ kind }) => kind === 'move').map(({ path }) => path)).toEqual([
      'm/b',
      'n/c'
    ]);
    expect(engine.texts()).toEqual({ keep: '3', 'm/a': '', 'm/b': '1', 'n/a': '', 'n/c': '2' });
  });

  it('should meet an edit of the other side at the new name', async () => {
    await synced({ a: '1', keep: '2' });
    engine[side].rename('a', 'b');
    engine[other].write('a', '1 edited');
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ b: '1 edited', keep: '2' });
    expect(report).toMatchObject({ state: 'synced', conflicts: [] });
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should carry a moved folder in which the other side edited and added', async () => {
    await synced({ 'd/a': '1', 'd/b': '2', keep: '3' });
    engine[side].rename('d', 'e');
    engine[other].write('d/a', '1 edited');
    engine[other].write('d/new', 'new');
    await engine.sync();
    await engine.sync();
    expect(engine.texts()).toEqual({ 'e/a': '1 edited', 'e/b': '2', 'd/new': 'new', keep: '3' });
  });

  it('should not be taken for a move when its content is not unique', async () => {
    await synced({ a: 'same', b: 'same', keep: '2' });
    engine[side].remove('a');
    engine[side].remove('b');
    engine[side].write('c', 'same');
    await engine.sync();
    expect(engine.texts()).toEqual({ c: 'same', keep: '2' });
  });

  it('should not follow from an absence that could not be seen', async () => {
    await synced({ 'd/a': '1', keep: '2' });
    engine[side].unknown.add('d');
    engine[side].write('b', '1');
    await engine.sync();
    expect(engine[other].texts()).toEqual({ 'd/a': '1', b: '1', keep: '2' });
  });
});

describe('moves on both sides', () => {
  it('should keep both names when both moved the same file', async () => {
    await synced({ a: '1', keep: '2' });
    local.rename('a', 'b');
    cloud.rename('a', 'c');
    await engine.sync();
    expect(engine.texts()).toEqual({ b: '1', c: '1', keep: '2' });
  });

  it('should go both ways where each side moved a folder into the other’s', async () => {
    await synced({ 'a/f': '1', 'b/g': '2', keep: '3' });
    local.rename('a', 'b/a');
    cloud.rename('b', 'a/b');
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'synced', bytesUp: 0, bytesDown: 0 });
    expect(engine.texts()).toEqual({ 'a/b/g': '2', 'b/a/f': '1', keep: '3' });
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should keep both names where both sides moved one folder', async () => {
    await synced({ 'd/f': '1', 'd/g': '2', keep: '3' });
    local.rename('d', 'here');
    cloud.rename('d', 'there');
    await engine.sync();
    expect(engine.texts()).toEqual({
      'here/f': '1',
      'here/g': '2',
      'there/f': '1',
      'there/g': '2',
      keep: '3'
    });
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should do nothing when both moved it to the same name', async () => {
    await synced({ a: '1', keep: '2' });
    local.rename('a', 'b');
    cloud.rename('a', 'b');
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should be a conflict to land on the other side’s new file', async () => {
    await synced({ a: '1', keep: '2' });
    local.rename('a', 'b.txt');
    cloud.write('b.txt', 'theirs');
    await engine.sync();
    expect(engine.texts()).toEqual({
      'b.txt': 'theirs',
      [copyOf('b', '.txt', '1')]: '1',
      keep: '2'
    });
  });

  it('should carry a swap and a cycle of names', async () => {
    await synced({ a: '1', b: '2', c: '3' });
    local.write('a', '2');
    local.write('b', '3');
    local.write('c', '1');
    await engine.sync();
    expect(engine.texts()).toEqual({ a: '2', b: '3', c: '1' });
  });

  it('should not count as deletions, however many', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `f${i}`);
    await synced(Object.fromEntries(names.map(name => [name, name])));
    for (const name of names) {
      local.rename(name, `moved/${name}`);
    }
    expect((await engine.sync()).state).toBe('synced');
    expect(Object.keys(engine.texts())).toHaveLength(12);
  });

  it('should plan anew when the file to be moved was edited while the run was on', async () => {
    await synced({ a: '1', keep: '2' });
    local.rename('a', 'b');
    let edited = false;
    cloud.before = call => {
      if (call.call === 'apply' && !edited) {
        edited = true;
        cloud.write('a', '1 edited');
      }
    };
    await engine.sync();
    expect(engine.texts()).toEqual({ b: '1 edited', keep: '2' });
  });
});
