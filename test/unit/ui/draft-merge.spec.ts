import { draftMerge } from '../../../src/ui/conflicts/draft-merge';

const lines = (...all: string[]): string => all.map(line => `${line}\n`).join('');

describe('draftMerge()', () => {
  it('should hold what only one side changed, and mark nothing where that is all', () => {
    const base = lines('a', 'b', 'c', 'd', 'e');
    const mine = lines('A', 'b', 'c', 'd', 'e');
    const theirs = lines('a', 'b', 'c', 'd', 'E');
    expect(draftMerge(base, mine, theirs)).toEqual({
      text: lines('A', 'b', 'c', 'd', 'E'),
      regions: []
    });
  });

  it('should have mine where both changed the same, with both sides at hand', () => {
    const base = lines('a', 'b', 'c', 'd', 'e');
    const mine = lines('a', 'mine', 'c', 'd', 'e');
    const theirs = lines('a', 'theirs', 'c', 'd', 'E');
    const { text, regions } = draftMerge(base, mine, theirs);
    expect(text).toBe(lines('a', 'mine', 'c', 'd', 'E'));
    expect(regions).toEqual([{ from: 2, to: 7, mine: 'mine\n', theirs: 'theirs\n' }]);
    expect(text.slice(2, 7)).toBe('mine\n');
  });

  it('should not ask about what both changed alike', () => {
    const same = lines('a', 'x', 'c');
    expect(draftMerge(lines('a', 'b', 'c'), same, same)).toEqual({ text: same, regions: [] });
  });

  it('should take changes that touch for one place', () => {
    const { regions } = draftMerge(lines('a', 'b'), lines('A', 'b'), lines('a', 'B'));
    expect(regions).toMatchObject([{ mine: lines('A', 'b'), theirs: lines('a', 'B') }]);
  });

  it('should mark each difference where it is not known what both were made from', () => {
    const mine = lines('a', 'mine', 'c', 'd');
    const theirs = lines('a', 'theirs', 'c', 'd', 'e');
    const { text, regions } = draftMerge(null, mine, theirs);
    expect(text).toBe(mine);
    expect(regions).toEqual([
      { from: 2, to: 7, mine: 'mine\n', theirs: 'theirs\n' },
      { from: mine.length, to: mine.length, mine: '', theirs: 'e\n' }
    ]);
  });

  it('should keep a last line without an end, and lines that end as on Windows', () => {
    expect(draftMerge('a\r\nb\r\nc', 'a\r\nb\r\nC', 'A\r\nb\r\nc').text).toBe('A\r\nb\r\nC');
  });

  it('should be one side or the other when all places are chosen alike', () => {
    const base = lines('a', 'b', 'c', 'd', 'e', 'f');
    const mine = lines('x', 'b', 'c', 'd', 'f', 'g');
    const theirs = lines('y', 'b', 'c', 'e', 'f', 'h');
    const { text, regions } = draftMerge(base, mine, theirs);
    const chosen = (side: 'mine' | 'theirs'): string =>
      regions.reduceRight(
        (made, region) => made.slice(0, region.from) + region[side] + made.slice(region.to),
        text
      );
    for (const [side, whole] of [
      ['mine', mine],
      ['theirs', theirs]
    ] as const) {
      for (const line of whole.split('\n').filter(each => !base.includes(each))) {
        expect(chosen(side)).toContain(line);
      }
    }
  });
});
