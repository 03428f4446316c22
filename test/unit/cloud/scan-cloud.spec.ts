import type { Entry } from '../../../src/sync/entry';
import type { Known } from '../../../src/sync/replica';
import { json, refused } from '../../support/fake-fetch';
import type { Answer } from '../../support/fake-fetch';
import {
  ANY,
  directoryAt,
  entryFor,
  EPOCH,
  fileAt,
  OTHER_EPOCH,
  page,
  scripted,
  sha
} from './support';

const NOTHING: Known = { entries: new Map(), cursor: null };
const at = (revision: number, epoch = EPOCH) => `${epoch}:${revision}`;
const feed = (items: readonly object[], revision: number, more: object = {}) =>
  json({ items, revision, has_more: false, ...more });
const listing = (items: readonly object[], revision: number, more: object = {}) =>
  json(page(items, { revision, epoch: EPOCH, ...more }));
const inTurn = (...answers: Answer[]) => {
  const left = [...answers];
  return () => left.shift() ?? new Error('asked too often');
};

function known(cursor: string | null, ...files: Parameters<typeof entryFor>[0][]): Known {
  return {
    entries: new Map<string, Entry>(files.map(file => [file.path, entryFor(file)])),
    cursor
  };
}

describe('CloudReplica#scan()', () => {
  const folder = directoryAt('d');
  const one = fileAt('d/one.txt', 'one');
  const two = fileAt('two.txt', 'two');

  it('should list a project that it does not know', async () => {
    const { replica, asked } = scripted({ 'GET /files': listing([folder, one, two], 7) });
    const scan = await replica.scan(NOTHING, ANY);
    expect(scan).toMatchObject({ root: 'present', cursor: at(7), unknown: [], problems: [] });
    expect([...scan.entries.keys()]).toEqual(['d', 'd/one.txt', 'two.txt']);
    expect(scan.entries.get('d/one.txt')).toEqual({
      kind: 'file',
      size: 3,
      sha256: sha('one'),
      version: one.file_version_id,
      id: one.file_id,
      seenAt: Date.parse(one.updated_at)
    });
    expect(asked()).toEqual(['GET /files?limit=1000']);
  });

  it.each([1, 500])('should say of a feed of %d items whether its end is far', async count => {
    const items = Array.from({ length: count }, () => two);
    const { replica } = scripted({ 'GET /changes': feed(items, 9) });
    expect((await replica.scan(known(at(7), two), ANY)).isFar).toBe(count === 500);
  });

  it('should cost exactly one request where nothing changed', async () => {
    const { replica, asked, fake } = scripted({ 'GET /changes': feed([], 7) });
    const before = known(at(7), folder, one, two);
    const scan = await replica.scan(before, ANY);
    expect(scan.entries).toBe(before.entries);
    expect(scan.cursor).toBe(at(7));
    expect(asked()).toEqual([`GET /changes?since=7&epoch=${EPOCH}&limit=1000`]);
    expect(fake.sent).toHaveLength(1);
  });

  it('should ask the project for its epoch where the listing does not tell', async () => {
    const { replica } = scripted({
      'GET /files': json(page([two], { revision: 7 })),
      'GET /': json({
        id: EPOCH,
        name: 'one',
        owner: { type: 'user', id: EPOCH },
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-01T00:00:00Z',
        epoch: EPOCH
      })
    });
    expect((await replica.scan(NOTHING, ANY)).cursor).toBe(at(7));
  });

  describe('with the feed', () => {
    it('should take in what is new, edited and deleted, over several pages', async () => {
      const edited = fileAt('two.txt', 'TWO', { file_id: two.file_id, revision: 8 });
      const created = fileAt('three.txt', 'three', { revision: 9 });
      const { replica, asked } = scripted({
        'GET /changes': inTurn(
          feed([edited], 8, { has_more: true }),
          feed([created, { ...one, sha256: null, deleted: true, revision: 10 }], 10)
        )
      });
      const scan = await replica.scan(known(at(7), folder, one, two), ANY);
      expect([...scan.entries.keys()].sort()).toEqual(['d', 'three.txt', 'two.txt']);
      expect(scan.entries.get('two.txt')?.sha256).toBe(sha('TWO'));
      expect(scan.cursor).toBe(at(10));
      expect(asked().map(each => each.slice(0, 20))).toEqual([
        'GET /changes?since=7',
        'GET /changes?since=8'
      ]);
    });

    it('should drop the old name of a moved file, whether the feed says so or not', async () => {
      const moved = { ...two, path: 'd/moved.txt', revision: 8 };
      const tombstone = { ...two, deleted: true, revision: 9 };
      for (const items of [[moved], [moved, tombstone], [tombstone, moved]]) {
        const { replica } = scripted({ 'GET /changes': feed(items, 9) });
        const scan = await replica.scan(known(at(7), folder, one, two), ANY);
        expect([...scan.entries.keys()].sort()).toEqual(['d', 'd/moved.txt', 'd/one.txt']);
      }
    });

    it('should keep what took the old name of a moved file', async () => {
      const moved = { ...two, path: 'moved.txt', revision: 9 };
      const taken = fileAt('two.txt', 'another', { revision: 8 });
      const { replica } = scripted({ 'GET /changes': feed([taken, moved], 9) });
      const scan = await replica.scan(known(at(7), two), ANY);
      expect(scan.entries.get('two.txt')?.sha256).toBe(sha('another'));
      expect(scan.entries.get('moved.txt')?.sha256).toBe(sha('two'));
    });

    it('should forget a path that was filled and emptied again by others', async () => {
      const gone = fileAt('two.txt', 'another', { deleted: true, revision: 9 });
      const { replica } = scripted({ 'GET /changes': feed([gone], 9) });
      expect((await replica.scan(known(at(7), two), ANY)).entries.size).toBe(0);
    });

    it('should list everything where the changes do not fit what is known', async () => {
      const orphan = fileAt('nowhere/x.txt', 'x', { revision: 8 });
      const { replica } = scripted({
        'GET /changes': feed([orphan], 8),
        'GET /files': listing([directoryAt('nowhere'), orphan, two], 8)
      });
      const scan = await replica.scan(known(at(7), two), ANY);
      expect([...scan.entries.keys()].sort()).toEqual(['nowhere', 'nowhere/x.txt', 'two.txt']);
    });

    it('should not wait for ever for a feed that does not go on', async () => {
      const { replica } = scripted({ 'GET /changes': () => feed([], 7, { has_more: true }) });
      await expect(replica.scan(known(at(7), two), ANY)).rejects.toMatchObject({
        code: 'unexpected-answer'
      });
    });

    it.each([
      ['nothing', [], 'reject'],
      ['ever more', [two], 'list']
    ])('should not wait for ever for a feed that brings %s', async (_, items, outcome) => {
      let revision = 7;
      const { replica, asked } = scripted({
        'GET /changes': () => feed(items, (revision += 1), { has_more: true }),
        'GET /files': () => listing([two], revision)
      });
      const scan = replica.scan(known(at(7), two), ANY);
      if (outcome === 'reject') {
        await expect(scan).rejects.toMatchObject({ code: 'unexpected-answer' });
        expect(asked().length).toBeLessThan(100);
      } else {
        expect((await scan).entries.size).toBe(1);
        expect(asked().length).toBeLessThan(1100);
      }
    });

    it('should list everything after revision_expired, as a later state of the same cloud', async () => {
      const { replica } = scripted({
        'GET /changes': refused(410, 'revision_expired'),
        'GET /files': listing([two], 90)
      });
      const before = known(at(7), two);
      const scan = await replica.scan(before, ANY);
      expect(scan).toMatchObject({ root: 'present', cursor: at(90) });
      expect(scan.entries.get('two.txt')).toBe(before.entries.get('two.txt'));
    });

    it('should tell a restored cloud: by the epoch, by a revision behind, and by its listing', async () => {
      const restored = { 'GET /files': listing([two], 3, { epoch: OTHER_EPOCH }) };
      for (const changes of [
        refused(410, 'epoch_changed'),
        feed([], 6),
        feed([], 8, { epoch: OTHER_EPOCH }),
        refused(410, 'revision_expired')
      ]) {
        const { replica } = scripted({ 'GET /changes': changes, ...restored });
        const scan = await replica.scan(known(at(7), two), ANY);
        expect(scan).toMatchObject({ root: 'restored', cursor: at(3, OTHER_EPOCH) });
        expect(scan.entries.size).toBe(1);
      }
    });
  });

  it('should list everything when asked to verify, and still tell a restored cloud', async () => {
    const wrong = fileAt('two.txt', 'what it never held', { file_version_id: two.file_version_id });
    const { replica, asked } = scripted({ 'GET /files': () => listing([two], 7) });
    const scan = await replica.scan(known(at(7), wrong), { ...ANY, verify: true });
    expect(scan.entries.get('two.txt')?.sha256).toBe(sha('two'));
    expect(asked()).toEqual(['GET /files?limit=1000']);
    const ahead = await replica.scan(known(at(8), wrong), { ...ANY, verify: true });
    expect(ahead.root).toBe('restored');
  });

  it('should tell that the project is gone, with and without a cursor', async () => {
    const { replica } = scripted({
      'GET /changes': () => refused(404, 'not_found'),
      'GET /files': () => refused(404, 'not_found')
    });
    for (const before of [NOTHING, known(at(7), two)]) {
      const scan = await replica.scan(before, ANY);
      expect(scan).toMatchObject({ root: 'missing', cursor: null });
      expect(scan.entries.size).toBe(0);
    }
  });

  it('should list a cloud that lost its extensions as the core has it', async () => {
    const item = { path: 'two.txt', size: 3, file_version_id: two.file_version_id };
    const { replica, asked } = scripted(
      { 'GET /changes': refused(404, 'not_found'), 'GET /files': json(page([item])) },
      null
    );
    const before = known(at(7), two);
    const scan = await replica.scan(before, ANY);
    expect(scan).toMatchObject({ root: 'present', cursor: null });
    expect(scan.entries.get('two.txt')).toBe(before.entries.get('two.txt'));
    expect(asked().map(each => each.split('?')[0])).toEqual(['GET /changes', 'GET /files']);
  });

  it('should write nothing without conditions where the feed has just answered', async () => {
    const { replica, asked } = scripted({ 'GET /changes': feed([], 7) }, null);
    const before = known(at(7), two);
    await replica.scan(before, ANY);
    const asking = asked().length;
    const held = before.entries.get('two.txt')!;
    await expect(
      replica.apply([{ op: 'delete', path: 'two.txt', expect: held }], ANY)
    ).rejects.toMatchObject({ code: 'unexpected-answer' });
    expect(asked()).toHaveLength(asking);
  });

  it.each([401, 403, 500, 503])('should conclude nothing from a %d', async status => {
    const { replica } = scripted({ 'GET /changes': () => refused(status, 'x') });
    await expect(replica.scan(known(at(7), two), ANY)).rejects.toMatchObject({ status });
  });

  describe('of a listing in pages', () => {
    const next = (cursor: number) =>
      `https://cloud.example/api/projects/11111111-1111-4111-8111-111111111111/files?cursor=${cursor}`;

    it('should list again until all pages are of one revision', async () => {
      const first = (revision: number) =>
        listing([one], revision, { total_count: 3, next_page_url: next(2) });
      const second = (revision: number) => listing([folder, two], revision, { total_count: 3 });
      const { replica, asked } = scripted({
        'GET /files': inTurn(first(7), second(8), first(8), second(8))
      });
      const scan = await replica.scan(NOTHING, ANY);
      expect(asked()).toHaveLength(4);
      expect(scan.cursor).toBe(at(8));
      expect(scan.entries.size).toBe(3);
    });

    it.each([
      ['nothing', () => []],
      ['ever more', () => [two]]
    ])('should not follow pages for ever that hold %s', async (_, items) => {
      let cursor = 0;
      const { replica, asked } = scripted({
        'GET /files': () =>
          listing(items(), 7, { total_count: 2, next_page_url: next((cursor += 1)) })
      });
      await expect(replica.scan(NOTHING, ANY)).rejects.toMatchObject({ code: 'unexpected-answer' });
      expect(asked().length).toBeLessThan(100);
    });

    it('should give up on a listing that never adds up', async () => {
      const { replica } = scripted({ 'GET /files': () => listing([two], 7, { total_count: 2 }) });
      await expect(replica.scan(NOTHING, ANY)).rejects.toMatchObject({ code: 'unexpected-answer' });
    });
  });

  describe('of a cloud that means harm', () => {
    it('should make no entry of a path that leads astray', async () => {
      const bad = ['../out.txt', '/abs.txt', 'd/../../x', 'a//b', 'nul\u0000', ''];
      const { replica } = scripted({
        'GET /files': listing([...bad.map(path => fileAt(path, 'x')), two], 7)
      });
      const scan = await replica.scan(NOTHING, ANY);
      expect([...scan.entries.keys()]).toEqual(['two.txt']);
      expect(scan.problems.map(problem => [problem.path, problem.code])).toEqual(
        bad.map(path => [path, 'invalid-name'])
      );
      expect(scan.cursor).toBeNull();
    });

    it.each(['../out.txt', 'tab\there', 'nul\u0000'])(
      'should make no entry of %j from the feed either',
      async path => {
        const bad = fileAt(path, 'x', { revision: 8 });
        const { replica } = scripted({
          'GET /changes': feed([bad], 8),
          'GET /files': listing([bad, two], 8)
        });
        const scan = await replica.scan(known(at(7), two), ANY);
        expect([...scan.entries.keys()]).toEqual(['two.txt']);
        expect(scan.problems).toHaveLength(1);
      }
    );

    it('should take a name that is listed twice for unknown, with all below it', async () => {
      const { replica } = scripted({
        'GET /files': listing([folder, one, directoryAt('d'), two], 7)
      });
      const scan = await replica.scan(NOTHING, ANY);
      expect([...scan.entries.keys()]).toEqual(['two.txt']);
      expect(scan.unknown).toEqual(['d']);
      expect(scan.problems.map(problem => problem.code)).toEqual(['corrupt']);
      expect(scan.cursor).toBeNull();
    });

    it('should take a file in a folder that is not listed for unknown', async () => {
      const { replica } = scripted({ 'GET /files': listing([one, two], 7) });
      const scan = await replica.scan(NOTHING, ANY);
      expect([...scan.entries.keys()]).toEqual(['two.txt']);
      expect(scan.unknown).toEqual(['d']);
    });

    it('should refuse a file without a hash, and a negative size', async () => {
      for (const odd of [
        { ...two, sha256: null },
        { ...two, size: -1 }
      ]) {
        const { replica } = scripted({ 'GET /files': listing([odd], 7) });
        await expect(replica.scan(NOTHING, ANY)).rejects.toMatchObject({
          code: 'unexpected-answer',
          message: expect.stringContaining('GET /{id}/files: items.0.')
        });
      }
    });
  });

  it('should leave out what is ignored, and never ask below it', async () => {
    const asked: string[] = [];
    const ignores = (path: string) => {
      asked.push(path);
      return path === 'd' || path === 'two.txt';
    };
    const three = fileAt('three.txt', '3');
    const { replica } = scripted({
      'GET /files': listing([one, folder, two, three], 7),
      'GET /changes': feed([], 7)
    });
    const listed = await replica.scan(NOTHING, { ...ANY, ignores });
    expect([...listed.entries.keys()]).toEqual(['three.txt']);
    expect(asked).not.toContain('d/one.txt');
    const followed = await replica.scan(known(at(7), folder, one, three), { ...ANY, ignores });
    expect([...followed.entries.keys()]).toEqual(['three.txt']);
  });
});
