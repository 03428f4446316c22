import { conflictPath } from '../../../src/sync/conflict-name';
import { byteLength, nameOf } from '../../../src/sync/path';

const SHA = '1a2b3c4d5e6f';
const free = () => false;

describe('conflictPath', () => {
  it.each([
    ['notes.txt', 'notes (conflict 1a2b3c4d).txt'],
    ['a/b/notes.txt', 'a/b/notes (conflict 1a2b3c4d).txt'],
    ['data.tar.gz', 'data (conflict 1a2b3c4d).tar.gz'],
    ['Makefile', 'Makefile (conflict 1a2b3c4d)'],
    ['.env', '.env (conflict 1a2b3c4d)'],
    ['v1.2.ipynb', 'v1.2 (conflict 1a2b3c4d).ipynb']
  ])('should put the mark before the last extension of %s', (path, expected) => {
    expect(conflictPath(path, SHA, free)).toBe(expected);
  });

  it('should count on while the name is taken by other content', () => {
    const taken = ['a (conflict 1a2b3c4d).txt', 'a (conflict 1a2b3c4d 2).txt'];
    expect(conflictPath('a.txt', SHA, path => taken.includes(path))).toBe(
      'a (conflict 1a2b3c4d 3).txt'
    );
  });

  it.each(['é', '漢', '👩‍👩‍👧', 'e\u0301'])(
    'should cut a long stem of %s between characters to fit 255 bytes',
    character => {
      const stem = character.repeat(Math.floor(251 / byteLength(character)));
      const name = nameOf(conflictPath(`d/${stem}.txt`, SHA, free));
      expect(byteLength(name)).toBeLessThanOrEqual(255);
      expect(name).toMatch(/ \(conflict 1a2b3c4d\)\.txt$/);
      const kept = name.slice(0, name.indexOf(' ('));
      expect(kept).toBe(character.repeat(kept.length / character.length));
    }
  );
});
