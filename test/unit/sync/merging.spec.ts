import { createHash } from 'node:crypto';

import { ReplicaError } from '../../../src/sync/problem';
import { Engine } from '../../support/engine';
import type { MemoryReplica } from '../../support/memory-replica';

const BASE = 'one\ntwo\nthree\nfour\nfive\n';
const MINE = 'ONE\ntwo\nthree\nfour\nfive\n';
const THEIRS = 'one\ntwo\nthree\nfour\nFIVE\n';
const BOTH = 'ONE\ntwo\nthree\nfour\nFIVE\n';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');

let engine: Engine;
let local: MemoryReplica;
let cloud: MemoryReplica;

beforeEach(async () => {
  engine = new Engine();
  engine.policy = 'merge';
  ({ local, cloud } = engine);
  local.write('n.txt', BASE);
  local.write('keep', 'k');
  await engine.sync();
});

/** What the cloud has kept of the file, as text. */
async function version(text: string): Promise<boolean> {
  return (await cloud.recall({ path: 'n.txt', sha256: sha(text) })) !== null;
}

describe('a conflict, when the policy is to merge', () => {
  it('should become one file with both changes, and each content a version in the cloud', async () => {
    local.write('n.txt', MINE);
    cloud.write('n.txt', THEIRS);
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ 'n.txt': BOTH, keep: 'k' });
    expect(report).toMatchObject({ state: 'synced', conflicts: [] });
    expect(report.actions.map(({ side, kind }) => [side, kind])).toEqual([
      ['cloud', 'update'],
      ['local', 'update']
    ]);
    expect([await version(MINE), await version(THEIRS)]).toEqual([true, true]);
    expect((await engine.sync()).actions).toEqual([]);
    expect(engine.journal.memory.base.get('n.txt')?.sha256).toBe(sha(BOTH));
  });

  it('should keep the local content as a version even where the cloud has it all', async () => {
    local.write('n.txt', MINE);
    cloud.write('n.txt', BOTH);
    await engine.sync();
    expect(engine.texts()).toEqual({ 'n.txt': BOTH, keep: 'k' });
    expect(await version(MINE)).toBe(true);
    expect((await engine.sync()).actions).toEqual([]);
  });

  it('should keep both where the merge is not sure', async () => {
    local.write('n.txt', BASE.replace('three', 'mine'));
    cloud.write('n.txt', BASE.replace('three', 'theirs'));
    expect((await engine.sync()).state).toBe('conflicts');
    expect(Object.keys(engine.texts())).toHaveLength(3);
  });

  it('should keep both where the two have no common past', async () => {
    local.write('new.txt', MINE);
    cloud.write('new.txt', THEIRS);
    expect((await engine.sync()).state).toBe('conflicts');
  });

  it('should not overwrite the local file before the merge is in the cloud', async () => {
    local.write('n.txt', MINE);
    cloud.write('n.txt', THEIRS);
    cloud.before = call =>
      call.call === 'apply'
        ? { path: 'n.txt', code: 'quota-exceeded', message: 'The project is full.' }
        : undefined;
    const report = await engine.sync();
    expect(report.problems).toMatchObject([{ code: 'quota-exceeded' }]);
    expect(local.texts()['n.txt']).toBe(MINE);
  });

  it('should take up an edit made while the merge was on its way', async () => {
    local.write('n.txt', MINE);
    cloud.write('n.txt', THEIRS);
    let edited = false;
    local.before = call => {
      if (call.call === 'apply' && !edited) {
        edited = true;
        local.write('n.txt', MINE.replace('three', 'THREE'));
      }
    };
    await engine.sync();
    expect(engine.texts()['n.txt']).toBe(BOTH.replace('three', 'THREE'));
  });

  it('should write a merge again that a crash cut short', async () => {
    local.write('n.txt', MINE);
    cloud.write('n.txt', THEIRS);
    local.before = call => {
      if (call.call === 'apply') {
        local.write('n.txt', BOTH.slice(0, 7));
        throw new ReplicaError('offline', 'killed');
      }
    };
    await engine.sync();
    local.before = null;
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ 'n.txt': BOTH, keep: 'k' });
    expect(report.conflicts).toEqual([]);
  });

  it('should meet a move with edits on both sides at the new name', async () => {
    local.rename('n.txt', 'moved.txt');
    cloud.write('n.txt', THEIRS);
    await engine.sync();
    expect(engine.texts()).toEqual({ 'moved.txt': THEIRS, keep: 'k' });
  });
});
