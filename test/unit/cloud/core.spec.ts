import type { Entry } from '../../../src/sync/entry';
import type { Known, Operation } from '../../../src/sync/replica';
import { json, refused } from '../../support/fake-fetch';
import type { Answer } from '../../support/fake-fetch';
import { ANY, page, scripted, sha } from './support';
import type { Routes } from './support';

const NOTHING: Known = { entries: new Map(), cursor: null };
const listing = (...items: object[]) => json(page(items));
const inTurn = (...answers: Answer[]) => {
  const left = [...answers];
  return () => left.shift() ?? new Error('asked too often');
};
const core = (routes: Routes) => scripted(routes, null);
const file = (path: string, version: string, size: number) => ({
  path,
  size,
  file_version_id: version
});

describe('a scan of a cloud with the core only', () => {
  it('should take any mark that tells one state from another for a version', async () => {
    const { replica, asked } = core({
      'GET /files': () =>
        listing(
          { path: 'a', size: 1, file_version_id: 'v1', etag: '"e1"' },
          { path: 'b', size: 1, etag: 'W/"e2"' },
          { name: 'c', size: 1, last_modified: '2026-01-01T00:00:00Z' },
          { path: 'd' }
        ),
      'GET /files/a': () => new Response('a'),
      'GET /files/b': () => new Response('b'),
      'GET /files/c': () => new Response('c'),
      'GET /files/d': () => new Response('d')
    });
    const first = await replica.scan(NOTHING, ANY);
    expect([...first.entries].map(([path, entry]) => [path, entry.version])).toEqual([
      ['a', 'v1'],
      ['b', 'e2'],
      ['c', '2026-01-01T00:00:00Z 1'],
      ['d', `sha256:${sha('d')}`]
    ]);
    const before = asked().length;
    const second = await replica.scan(first, ANY);
    expect(second.entries.get('d')).toBe(first.entries.get('d'));
    expect(
      asked()
        .slice(before)
        .filter(each => each.includes('/files/'))
    ).toEqual(['GET /files/d']);
  });

  it('should conclude nothing about a file that changes or goes while it is read', async () => {
    const { replica } = core({
      'GET /files': inTurn(
        listing(file('changed', 'v1', 1), file('gone', 'v2', 1), file('kept', 'v3', 1)),
        listing(file('changed', 'v9', 1), file('kept', 'v3', 1))
      ),
      'GET /files/changed': new Response('x'),
      'GET /files/gone': refused(404, 'not_found'),
      'GET /files/kept': new Response('k')
    });
    const scan = await replica.scan(NOTHING, ANY);
    expect([...scan.entries.keys()]).toEqual(['kept']);
    expect([...scan.unknown].sort()).toEqual(['changed', 'gone']);
    expect(scan.problems).toEqual([]);
  });

  it('should make a file that can not be read a problem of its own', async () => {
    const { replica } = core({
      'GET /files': () => listing(file('bad', 'v1', 1), file('good', 'v2', 1)),
      'GET /files/bad': refused(403, 'forbidden'),
      'GET /files/good': new Response('g')
    });
    const scan = await replica.scan(NOTHING, ANY);
    expect([...scan.entries.keys()]).toEqual(['good']);
    expect(scan.unknown).toEqual(['bad']);
    expect(scan.problems.map(each => each.code)).toEqual(['unreadable']);
  });

  it('should read nothing of a path that leads astray, and take a name listed twice for unknown', async () => {
    const { replica, asked } = core({
      'GET /files': () =>
        listing(
          file('../out', 'v1', 1),
          file('twice', 'v2', 1),
          file('twice', 'v2', 1),
          file('good', 'v3', 1)
        ),
      'GET /files/twice': () => new Response('t'),
      'GET /files/good': () => new Response('g')
    });
    const scan = await replica.scan(NOTHING, ANY);
    expect([...scan.entries.keys()]).toEqual(['good']);
    expect(scan.unknown).toEqual(['twice']);
    expect(scan.problems.map(each => each.code)).toEqual(['invalid-name', 'corrupt']);
    expect(asked().some(each => each.includes('out'))).toBe(false);
  });

  it('should make a file of its own problem that is listed and not given', async () => {
    const { replica } = core({
      'GET /files': () => listing(file('ghost', 'v1', 1), file('good', 'v2', 1)),
      'GET /files/ghost': refused(404, 'not_found'),
      'GET /files/good': new Response('g')
    });
    const scan = await replica.scan(NOTHING, ANY);
    expect(scan.unknown).toEqual(['ghost']);
    expect(scan.problems).toMatchObject([{ path: 'ghost', code: 'unreadable' }]);
  });

  it('should take no content that has not the size that is listed', async () => {
    const { replica, asked } = core({
      'GET /files': () => listing(file('a', 'v1', 5)),
      'GET /files/a': inTurn(
        new Response('shor'),
        new Response('<h1>Sign in</h1>'),
        new Response('shor'),
        new Response('whole')
      )
    });
    const spoilt = await replica.scan(NOTHING, ANY);
    expect([...spoilt.entries]).toEqual([]);
    expect(spoilt.unknown).toEqual(['a']);
    expect(spoilt.problems).toMatchObject([{ path: 'a', code: 'corrupt' }]);
    const scan = await replica.scan(NOTHING, ANY);
    expect(scan.entries.get('a')?.sha256).toBe(sha('whole'));
    expect(asked().filter(each => each === 'GET /files/a')).toHaveLength(4);
  });

  it('should take a hash anew that the next download does not have', async () => {
    const { replica } = core({
      'GET /files': () => listing(file('a', 'v1', 5)),
      'GET /files/a': inTurn(
        new Response('wrong'),
        new Response('right'),
        new Response('right'),
        new Response('right')
      )
    });
    const first = await replica.scan(NOTHING, ANY);
    const entry = first.entries.get('a')!;
    expect(entry.sha256).toBe(sha('wrong'));
    expect(await replica.read([{ path: 'a', entry }], ANY)).toEqual([{ status: 'changed' }]);
    const second = await replica.scan(first, ANY);
    const anew = second.entries.get('a')!;
    expect(anew.sha256).toBe(sha('right'));
    expect(await replica.read([{ path: 'a', entry: anew }], ANY)).toMatchObject([
      { status: 'read' }
    ]);
  });

  it('should keep a folder that it knows and that became empty', async () => {
    const { replica } = core({ 'GET /files': () => listing() });
    const folder: Entry = {
      kind: 'directory',
      size: 0,
      sha256: null,
      version: 'implied',
      id: null,
      seenAt: 0
    };
    const scan = await replica.scan({ entries: new Map([['d', folder]]), cursor: null }, ANY);
    expect([...scan.entries]).toEqual([['d', folder]]);
  });

  it('should refuse a list that was cut short', async () => {
    const { replica } = core({
      'GET /files': () => json(page([file('a', 'v1', 1)], { total_count: 2 }))
    });
    await expect(replica.scan(NOTHING, ANY)).rejects.toMatchObject({ code: 'unexpected-answer' });
  });
});

describe('a write to a cloud with the core only', () => {
  const put = (path: string, expect: Entry | null = null): Operation => ({
    op: 'put',
    path,
    content: new TextEncoder().encode(path),
    sha256: sha(path),
    expect
  });
  const heldAs = (version: string, content: string): Entry => ({
    kind: 'file',
    size: content.length,
    sha256: sha(content),
    version,
    id: null,
    seenAt: 0
  });
  const preload = (path: string) =>
    json({ signed_url: `https://storage.example/${path}`, url: 'u', file_version_id: path });

  it('should let one path fail and do the others', async () => {
    const { replica } = core({
      'GET /files': inTurn(listing(), listing(file('good', 'good', 4))),
      'PUT /file-preload/good': () => preload('good'),
      'PUT /file-preload/bad': () => preload('bad'),
      'PUT https://storage.example': sent =>
        sent.url.endsWith('bad') ? refused(413, 'too_large') : new Response(null),
      'PATCH /file-versions/good': () => new Response(null, { status: 204 })
    });
    const outcomes = await replica.apply([put('bad'), put('good')], ANY);
    expect(outcomes).toMatchObject([
      { status: 'failed', problem: { path: 'bad', code: 'too-large' } },
      { status: 'applied', entry: { version: 'good', size: 4, sha256: sha('good') } }
    ]);
  });

  it('should look anew where it lists, and list once for many', async () => {
    const paths = Array.from({ length: 51 }, (_, index) => `f${index}`);
    const written: string[] = [];
    const { replica, asked } = core({
      'GET /files': () => listing(...written.map(path => file(path, path, path.length))),
      ...Object.fromEntries(
        paths.flatMap(path => [
          [`PUT /file-preload/${path}`, () => preload(path)],
          [
            `PATCH /file-versions/${path}`,
            () => {
              written.push(path);
              return new Response(null, { status: 204 });
            }
          ]
        ])
      ),
      'PUT https://storage.example': () => new Response(null)
    });
    const outcomes = await replica.apply(
      paths.map(path => put(path)),
      ANY
    );
    expect(outcomes.every(outcome => outcome.status === 'applied')).toBe(true);
    expect(asked().filter(each => each.startsWith('GET /files'))).toHaveLength(4);
  });

  it.each([
    ['is not listed after it', () => listing()],
    ['is listed as it was before', () => listing(file('f', 'old', 3))],
    ['is listed with another size', () => listing(file('f', 'f', 2))]
  ])('should not believe an answer to a write that %s', async (_, after) => {
    const { replica } = core({
      'GET /files': inTurn(listing(file('f', 'old', 3)), after()),
      'GET /files/f': () => new Response('old'),
      'PUT /file-preload/f': () => preload('f'),
      'PATCH /file-versions/f': () => new Response(null, { status: 204 }),
      'PUT https://storage.example': () => new Response(null)
    });
    const [outcome] = await replica.apply([put('f', heldAs('old', 'old'))], ANY);
    expect(outcome).toEqual({ status: 'changed' });
  });

  it('should keep the version that it wrote where somebody else wrote since', async () => {
    const { replica } = core({
      'GET /files': inTurn(listing(), listing(file('f', 'theirs', 1))),
      'PUT /file-preload/f': () => preload('f'),
      'PATCH /file-versions/f': () => new Response(null, { status: 204 }),
      'PUT https://storage.example': () => new Response(null)
    });
    const [outcome] = await replica.apply([put('f')], ANY);
    expect(outcome).toMatchObject({ status: 'applied', entry: { version: 'f', sha256: sha('f') } });
  });

  it('should take the page of a network for no answer to a write', async () => {
    const portal = () =>
      new Response('<h1>Sign in</h1>', { headers: { 'Content-Type': 'text/html' } });
    const { replica } = core({
      'GET /files': () => listing(file('f', 'old', 3)),
      'PUT /file-preload/f': () => preload('f'),
      'PATCH /file-versions/f': portal,
      'PUT https://storage.example': () => new Response(null),
      'DELETE /files/f': portal
    });
    const held = heldAs('old', 'old');
    const operations: Operation[] = [put('f', held), { op: 'delete', path: 'f', expect: held }];
    for (const operation of operations) {
      await expect(replica.apply([operation], ANY)).rejects.toMatchObject({
        code: 'unexpected-answer'
      });
    }
  });

  it('should delete nothing at the old name of which another content came', async () => {
    const { replica, asked } = core({
      'GET /files': () => listing(file('d/f', 'v', 3)),
      'GET /files/d/f': () => new Response('cut')
    });
    const entry = heldAs('v', 'all');
    const scan = await replica.scan({ entries: new Map([['d/f', entry]]), cursor: null }, ANY);
    const directory = scan.entries.get('d')!;
    expect(scan.entries.get('d/f')).toBe(entry);
    const moves: Operation[] = [
      { op: 'move', from: 'd/f', path: 'g', expect: entry },
      { op: 'move', from: 'd', path: 'e', expect: directory }
    ];
    for (const move of moves) {
      expect(await replica.apply([move], ANY)).toEqual([{ status: 'changed' }]);
    }
    expect(asked().every(each => each.startsWith('GET'))).toBe(true);
  });
});
