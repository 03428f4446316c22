import { Selection } from '../../../src/ui/selection';

describe('what is remembered of the panel', () => {
  it('is as it was after a reload', () => {
    const before = new Selection();
    before.select('p1');
    before.showActivity(true);
    before.fold('mine', true);
    before.openFolder('p1', 'data', true);
    before.openFolder('p1', 'data/2024', true);
    before.openFolder('p1', 'data', false);
    before.choose({ kind: 'create', path: 'thesis' });
    before.skipSetup(true);
    before.search('not over a reload');
    const after = new Selection();
    after.restore(JSON.parse(JSON.stringify(before)));
    expect(after.toJSON()).toEqual(before.toJSON());
    expect(after.projectId).toBe('p1');
    expect([...after.openFolders('p1')]).toEqual(['data/2024']);
    expect(after.isFolded('mine')).toBe(true);
    expect(after.setup).toEqual({ kind: 'create', path: 'thesis' });
    expect(after.query).toBe('');
  });

  it.each([[undefined], [null], ['text'], [{}], [{ folders: { p1: 5 }, setup: { kind: 'open' } }]])(
    'bears what was never written by it: %j',
    layout => {
      const selection = new Selection();
      selection.restore(layout);
      expect(selection.projectId).toBeNull();
      expect(selection.setup).toBeNull();
      expect([...selection.openFolders('p1')]).toEqual([]);
    }
  );

  it('tells of a change once', () => {
    const selection = new Selection();
    let told = 0;
    selection.changed.connect(() => (told += 1));
    selection.fold('here', true);
    selection.fold('here', true);
    selection.openFolder('p1', 'a', true);
    selection.openFolder('p1', 'a', true);
    expect(told).toBe(2);
  });
});
