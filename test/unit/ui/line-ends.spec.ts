import { withLineFeeds } from '../../../src/ui/conflicts/line-ends';

describe('withLineFeeds()', () => {
  it('should give back line ends as on Windows where all texts have them', () => {
    const { texts, back } = withLineFeeds(['a\r\nb', 'c\r\n', 'one line']);
    expect(texts).toEqual(['a\nb', 'c\n', 'one line']);
    expect(back('a\nnew\r\nb')).toBe('a\r\nnew\r\nb');
  });

  it.each([
    ['of several kinds', ['a\r\nb\n', 'c\r\n']],
    ['of Unix', ['a\nb', 'c']],
    ['that differ between the texts', ['a\r\nb', 'a\nb']]
  ])('should leave line ends %s as they are', (_, given) => {
    const { texts, back } = withLineFeeds(given);
    expect(texts).toEqual(given);
    expect(back('x\r\ny\n')).toBe('x\r\ny\n');
  });
});
