import type { Contents } from '@jupyterlab/services';

import { cursorOf, KnownLinks, linksFrom } from '../../../src/local/links';

const TIME = '2026-01-02T03:04:05.678901Z';
const NONE = new Map<string, string>();

function listed(name: string, last_modified: string): Contents.IModel {
  const rest = { path: name, content: null, format: null, mimetype: '', writable: true };
  return { name, type: 'directory', created: TIME, last_modified, ...rest };
}

describe('what is remembered of links', () => {
  it('should come back as it was, whatever the names', () => {
    const links = new Map([
      ['__proto__', TIME],
      ['b/"quoted" 漢', TIME],
      ['a', '2020-01-01T00:00:00Z']
    ]);
    expect(new Map(linksFrom(cursorOf(links)))).toEqual(links);
    expect(cursorOf(new Map([...links].reverse()))).toBe(cursorOf(links));
  });

  it('should be nothing where the helper never looked, which is another thing than that there are none', () => {
    expect(linksFrom(null)).toBeNull();
    expect(linksFrom('17')).toBeNull();
    expect(linksFrom('{}')).toBeNull();
    expect(linksFrom(cursorOf(NONE))).toEqual(NONE);
  });
});

describe('KnownLinks', () => {
  it('should know a link by its path, and one that was moved by its name and time', () => {
    const links = new KnownLinks(cursorOf(new Map([['a/up', TIME]])), NONE);
    expect(links.meets('a/up', listed('up', 'another time'))).toBe(true);
    expect(links.meets('b/up', listed('up', TIME))).toBe(true);
    expect(links.meets('b/up', listed('up', 'another time'))).toBe(false);
    expect(links.meets('b', listed('b', TIME))).toBe(false);
  });

  it('should tell what lies behind a link', () => {
    const links = new KnownLinks(cursorOf(new Map([['a/up', TIME]])), NONE);
    expect(links.on('a/up')).toBe('a/up');
    expect(links.on('a/up/x/y')).toBe('a/up');
    expect(links.on('a/upper')).toBeNull();
    expect(links.on('a')).toBeNull();
  });

  it('should have remembered what the page alone has seen, and nothing be saved for what is remembered', () => {
    const cursor = cursorOf(new Map([['a', TIME]]));
    const more = new KnownLinks(cursor, new Map([['b', TIME]])).memory;
    expect([...(linksFrom(more.cursor) ?? [])]).toEqual([
      ['a', TIME],
      ['b', TIME]
    ]);
    expect(more.isFar).toBe(true);
    expect(new KnownLinks(cursor, new Map([['a', TIME]])).memory).toEqual({
      cursor,
      isFar: false
    });
    expect(new KnownLinks(null, NONE).memory).toEqual({ cursor: null, isFar: false });
  });

  it('should take the root for replaced only where it was a directory', () => {
    const root = new Map([['', '']]);
    expect(new KnownLinks(cursorOf(NONE), root).isRootReplaced).toBe(true);
    expect(new KnownLinks(cursorOf(NONE), root).memory.cursor).toBe(cursorOf(NONE));
    expect(new KnownLinks(null, root).isRootReplaced).toBe(false);
  });
});
