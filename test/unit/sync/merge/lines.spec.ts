import { mergeLines } from '../../../../src/sync/merge/lines';

describe('mergeLines()', () => {
  it.each([
    ['changes far apart', 'a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nC\n', 'A\nb\nC\n'],
    ['a change beside nothing', 'a\nb\n', 'a\nB\n', 'a\nb\n', 'a\nB\n'],
    ['one change made on both sides', 'a\nb\nc', 'a\nX\nc', 'a\nX\nc', 'a\nX\nc'],
    ['one deletion made on both sides, and more', 'a\nb\nc\nd', 'a\nc\nd', 'a\nc\nD', 'a\nc\nD'],
    ['a deletion and an addition', 'a\nb\nc\n', 'b\nc\n', 'a\nb\nc\nd\n', 'b\nc\nd\n'],
    [
      'carriage returns',
      'a\r\nb\r\nc\r\n',
      'A\r\nb\r\nc\r\n',
      'a\r\nb\r\nC\r\n',
      'A\r\nb\r\nC\r\n'
    ],
    ['mixed line ends', 'a\r\nb\nc\r\n', 'A\r\nb\nc\r\n', 'a\r\nb\nC\n', 'A\r\nb\nC\n'],
    ['a byte order mark', '\uFEFFa\nb\nc', '\uFEFFa\nb\nC', 'a\nb\nc', 'a\nb\nC'],
    ['a last line feed added', 'a\nb\nc', 'a\nb\nc\n', 'A\nb\nc', 'A\nb\nc\n'],
    ['a last line feed removed', 'a\nb\nc\n', 'a\nb\nc', 'A\nb\nc\n', 'A\nb\nc'],
    [
      'lines named like members of objects',
      '__proto__\nb\nconstructor',
      'x\nb\nconstructor',
      '__proto__\nb\ntoString',
      'x\nb\ntoString'
    ]
  ])('should merge %s', (_, base, local, cloud, merged) => {
    expect(mergeLines(base, local, cloud)).toBe(merged);
    expect(mergeLines(base, cloud, local)).toBe(merged);
  });

  it.each([
    ['one line changed twice', 'a\nb\nc', 'a\nX\nc', 'a\nY\nc'],
    ['neighbouring lines changed', 'a\nb\nc\nd', 'a\nX\nc\nd', 'a\nb\nY\nd'],
    ['different lines added in one place', 'a\nb\n', 'a\nX\nb\n', 'a\nY\nb\n'],
    ['different lines added at the end', 'a\nb\n', 'a\nb\nX\n', 'a\nb\nY\n'],
    ['a line deleted and changed', 'a\nb\nc', 'a\nc', 'a\nB\nc'],
    ['a line deleted and one added beside it', 'a\nb\nc', 'a\nc', 'a\nb\nX\nc'],
    ['the last line feed removed, and a line added', 'a\nb\n', 'a\nb', 'a\nb\nc\n'],
    ['all line ends changed, and a line', 'a\nb\nc\n', 'a\r\nb\r\nc\r\n', 'a\nb\nC\n'],
    ['a new text on either side', '', 'a', 'b']
  ])('should not be sure of %s', (_, base, local, cloud) => {
    expect(mergeLines(base, local, cloud)).toBeNull();
    expect(mergeLines(base, cloud, local)).toBeNull();
  });

  it('should not be sure where repeated lines hide that two changes touch', () => {
    const base = 'a\n}\n}\n}\nb';
    expect(mergeLines(base, 'a\n}\n}\nb', 'a\n}\n}\n}\nX\nb')).toBeNull();
    expect(mergeLines(base, 'a\n}\n}\nb', 'a\nX\n}\n}\n}\nb')).toBeNull();
    expect(mergeLines('x', 'x\na\nx', 'x\nb')).toBeNull();
    expect(mergeLines('x', 'x\na\nx', 'b\nx')).toBeNull();
  });

  it('should take long additions, and give up on texts that have little in common', () => {
    const many = (count: number, mark: string) =>
      Array.from({ length: count }, (_, index) => `${mark}${index}\n`).join('');
    const base = many(1000, 'a');
    expect(mergeLines(base, base + many(50_000, 'b'), `top\n${base}`)).toBe(
      `top\n${base}${many(50_000, 'b')}`
    );
    const other = `${many(3000, 'x')}a500\n${many(3000, 'y')}`;
    expect(mergeLines(base, other, `top\n${base}`)).toBeNull();
  });
});
