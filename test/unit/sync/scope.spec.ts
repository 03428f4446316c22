import { Engine } from '../../support/engine';

let engine: Engine;

beforeEach(async () => {
  engine = new Engine();
  for (const name of ['a', 'b', 'd/c', 'd/e']) {
    engine.local.write(name, `${name} 1`);
  }
  expect((await engine.sync()).state).toBe('synced');
});

const changedOn = (
  side: 'local' | 'cloud',
  report: { actions: readonly { side: string; path: string }[] }
) => report.actions.filter(action => action.side === side).map(({ path }) => path);

describe('a run that is told where to look', () => {
  it('should look there alone, and at what the cloud tells', async () => {
    engine.local.write('a', 'a 2');
    engine.local.write('b', 'b 2');
    engine.local.write('d/new', 'new');
    engine.cloud.write('d/e', 'd/e 2');
    const report = await engine.sync({ only: ['a', 'd/new'] });
    expect(report.state).toBe('synced');
    expect(changedOn('cloud', report).sort()).toEqual(['a', 'd/new']);
    expect(changedOn('local', report)).toEqual(['d/e']);
    expect(engine.cloud.texts()).toMatchObject({ b: 'b 1' });
    expect(changedOn('cloud', await engine.sync())).toEqual(['b']);
    expect(engine.texts()).toEqual({
      a: 'a 2',
      b: 'b 2',
      'd/c': 'd/c 1',
      'd/e': 'd/e 2',
      'd/new': 'new'
    });
  });

  it('should see there what is gone, and take nothing else for gone', async () => {
    engine.local.remove('a');
    engine.local.remove('d/c');
    const report = await engine.sync({ only: ['a'] });
    expect(report.actions).toEqual([
      expect.objectContaining({ kind: 'delete', path: 'a', side: 'cloud' })
    ]);
    expect(Object.keys(engine.cloud.texts()).sort()).toEqual(['b', 'd/c', 'd/e']);
  });

  it('should look at everything where what was seen last lacks some of what was agreed', async () => {
    engine.local.unknown.add('d/c');
    await engine.sync();
    engine.local.unknown.clear();
    engine.local.write('b', 'b 2');
    const report = await engine.sync({ only: ['a'] });
    expect(changedOn('cloud', report)).toEqual(['b']);
    expect(engine.texts()).toMatchObject({ b: 'b 2', 'd/c': 'd/c 1' });
  });

  it('should look at everything once something is not as it was known', async () => {
    engine.local.write('b', 'b by hand');
    engine.cloud.write('b', 'b 2');
    const report = await engine.sync({ only: [] });
    expect(report.state).toBe('conflicts');
    const texts = engine.texts();
    expect(Object.values(texts).sort()).toEqual(['a 1', 'b 2', 'b by hand', 'd/c 1', 'd/e 1']);
  });

  it('should not hide a deletion of most files from the guard', async () => {
    for (const name of ['f', 'g', 'h', 'i', 'j', 'k']) {
      engine.local.write(name, name);
    }
    await engine.sync();
    const gone = ['f', 'g', 'h', 'i', 'j', 'k'];
    gone.forEach(name => engine.local.remove(name));
    expect(await engine.sync({ only: gone })).toMatchObject({
      state: 'stopped',
      stopReason: 'mass-delete'
    });
  });
});

describe('files that are being written', () => {
  it('should be left as they are, whatever else there is to do, and synced once they are whole', async () => {
    engine.local.write('a', 'a ha');
    engine.local.write('b', 'b 2');
    engine.cloud.write('d/c', 'd/c 2');
    engine.local.write('d/c', 'd/c ha');
    const report = await engine.sync({ busy: ['a', 'd/c', 'half'] });
    expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
    expect(changedOn('cloud', report)).toEqual(['b']);
    expect(engine.cloud.texts()).toMatchObject({ a: 'a 1', 'd/c': 'd/c 2' });
    expect(engine.local.texts()).toMatchObject({ a: 'a ha', 'd/c': 'd/c ha' });
    engine.local.write('a', 'a half and whole');
    engine.local.write('d/c', 'd/c 2');
    await engine.sync();
    expect(engine.texts()).toMatchObject({ a: 'a half and whole', 'd/c': 'd/c 2' });
  });
});
