import { mergeContents } from '../../../../src/sync/merge/merge';

const bytes = (text: string) => new TextEncoder().encode(text);

function merge(path: string, base: string, local: string, cloud: string): string | null {
  const merged = mergeContents(path, {
    base: bytes(base),
    local: bytes(local),
    cloud: bytes(cloud)
  });
  return merged && new TextDecoder('utf-8', { ignoreBOM: true }).decode(merged);
}

describe('mergeContents()', () => {
  it('should merge text by line, whatever its name', () => {
    expect(merge('a/b.py', 'é\nb\nc\n', 'è\nb\nc\n', 'é\nb\nç\n')).toBe('è\nb\nç\n');
    expect(merge('LICENSE', '\uFEFFa\r\nb\r\nc', '\uFEFFA\r\nb\r\nc', '\uFEFFa\r\nb\r\nC')).toBe(
      '\uFEFFA\r\nb\r\nC'
    );
  });

  it('should take the one side that changed, of any bytes', () => {
    const base = Uint8Array.of(0, 255, 1);
    const changed = Uint8Array.of(0, 254);
    expect(mergeContents('x.png', { base, local: changed, cloud: base })).toEqual(changed);
    expect(mergeContents('x.png', { base, local: base, cloud: changed })).toEqual(changed);
    expect(mergeContents('x.png', { base, local: changed, cloud: changed })).toEqual(changed);
  });

  it('should give bytes of its own', () => {
    const base = bytes('a');
    const local = bytes('b');
    const merged = mergeContents('a.txt', { base, local, cloud: base });
    local[0] = 0;
    expect(merged).toEqual(bytes('b'));
  });

  it('should not be sure of what is no text', () => {
    expect(merge('a.txt', 'a\0\nb\nc', 'A\0\nb\nc', 'a\0\nb\nC')).toBeNull();
    const latin = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));
    expect(
      mergeContents('a.txt', {
        base: latin('é\nb\nc'),
        local: latin('è\nb\nc'),
        cloud: latin('é\nb\nC')
      })
    ).toBeNull();
  });

  it('should not be sure of text above 4 MB on any side', () => {
    const base = `a\n${'x'.repeat(4 * 1024 * 1024 - 4)}\n`;
    expect(merge('a.txt', `${base}c`, `${base}d`, base.replace('a', 'b') + 'c')).toBe(
      base.replace('a', 'b') + 'd'
    );
    expect(merge('a.txt', `${base}c`, `${base}dd`, base.replace('a', 'b') + 'c')).toBeNull();
  });

  it('should not make of JSON what is none', () => {
    const base = '{\n"a": 1,\n"b": 2,\n"c": 3\n}';
    expect(merge('a.json', base, base.replace('1', '7'), base.replace('3', '9'))).toBe(
      '{\n"a": 7,\n"b": 2,\n"c": 9\n}'
    );
    const nested = '[\n1,\n2,\n3,\n4\n]';
    expect(merge('a.json', nested, '[\n1,\n2\n]', '[\n3,\n4\n]')).toBeNull();
  });

  it('should never merge a notebook by line', () => {
    expect(merge('a.ipynb', 'a\nb\nc', 'A\nb\nc', 'a\nb\nC')).toBeNull();
    expect(merge('A.IPYNB', 'a\nb\nc', 'A\nb\nc', 'a\nb\nC')).toBeNull();
  });
});
