import { randomUUID } from 'node:crypto';

import type { CommitRequest, PreloadsRequest } from '../../../src/cloud/schemas';
import type { Entry } from '../../../src/sync/entry';
import type { Operation, Outcome } from '../../../src/sync/replica';
import { json, refused } from '../../support/fake-fetch';
import type { Answer, Sent } from '../../support/fake-fetch';
import { ANY, directoryAt, entryFor, EPOCH, fileAt, FULL, page, scripted, sha } from './support';
import type { Routes } from './support';

const STORAGE = 'https://storage.example';

type Put = Extract<Operation, { op: 'put' }>;

function put(path: string, content: string, expected: Entry | null = null): Put {
  const bytes = new TextEncoder().encode(content);
  return { op: 'put', path, content: bytes, sha256: sha(bytes), expect: expected };
}

/** A cloud that takes everything; routes change that. */
function cloud(routes: Routes = {}) {
  const announced = new Map<string, { sha256: string; size: number }>();
  return scripted({
    'POST /file-preloads': sent => {
      const items = sent.json<PreloadsRequest>().files.map(file => {
        const version = randomUUID();
        announced.set(version, file);
        return {
          path: file.path,
          file_version_id: version,
          signed_url: `${STORAGE}/${version}?signature=1`
        };
      });
      return json({ items });
    },
    [`PUT ${STORAGE}`]: () => new Response(null),
    'POST /commits': sent =>
      json({
        revision: 9,
        results: sent.json<CommitRequest>().operations.map(operation => {
          if (operation.op === 'put') {
            const { sha256, size } = announced.get(operation.file_version_id)!;
            const file = fileAt(operation.path, '', { sha256, size });
            return {
              path: operation.path,
              status: 'applied',
              file: { ...file, file_version_id: operation.file_version_id }
            };
          }
          const path = operation.op === 'move' ? operation.to : operation.path;
          const file = operation.op === 'delete' ? null : directoryAt(path);
          return { path, status: 'applied', file };
        })
      }),
    ...routes
  });
}

const commits = (sent: readonly Sent[]) =>
  sent.filter(each => each.path.endsWith('/commits')).map(each => each.json<CommitRequest>());
const result = (path: string, status: string, file: object | null): Answer =>
  json({ revision: 9, results: [{ path, status, file }] });
const problem = (outcome: Outcome | undefined) =>
  outcome?.status === 'failed' ? outcome.problem.code : outcome?.status;

describe('CloudReplica#apply()', () => {
  it('should take a merge for made only where what it was made of is kept, whoever else brought the same', async () => {
    const there = fileAt('a.txt', 'merged');
    const { replica } = cloud({
      'POST /commits': sent =>
        json({
          revision: 9,
          results: sent
            .json<CommitRequest>()
            .operations.map(() => ({ path: 'a.txt', status: 'conflict', file: there }))
        })
    });
    const mine = new TextEncoder().encode('mine');
    const merge = put('a.txt', 'merged', entryFor(fileAt('a.txt', 'old')));
    const keep = { content: mine, sha256: sha(mine) };
    expect(await replica.apply([{ ...merge, keep }], ANY)).toEqual([{ status: 'changed' }]);
    expect(await replica.apply([merge], ANY)).toMatchObject([{ status: 'applied' }]);
  });

  it('should announce once, send each content, and commit once', async () => {
    const { replica, asked, fake } = cloud();
    const old = entryFor(fileAt('b.txt', 'old'));
    let moved = 0;
    const outcomes = await replica.apply([put('a.txt', 'aaa'), put('b.txt', 'bb', old)], {
      ...ANY,
      onBytes: bytes => {
        moved += bytes;
      }
    });
    expect(outcomes.map(problem)).toEqual(['applied', 'applied']);
    expect(outcomes[0]).toMatchObject({ entry: { kind: 'file', size: 3, sha256: sha('aaa') } });
    expect(moved).toBe(5);
    expect(asked().filter(each => each.startsWith('POST'))).toEqual([
      'POST /file-preloads',
      'POST /commits'
    ]);
    const uploads = fake.sent.filter(each => each.method === 'PUT');
    expect(uploads.map(each => new TextDecoder().decode(each.body as Uint8Array)).sort()).toEqual([
      'aaa',
      'bb'
    ]);
    expect(commits(fake.sent)[0]!.operations).toMatchObject([
      { op: 'put', path: 'a.txt', if_version: null },
      { op: 'put', path: 'b.txt', if_version: old.version }
    ]);
  });

  it('should send no content that the project holds already', async () => {
    const { replica, fake } = cloud({
      'POST /file-preloads': json({
        items: [{ path: 'a.txt', file_version_id: randomUUID(), signed_url: null }]
      }),
      'POST /commits': result('a.txt', 'applied', fileAt('a.txt', 'aaa'))
    });
    expect((await replica.apply([put('a.txt', 'aaa')], ANY)).map(problem)).toEqual(['applied']);
    expect(fake.sent.filter(each => each.method === 'PUT')).toEqual([]);
  });

  it('should send a large file by parts, each again by itself, and none that arrived before', async () => {
    const failures = new Map([['/2', 2]]);
    const version = randomUUID();
    const part = (number: number, offset: number, size: number, arrived = false) => ({
      number,
      offset,
      size,
      signed_url: arrived ? null : `${STORAGE}/${number}?signature=1`
    });
    const { replica, fake } = cloud({
      'POST /file-preloads': json({
        items: [
          {
            path: 'a.bin',
            file_version_id: version,
            signed_url: `${STORAGE}/whole`,
            parts: [part(1, 0, 2, true), part(2, 2, 2), part(3, 4, 1)]
          }
        ]
      }),
      [`PUT ${STORAGE}`]: sent => {
        const left = failures.get(new URL(sent.url).pathname) ?? 0;
        failures.set(new URL(sent.url).pathname, left - 1);
        return left > 0 ? refused(503, 'busy') : new Response(null);
      },
      'POST /commits': result('a.bin', 'applied', fileAt('a.bin', 'abcde'))
    });
    let moved = 0;
    const outcomes = await replica.apply([put('a.bin', 'abcde')], {
      ...ANY,
      onBytes: bytes => {
        moved += bytes;
      }
    });
    expect(outcomes.map(problem)).toEqual(['applied']);
    const bodies = fake.sent
      .filter(each => each.method === 'PUT')
      .map(each => [new URL(each.url).pathname, new TextDecoder().decode(each.body as Uint8Array)]);
    expect(bodies.filter(([path]) => path === '/2')).toEqual([
      ['/2', 'cd'],
      ['/2', 'cd'],
      ['/2', 'cd']
    ]);
    expect(bodies.filter(([path]) => path !== '/2')).toEqual([['/3', 'e']]);
    expect(moved).toBe(3);
  });

  it('should send no more parts of a file that was refused, and all others', async () => {
    const version = randomUUID();
    const parts = Array.from({ length: 30 }, (_, index) => ({
      number: index + 1,
      offset: index,
      size: 1,
      signed_url: `${STORAGE}/${index + 1}`
    }));
    const { replica, fake } = cloud({
      'POST /file-preloads': json({
        items: [
          { path: 'bad', file_version_id: version, signed_url: null, parts },
          { path: 'good', file_version_id: version, signed_url: `${STORAGE}/good` }
        ]
      }),
      [`PUT ${STORAGE}`]: sent =>
        sent.url.endsWith('good') ? new Response(null) : refused(507, 'quota_exceeded'),
      'POST /commits': result('good', 'applied', fileAt('good', 'good'))
    });
    const outcomes = await replica.apply([put('bad', 'x'.repeat(30)), put('good', 'good')], ANY);
    expect(outcomes.map(problem)).toEqual(['quota-exceeded', 'applied']);
    expect(fake.sent.filter(each => each.method === 'PUT').length).toBeLessThan(15);
  });

  it('should commit in chunks of what the cloud takes', async () => {
    const { replica, fake } = cloud();
    const operations = Array.from({ length: 9 }, (_, index) => ({
      op: 'mkdir' as const,
      path: `d${index}`
    }));
    const outcomes = await replica.apply(operations, ANY);
    expect(outcomes.map(problem)).toEqual(operations.map(() => 'applied'));
    const sent = commits(fake.sent);
    expect(sent.map(each => each.operations.length)).toEqual([4, 4, 1]);
    expect(new Set(sent.map(each => each.idempotency_key)).size).toBe(3);
  });

  it('should send a commit again with its key when the answer was lost', async () => {
    let tries = 0;
    const { replica, fake } = cloud({
      'POST /commits': () => {
        tries += 1;
        return tries < 3 ? new TypeError('terminated') : result('a', 'applied', directoryAt('a'));
      }
    });
    const outcomes = await replica.apply([{ op: 'mkdir', path: 'a' }], ANY);
    expect(outcomes.map(problem)).toEqual(['applied']);
    const keys = commits(fake.sent).map(each => each.idempotency_key);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    );
  });

  it('should move a folder only if nothing in it changed since the scan', async () => {
    const folder = directoryAt('d');
    const { replica, fake } = cloud({
      'GET /files': json(page([folder, fileAt('f', 'f')], { revision: 7, epoch: EPOCH })),
      'GET /changes': json({ items: [], revision: 8, epoch: EPOCH, has_more: false })
    });
    const known = await replica.scan({ entries: new Map(), cursor: null }, ANY);
    const moveOf = (from: string): Operation => ({
      op: 'move',
      from,
      path: 'm',
      expect: known.entries.get(from)!
    });
    await replica.apply([moveOf('d')], ANY);
    await replica.scan(known, ANY);
    await replica.apply([moveOf('d'), moveOf('f')], ANY);
    const moves = commits(fake.sent).flatMap(({ operations }) => operations);
    expect(moves.map(each => 'if_revision' in each && each.if_revision)).toEqual([7, 8, false]);
  });

  it('should tell what a commit did though the next one is not answered', async () => {
    const paths = ['a', 'b', 'c', 'd', 'e', 'f'];
    let answered = 0;
    const { replica } = cloud({
      'POST /commits': sent => {
        answered += 1;
        const { operations } = sent.json<CommitRequest>();
        return answered > 1
          ? new TypeError('terminated')
          : json({
              revision: 9,
              results: operations.flatMap(each =>
                each.op === 'mkdir'
                  ? [{ path: each.path, status: 'applied', file: directoryAt(each.path) }]
                  : []
              )
            });
      }
    });
    const told: [number, string][] = [];
    const applied = replica.apply(
      paths.map(path => ({ op: 'mkdir', path })),
      { ...ANY, onOutcome: (index, { status }) => told.push([index, status]) }
    );
    await expect(applied).rejects.toMatchObject({ code: 'offline' });
    expect(told).toEqual([0, 1, 2, 3].map(index => [index, 'applied']));
  });

  describe('where a condition does not hold', () => {
    const old = fileAt('a.txt', 'old');
    const theirs = fileAt('a.txt', 'theirs');
    const folder = directoryAt('d');
    const moved = { ...old, path: 'b.txt' };
    const move: Operation = { op: 'move', from: 'a.txt', path: 'b.txt', expect: entryFor(old) };
    const cases: [string, Operation, object | null, string][] = [
      ['a put over other content', put('a.txt', 'mine'), theirs, 'changed'],
      ['a put over a directory', put('d', 'mine'), folder, 'changed'],
      ['a put of what is gone', put('a.txt', 'mine', entryFor(old)), null, 'changed'],
      ['a put of what is there', put('a.txt', 'theirs'), theirs, 'applied'],
      [
        'a deletion of other content',
        { op: 'delete', path: 'a.txt', expect: entryFor(old) },
        theirs,
        'changed'
      ],
      [
        'a deletion of what is gone',
        { op: 'delete', path: 'a.txt', expect: entryFor(old) },
        null,
        'applied'
      ],
      [
        'a deletion of a full folder',
        { op: 'delete', path: 'd', expect: entryFor(folder) },
        folder,
        'not-empty'
      ],
      ['a move onto something', move, fileAt('b.txt', 'b'), 'changed'],
      ['a move of what changed', move, theirs, 'changed'],
      ['a move of what is gone', move, null, 'changed'],
      ['a move that was made', move, moved, 'applied'],
      ['a folder over a file', { op: 'mkdir', path: 'a.txt' }, old, 'failed']
    ];

    it.each(cases)('should tell of %s', async (_, operation, file, expected) => {
      const { replica } = cloud({ 'POST /commits': result(operation.path, 'conflict', file) });
      const outcomes = await replica.apply([operation], ANY);
      expect(outcomes.map(problem)).toEqual([expected]);
    });
  });

  it('should send content again that did not arrive, once', async () => {
    let tries = 0;
    const missing = (path: string) => result(path, 'missing_content', null);
    const { replica, fake } = cloud({
      'POST /commits': () => {
        tries += 1;
        return tries === 1 ? missing('a.txt') : result('a.txt', 'applied', fileAt('a.txt', 'aaa'));
      }
    });
    expect((await replica.apply([put('a.txt', 'aaa')], ANY)).map(problem)).toEqual(['applied']);
    expect(fake.sent.filter(each => each.method === 'PUT')).toHaveLength(2);

    const never = cloud({ 'POST /commits': () => missing('a.txt') });
    expect((await never.replica.apply([put('a.txt', 'aaa')], ANY)).map(problem)).toEqual([
      'corrupt'
    ]);
    expect(never.fake.sent.filter(each => each.method === 'PUT')).toHaveLength(2);
  });

  it('should announce again what a signed URL was too old for, once', async () => {
    let tries = 0;
    const { replica, asked } = cloud({
      [`PUT ${STORAGE}`]: () => {
        tries += 1;
        return tries === 1 ? refused(403, 'signature_expired') : new Response(null);
      }
    });
    expect((await replica.apply([put('a.txt', 'aaa')], ANY)).map(problem)).toEqual(['applied']);
    expect(asked().filter(each => each === 'POST /file-preloads')).toHaveLength(2);

    const never = cloud({ [`PUT ${STORAGE}`]: () => refused(403, 'signature_expired') });
    const outcomes = await never.replica.apply([put('a.txt', 'aaa')], ANY);
    expect(outcomes.map(problem)).toEqual(['failed']);
    expect(JSON.stringify(outcomes)).not.toContain('signature=');
  });

  describe('with one path that the cloud refuses', () => {
    const operations = ['a', 'b', 'bad', 'c', 'd'].map(path => put(path, path));

    it.each([
      [413, 'too_large', 'too-large'],
      [507, 'quota_exceeded', 'quota-exceeded'],
      [422, 'invalid_path', 'invalid-name'],
      [422, 'something_else', 'failed']
    ])(
      'should put all others through an announcement that ends in %d %s',
      async (status, code, expected) => {
        const { replica, fake } = cloud({
          'POST /file-preloads': sent =>
            sent.json<PreloadsRequest>().files.some(file => file.path === 'bad')
              ? refused(status, code)
              : json({
                  items: sent.json<PreloadsRequest>().files.map(file => ({
                    path: file.path,
                    file_version_id: randomUUID(),
                    signed_url: null
                  }))
                }),
          'POST /commits': sent =>
            json({
              revision: 1,
              results: sent.json<CommitRequest>().operations.map(each => ({
                path: 'path' in each ? each.path : '',
                status: 'applied',
                file: fileAt(String(each['path']), String(each['path']))
              }))
            })
        });
        const outcomes = await replica.apply(operations, ANY);
        expect(outcomes.map(problem)).toEqual([
          'applied',
          'applied',
          expected,
          'applied',
          'applied'
        ]);
        expect(fake.sent.length).toBeGreaterThan(0);
      }
    );

    it('should put all others through a commit that is refused', async () => {
      const folders = ['a', 'b', 'bad', 'c'].map(path => ({ op: 'mkdir' as const, path }));
      const { replica, fake } = cloud({
        'POST /commits': sent => {
          const paths = sent.json<CommitRequest>().operations.map(each => String(each['path']));
          return paths.includes('bad')
            ? refused(507, 'quota_exceeded')
            : json({
                revision: 1,
                results: paths.map(path => ({ path, status: 'applied', file: directoryAt(path) }))
              });
        }
      });
      const outcomes = await replica.apply(folders, ANY);
      expect(outcomes.map(problem)).toEqual(['applied', 'applied', 'quota-exceeded', 'applied']);
      const keys = commits(fake.sent).map(each => each.idempotency_key);
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('should tell of content that did not arrive as it was announced', async () => {
      const { replica } = cloud({
        [`PUT ${STORAGE}`]: sent =>
          String(new TextDecoder().decode(sent.body as Uint8Array)) === 'bad'
            ? refused(422, 'content_mismatch')
            : new Response(null)
      });
      const outcomes = await replica.apply(operations.slice(0, 4), ANY);
      expect(outcomes.map(problem)).toEqual(['applied', 'applied', 'corrupt', 'applied']);
    });

    it('should ask nothing about a file that is larger than the cloud says it takes', async () => {
      const { replica, fake } = cloud();
      const large = put('large', 'x'.repeat(FULL.limits.max_file_size! + 1));
      const outcomes = await replica.apply([large, put('a', 'a')], ANY);
      expect(outcomes.map(problem)).toEqual(['too-large', 'applied']);
      const asked = fake.sent.find(each => each.path.endsWith('/file-preloads'));
      expect(asked!.json<PreloadsRequest>().files.map(file => file.path)).toEqual(['a']);
    });

    it('should ask nothing about a path that no project can hold', async () => {
      const { replica, fake } = cloud();
      const outcomes = await replica.apply([put('../x', 'x')], ANY);
      expect(outcomes.map(problem)).toEqual(['invalid-name']);
      expect(fake.sent.filter(each => each.method !== 'GET')).toEqual([]);
    });
  });

  it('should tell a reader of each path that it may not be changed, and ask once', async () => {
    const { replica, asked } = cloud({ 'POST /file-preloads': refused(403, 'forbidden') });
    const outcomes = await replica.apply([put('a', 'a'), put('b', 'b')], ANY);
    expect(outcomes.map(problem)).toEqual(['forbidden', 'forbidden']);
    expect(asked()).toEqual(['POST /file-preloads']);
  });

  it('should end where the cloud can not be reached any more', async () => {
    const { replica } = cloud({ [`PUT ${STORAGE}`]: () => new TypeError('fetch failed') });
    await expect(replica.apply([put('a', 'a')], ANY)).rejects.toMatchObject({ code: 'offline' });
  });

  it('should refuse an answer that claims other content than was sent', async () => {
    const { replica } = cloud({
      'POST /commits': result('a', 'applied', fileAt('a', 'something else'))
    });
    await expect(replica.apply([put('a', 'a')], ANY)).rejects.toMatchObject({
      code: 'unexpected-answer'
    });
  });
});
