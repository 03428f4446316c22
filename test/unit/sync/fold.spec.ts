import { createFold, foldOf } from '../../../src/sync/fold';
import { mayBeOddOnWindows, whyNotOnWindows } from '../../../src/sync/windows-names';

const CASE = { case: true, unicode: false };
const UNICODE = { case: false, unicode: true };
const BOTH = { case: true, unicode: true };
const composed = 'caf\u00e9';
const apart = 'cafe\u0301';

describe('foldOf()', () => {
  it('should fold what a side does not see, and nothing else', () => {
    expect(foldOf('Data/A.TXT', CASE)).toBe(foldOf('data/a.txt', CASE));
    expect(foldOf('Data/A.TXT', UNICODE)).toBe('Data/A.TXT');
    expect(foldOf(composed, UNICODE)).toBe(foldOf(apart, UNICODE));
    expect(foldOf(composed, CASE)).not.toBe(foldOf(apart, CASE));
    expect(foldOf(composed.toUpperCase(), BOTH)).toBe(foldOf(apart, BOTH));
    expect(foldOf(composed.toUpperCase(), UNICODE)).not.toBe(foldOf(apart, UNICODE));
  });

  it('should fold in full where forms are folded too, and keep dotless i apart', () => {
    expect(foldOf('straße', BOTH)).toBe(foldOf('STRASSE', BOTH));
    expect(foldOf('straße', CASE)).not.toBe(foldOf('strasse', CASE));
    expect(foldOf('σοφός', BOTH)).toBe(foldOf('ΣΟΦΌΣ', BOTH));
    expect(foldOf('kısa', BOTH)).not.toBe(foldOf('kisa', BOTH));
  });

  it('should be its own fold', () => {
    for (const name of ['Ǆ', 'İx', 'ŉ', 'ﬁ', composed, '漢字', '🦉', 'ΐ']) {
      expect(foldOf(foldOf(name, BOTH), BOTH)).toBe(foldOf(name, BOTH));
    }
  });
});

describe('createFold()', () => {
  it('should fold whole paths as foldOf() does', () => {
    for (const folding of [CASE, UNICODE, BOTH]) {
      const fold = createFold(folding);
      for (const path of [
        'A/b',
        `${composed}/${apart}/X`,
        `${apart}/${apart}/x`,
        'ß/ı/İ',
        'ΑΣ/Σ'
      ]) {
        expect(fold(path)).toBe(foldOf(path, folding));
      }
    }
  });
});

describe('whyNotOnWindows()', () => {
  const odd = [
    'C:x',
    'd/a\\b',
    'what?',
    'a|b',
    '<b>',
    '"q"',
    '*',
    'dot.',
    'dot./x',
    'space ',
    'CON',
    'nul.txt',
    'd/Com1.log',
    'lpt9',
    'aux/x'
  ];
  it.each(odd)('should tell why %j is none there', path => {
    expect(mayBeOddOnWindows(path)).toBe(true);
    expect(whyNotOnWindows(path)).toEqual(expect.any(String));
  });

  it.each(['a.b/c d', '.hidden', 'console.txt', 'com10', 'nullable', '漢字', "it's", 'a&b;c'])(
    'should let %j pass',
    path => expect(whyNotOnWindows(path)).toBeNull()
  );
});
