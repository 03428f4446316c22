import { openConflicts } from '../../../src/ui/open-conflicts';
import { report } from '../../support/fake-projects';

const files = [
  { path: 'a/b.txt', status: 'conflict', reason: 'changed on both sides' },
  { path: 'a/b (conflict 0123abcd).txt', status: 'conflict', reason: 'kept beside' },
  { path: 'lone (conflict 0123abcd 2).txt', status: 'conflict', reason: 'changed on both sides' },
  { path: 'fine.txt', status: 'synced', reason: '' }
] as const;

describe('openConflicts()', () => {
  it('are those of the last sync', () => {
    const conflicts = [{ path: 'x', copy: null, reason: '' }];
    expect(openConflicts(report({ state: 'conflicts', conflicts }), files)).toEqual(conflicts);
    expect(openConflicts(report(), files)).toEqual([]);
  });

  it.each([null, report({ state: 'failed' }), report({ state: 'stopped' })])(
    'are those of the files where the last sync did not get so far, each copy with its file',
    last => {
      expect(openConflicts(last, files)).toEqual([
        { path: 'a/b.txt', copy: 'a/b (conflict 0123abcd).txt', reason: 'changed on both sides' },
        {
          path: 'lone (conflict 0123abcd 2).txt',
          copy: null,
          reason: 'changed on both sides'
        }
      ]);
    }
  );

  it('are none while nothing is known', () => {
    expect(openConflicts(null, null)).toEqual([]);
  });
});
