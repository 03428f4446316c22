import type { Action, StopReason } from '../../../src/sync/report';
import { takenAway, wordWords, wordsFor } from '../../../src/ui/stopped';
import { report } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';

function action(traits: Partial<Action>): Action {
  return { path: 'a', side: 'cloud', kind: 'delete', reason: '', bytes: 0, ...traits };
}

const here = report({ actions: [action({ side: 'local' })] });
const there = report({ actions: [action({ side: 'cloud' })] });

describe('wordsFor()', () => {
  it.each([
    ['mass-delete', there, ['restore', 'approve']],
    ['root-emptied', there, ['restore', 'approve']],
    ['root-missing', there, ['restore', 'approve']],
    ['root-missing', here, []],
    ['all-changed', there, ['approve']],
    ['cloud-restored', there, ['approve']],
    ['root-replaced', there, []],
    ['offline', there, []]
  ] as const)('offers what has an effect on %s', (stopReason: StopReason, preview, words) => {
    expect(wordsFor(report({ state: 'stopped', stopReason }), preview)).toEqual(words);
  });

  it('offers nothing on a run that was not stopped', () => {
    expect(wordsFor(report({ state: 'synced' }), there)).toEqual([]);
  });
});

describe('takenAway()', () => {
  it('is what is deleted or overwritten', () => {
    const taken = [action({ path: 'a' }), action({ path: 'b', kind: 'update' })];
    const actions = [...taken, action({ path: 'c', kind: 'create' }), action({ kind: 'move' })];
    expect(takenAway(report({ actions }))).toEqual(taken);
  });
});

describe('wordWords()', () => {
  it('tells that a cloud that was restored is merged', () => {
    const restored = report({ state: 'stopped', stopReason: 'cloud-restored' });
    expect(wordWords('approve', restored, plainTrans).effect).toContain('nothing is deleted');
    expect(wordWords('approve', report(), plainTrans).effect).toContain('would delete');
  });
});
