import { comparisonOf } from '../../../src/ui/review/content-kind';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('comparisonOf()', () => {
  it('should take for text what is UTF-8 without a NUL, whatever it is called', () => {
    expect(comparisonOf('a/b.unknown', [bytes('é'), bytes('')])).toEqual({
      kind: 'text',
      texts: ['é', '']
    });
  });

  it('should keep a byte order mark', () => {
    expect(comparisonOf('a.txt', [bytes('\ufeffa')])).toMatchObject({ texts: ['\ufeffa'] });
  });

  it.each([
    ['a NUL', bytes('a\0b')],
    ['what is no UTF-8', new Uint8Array([0xff, 0xfe, 0xfd])]
  ])('should tell only facts of %s', (_, content) => {
    expect(comparisonOf('a.txt', [bytes('a'), content])).toEqual({ kind: 'facts', why: 'binary' });
  });

  it('should tell only facts where a content is not at hand', () => {
    expect(comparisonOf('a.txt', [bytes('a'), null])).toEqual({ kind: 'facts', why: 'missing' });
  });

  it('should tell only facts of a text that is too large for an editor', () => {
    const large = new Uint8Array(5 * 1024 * 1024).fill(97);
    expect(comparisonOf('a.txt', [bytes('a'), large])).toEqual({ kind: 'facts', why: 'large' });
  });

  it('should know images and notebooks by their names', () => {
    expect(comparisonOf('a.PNG', [bytes('x')])).toEqual({ kind: 'image', mimeType: 'image/png' });
    expect(comparisonOf('a.ipynb', [bytes('{}')])).toEqual({ kind: 'notebook', texts: ['{}'] });
  });
});
