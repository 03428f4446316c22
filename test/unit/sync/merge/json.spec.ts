import type { Json } from '../../../../src/sync/merge/json';
import { printJson, readJson, same, stringIn } from '../../../../src/sync/merge/json';

function read(text: string): Json {
  const json = readJson(text);
  if (json === null) {
    throw new Error(`no JSON: ${text}`);
  }
  return json;
}

describe('readJson()', () => {
  it.each([
    '{"b":1.0,"a":12345678901234567890,"10":-0.0,"9":1e+16,"e":1E-7}',
    '["\\u00e9","\\\\","\\"","é","\\/",{"__proto__":{},"":[]}]',
    '[[],{},[{}],null,true,false]',
    '"alone"',
    '7'
  ])('should keep %s as it is written', text => {
    expect(printJson(read(text))).toBe(text);
  });

  it('should read and write what Jupyter writes', () => {
    const text = JSON.stringify({ a: [], b: {}, c: [1, { d: 'x' }], e: { f: null } }, null, 1);
    expect(printJson(read(text), ' ')).toBe(text);
  });

  it.each(['', '{', '{"a":1,}', '[1 2]', "{'a':1}", 'nul', '\uFEFF{}', '{"a":1}x'])(
    'should refuse %j',
    text => {
      expect(readJson(text)).toBeNull();
    }
  );

  it('should refuse one key twice, however it is written', () => {
    expect(readJson('{"a":1,"a":1}')).toBeNull();
    expect(readJson('{"a":1,"\\u0061":1}')).toBeNull();
  });

  it('should refuse what nests too deep instead of overflowing', () => {
    expect(readJson('['.repeat(200) + ']'.repeat(200))).not.toBeNull();
    expect(readJson('['.repeat(50_000) + ']'.repeat(50_000))).toBeNull();
  });
});

describe('same()', () => {
  it.each([
    ['{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }', true],
    ['"\\u00e9"', '"é"', true],
    ['1.0', '1', false],
    ['9007199254740993', '9007199254740992', false],
    ['[1,2]', '[2,1]', false],
    ['{"a":1}', '{"b":1}', false],
    ['{}', '[]', false],
    ['"1"', '1', false]
  ])('should compare %s and %s', (a, b, expected) => {
    expect(same(read(a), read(b))).toBe(expected);
  });
});

describe('stringIn()', () => {
  it('should read strings and nothing else', () => {
    expect(stringIn(read('"a\\n\\u00e9"'))).toBe('a\né');
    expect(stringIn(read('1'))).toBeUndefined();
    expect(stringIn(read('[]'))).toBeUndefined();
  });
});
