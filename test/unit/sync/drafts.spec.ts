import type { Drafts } from '../../../src/sync/drafts';
import { Engine } from '../../support/engine';

/** A document in which somebody typed, which takes no content but those. */
const draft = (path: string, taken: readonly string[] = []): Drafts => ({
  has: each => each === path,
  admits: (_, content) => content !== null && taken.includes(new TextDecoder().decode(content))
});

let engine: Engine;

beforeEach(async () => {
  engine = new Engine();
  engine.local.write('a.txt', 'old');
  engine.local.write('b.txt', 'old');
  await engine.sync();
});

describe('a file with unsaved work in an open document', () => {
  it('should stay as it is where what comes does not go together with that, and be a conflict', async () => {
    engine.cloud.write('a.txt', 'new');
    engine.cloud.write('b.txt', 'new');
    const drafts = draft('a.txt');
    for (let times = 0; times < 2; times++) {
      const report = await engine.sync({ drafts });
      expect(report.state).toBe('conflicts');
      expect(report.conflicts).toMatchObject([{ path: 'a.txt', copy: null }]);
      expect(engine.local.texts()).toEqual({ 'a.txt': 'old', 'b.txt': 'new' });
      expect(engine.cloud.texts()).toEqual({ 'a.txt': 'new', 'b.txt': 'new' });
    }
    expect(await engine.sync()).toMatchObject({ state: 'synced', conflicts: [] });
    expect(engine.texts()).toEqual({ 'a.txt': 'new', 'b.txt': 'new' });
  });

  it('should become what comes where that goes together with it', async () => {
    engine.cloud.write('a.txt', 'new');
    expect(await engine.sync({ drafts: draft('a.txt', ['new']) })).toMatchObject({
      state: 'synced',
      conflicts: []
    });
    expect(engine.texts()).toMatchObject({ 'a.txt': 'new' });
  });

  it('should not be deleted', async () => {
    engine.cloud.remove('a.txt');
    const report = await engine.sync({ drafts: draft('a.txt') });
    expect(report.conflicts).toMatchObject([{ path: 'a.txt', copy: null }]);
    expect(engine.local.texts()).toMatchObject({ 'a.txt': 'old' });
  });

  it('should be a conflict of files once the work is saved, with all contents kept', async () => {
    engine.cloud.write('a.txt', 'new');
    await engine.sync({ drafts: draft('a.txt') });
    engine.local.write('a.txt', 'saved');
    const { conflicts } = await engine.sync();
    const copy = conflicts[0]?.copy ?? '';
    expect(engine.texts()).toEqual({ 'a.txt': 'new', 'b.txt': 'old', [copy]: 'saved' });
  });

  it('should go to the cloud as it is, and a merge not be written under the work', async () => {
    engine.local.write('a.txt', 'mine');
    expect((await engine.sync({ drafts: draft('a.txt') })).state).toBe('synced');
    expect(engine.cloud.texts()).toMatchObject({ 'a.txt': 'mine' });
    engine.policy = 'merge';
    engine.local.write('a.txt', 'mine, saved');
    engine.cloud.write('a.txt', 'theirs');
    const report = await engine.sync({ drafts: draft('a.txt') });
    expect(report.conflicts).toMatchObject([{ path: 'a.txt', copy: null }]);
    expect(engine.local.texts()).toEqual({ 'a.txt': 'mine, saved', 'b.txt': 'old' });
    expect(engine.cloud.texts()).toEqual({ 'a.txt': 'theirs', 'b.txt': 'old' });
  });
});
