import type { ConflictSides, FileSide } from '../../../src/tokens';
import { sideWords } from '../../../src/ui/conflicts/side-words';
import { whenWords } from '../../../src/ui/review/when-words';
import { plainTrans } from '../../support/plain-trans';

const NOW = new Date(2026, 4, 20, 15, 0).getTime();
const minutesAgo = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const side = (traits: Partial<FileSide>): FileSide => ({
  path: 'n.txt',
  size: 12,
  sha256: 'a',
  content: null,
  at: null,
  author: null,
  ...traits
});

const words = (traits: Partial<ConflictSides>) =>
  sideWords(
    { path: 'n.txt', copy: null, reason: '', mine: null, theirs: null, base: null, ...traits },
    { account: { id: 'u1', name: 'Alice' }, now: NOW, locale: 'en', trans: plainTrans }
  );

describe('sideWords()', () => {
  it('should say whose the contents are, and when they were made', () => {
    expect(
      words({
        mine: side({ at: minutesAgo(5) }),
        theirs: side({ at: minutesAgo(24 * 60 + 57), author: { id: 'u2', name: 'Bob' } }),
        base: side({ at: minutesAgo(2), author: { id: 'u1', name: 'Alice' } })
      })
    ).toEqual({
      mine: 'Yours: saved 5 minutes ago on this server, 12 bytes',
      theirs: expect.stringMatching(/^Theirs: by Bob, yesterday 2:03\sPM, 12 bytes$/),
      base: 'Both were made from this version: by you, 2 minutes ago, 12 bytes'
    });
  });

  it('should name the copy in which yours was kept', () => {
    expect(words({ copy: 'd/n (conflict 1).txt', mine: side({}) }).mine).toBe(
      'Yours: kept on this server as “n (conflict 1).txt”, 12 bytes'
    );
  });

  it('should claim nothing that is not known', () => {
    expect(words({ theirs: side({ author: { id: 'u2', name: '' } }) })).toEqual({
      mine: 'Yours: there is no such file on this server any more.',
      theirs: 'Theirs: 12 bytes',
      base: 'The version that both were made from is not known any more.'
    });
  });
});

describe('whenWords()', () => {
  const of = (time: Date): string => whenWords(time.toISOString(), NOW, 'en', plainTrans);

  it('should tell minutes, then the day with the time, then the date', () => {
    expect(of(new Date(NOW - 30 * 60_000))).toBe('30 minutes ago');
    expect(of(new Date(2026, 4, 20, 9, 5))).toMatch(/^today 9:05\sAM$/);
    expect(of(new Date(2026, 4, 19, 23, 5))).toMatch(/^yesterday 11:05\sPM$/);
    expect(of(new Date(2026, 4, 18, 9, 5))).toMatch(/^May 18, 2026, 9:05\sAM$/);
  });

  it('should take a clock that is ahead for now', () => {
    expect(of(new Date(NOW + 60_000))).toBe('just now');
  });
});
