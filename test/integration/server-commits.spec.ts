import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ChangesPage, CommitAnswer } from '../../src/cloud/schemas';
import { type CloudApp, sha256, startApp } from '../support/cloud-app';

describe('commits and changes', () => {
  let app: CloudApp;
  let id: string;

  beforeAll(async () => {
    app = await startApp();
  });

  beforeEach(async () => {
    id = await app.alice.project();
  });

  afterAll(() => app.close());

  async function revision(): Promise<number> {
    return (await app.alice.get(`/${id}`)).body.revision;
  }

  async function changes(since: number, query = ''): Promise<ChangesPage> {
    return ChangesPage.parse((await app.alice.get(`/${id}/changes?since=${since}${query}`)).body);
  }

  const brief = ({ items }: ChangesPage) =>
    items.map(({ path, deleted }) => (deleted ? `-${path}` : path));

  describe('operations', () => {
    it('apply in order, the second seeing the first', async () => {
      const [one, two] = await app.alice.upload(id, { 'a/b': 'one', 'a/c': 'two' });
      const { results, revision: at } = await app.alice.commit(id, [
        { op: 'put', path: 'a/b', file_version_id: one, if_version: null },
        { op: 'put', path: 'a/b', file_version_id: two, if_version: one },
        { op: 'put', path: 'a/b', file_version_id: one, if_version: null },
        { op: 'delete', path: 'a/b', if_version: two },
        { op: 'delete', path: 'a/b', if_version: two }
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        'applied',
        'applied',
        'conflict',
        'applied',
        'conflict'
      ]);
      expect(results[2]?.file?.file_version_id).toBe(two);
      expect(results[4]?.file).toBeNull();
      expect(await revision()).toBe(at);
      const held = (await app.alice.get(`/${id}/file-versions?path=a/b`)).body.items;
      expect(held.map(each => each.sha256)).toEqual([sha256('two'), sha256('one')]);
    });

    it('are refused each on its own', async () => {
      const [good] = await app.alice.upload(id, { good: 'text' });
      await app.alice.put(id, 'file', 'x');
      await app.alice.one(id, { op: 'mkdir', path: 'dir' });
      const { body } = await app.alice.post(`/${id}/file-preloads`, {
        files: [{ path: 'later', size: 1, sha256: sha256('1') }]
      });
      const put = (path: string, version: unknown = good) => ({
        op: 'put',
        path,
        file_version_id: version,
        if_version: null
      });
      const { results } = await app.alice.commit(id, [
        put('../up'),
        put('half \ud800'),
        put('later', body.items[0]?.file_version_id),
        put('unknown', randomUUID()),
        put('file/below'),
        { op: 'mkdir', path: 'file' },
        { op: 'mkdir', path: 'dir' },
        put('dir'),
        put('good')
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        'invalid',
        'invalid',
        'missing_content',
        'missing_content',
        'conflict',
        'conflict',
        'applied',
        'conflict',
        'applied'
      ]);
      expect([...(await app.alice.files(id)).keys()]).toEqual(['dir', 'file', 'good']);
    });

    it('put over a directory is refused, whatever version is named', async () => {
      const { file } = await app.alice.one(id, { op: 'mkdir', path: 'd' });
      const [version] = await app.alice.upload(id, { d: 'text' });
      const operation = { op: 'put', path: 'd', file_version_id: version };
      expect(
        await app.alice.one(id, { ...operation, if_version: file?.file_version_id })
      ).toMatchObject({ status: 'conflict', file: { kind: 'directory' } });
    });

    it('put again what is there already changes nothing', async () => {
      const file = await app.alice.put(id, 'a', 'text');
      const at = await revision();
      const operation = { op: 'put', path: 'a', file_version_id: file.file_version_id };
      expect(await app.alice.one(id, { ...operation, if_version: null })).toMatchObject({
        status: 'applied',
        file: { revision: file.revision }
      });
      expect(await revision()).toBe(at);
    });

    it('keep a file’s id over new contents, and give a new file a new one', async () => {
      const one = await app.alice.put(id, 'a', 'one');
      const two = await app.alice.put(id, 'a', 'two');
      expect([two.file_id, two.created_at]).toEqual([one.file_id, one.created_at]);
      await app.alice.one(id, { op: 'delete', path: 'a', if_version: two.file_version_id });
      const three = await app.alice.put(id, 'a', 'one');
      expect(three.file_id).not.toBe(one.file_id);
    });

    it('delete a directory only when it is empty', async () => {
      const file = await app.alice.put(id, 'd/e/f', 'x');
      const version = async (path: string) =>
        (await app.alice.files(id)).get(path)?.file_version_id;
      const remove = async (path: string) => ({
        op: 'delete',
        path,
        if_version: await version(path)
      });
      const refused = await app.alice.one(id, await remove('d'));
      expect(refused).toMatchObject({ status: 'conflict', file: { path: 'd' } });
      expect((await app.alice.call('DELETE', `/${id}/files/d`)).status).toBe(409);
      const { results } = await app.alice.commit(id, [
        { op: 'delete', path: 'd/e/f', if_version: file.file_version_id },
        await remove('d/e'),
        await remove('d')
      ]);
      expect(results.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
      expect((await app.alice.files(id)).size).toBe(0);
    });

    it('of an unknown kind, or none at all, are refused as a whole', async () => {
      for (const operations of [[{ op: 'rename', path: 'a' }], [], 'x']) {
        const answer = await app.alice.post(`/${id}/commits`, {
          idempotency_key: randomUUID(),
          operations
        });
        expect(answer.status).toBe(422);
      }
    });

    it('beyond the limit are refused as a whole', async () => {
      const operations = Array.from({ length: 1001 }, (_, n) => ({ op: 'mkdir', path: `d${n}` }));
      const body = { idempotency_key: 'k', operations };
      expect((await app.alice.post(`/${id}/commits`, body)).status).toBe(413);
      expect((await app.alice.files(id)).size).toBe(0);
    });
  });

  describe('moves', () => {
    it('keep the file and its version', async () => {
      const file = await app.alice.put(id, 'a', 'text');
      const since = await revision();
      const result = await app.alice.one(id, {
        op: 'move',
        from: 'a',
        to: 'x/b',
        if_version: file.file_version_id
      });
      expect(result).toMatchObject({
        path: 'x/b',
        status: 'applied',
        file: { path: 'x/b', file_id: file.file_id, file_version_id: file.file_version_id }
      });
      expect(brief(await changes(since)).sort()).toEqual(['-a', 'x', 'x/b']);
    });

    it('take all of a directory along, as one operation', async () => {
      for (const path of ['d/a', 'd/e/b', 'd/e/c', 'd2/z']) {
        await app.alice.put(id, path, path);
      }
      await app.alice.one(id, { op: 'mkdir', path: 'd/empty' });
      const before = await app.alice.files(id);
      const since = await revision();
      const move = { op: 'move', from: 'd', to: 'n', if_version: before.get('d')?.file_version_id };
      expect(await app.alice.one(id, { ...move, if_revision: since })).toMatchObject({
        status: 'applied',
        file: { path: 'n', kind: 'directory' }
      });
      const after = await app.alice.files(id);
      expect([...after.keys()]).toEqual([
        ...['d2', 'd2/z', 'n', 'n/a', 'n/e', 'n/e/b', 'n/e/c', 'n/empty']
      ]);
      for (const path of ['', '/a', '/e', '/e/b', '/e/c', '/empty']) {
        const [was, is] = [before.get(`d${path}`), after.get(`n${path}`)];
        expect(is?.file_id).toBe(was?.file_id);
        expect(is?.file_version_id === was?.file_version_id).toBe(was?.kind === 'file');
      }
      const page = await changes(since);
      expect(brief(page).sort()).toEqual(
        ['', '/a', '/e', '/e/b', '/e/c', '/empty'].flatMap(path => [`-d${path}`, `n${path}`]).sort()
      );
      expect(new Set(page.items.map(item => item.revision)).size).toBe(12);
      expect((await app.alice.get(`/${id}/files/n/e/b`)).bytes.toString()).toBe('d/e/b');
    });

    it.each([
      ['changed', async () => void (await app.alice.put(id, 'd/e/f', 'new'))],
      ['came', async () => void (await app.alice.put(id, 'd/new', 'new'))],
      ['went', async () => void (await app.alice.call('DELETE', `/${id}/files/d/e/f`))]
    ])('of a directory are refused when something in it %s later', async (_, change) => {
      await app.alice.put(id, 'd/e/f', 'x');
      const before = await revision();
      const version = (await app.alice.files(id)).get('d')?.file_version_id;
      await change();
      const move = { op: 'move', from: 'd', to: 'n', if_version: version };
      expect((await app.alice.one(id, { ...move, if_revision: before })).status).toBe('conflict');
      const now = await revision();
      expect((await app.alice.one(id, { ...move, if_revision: now })).status).toBe('applied');
    });

    it('are refused onto something, into themselves, of nothing, and of another version', async () => {
      const a = await app.alice.put(id, 'a', '1');
      const b = await app.alice.put(id, 'b', '2');
      const { file: d } = await app.alice.one(id, { op: 'mkdir', path: 'd' });
      const move = (from: string, to: string, version: string | undefined) => ({
        op: 'move',
        from,
        to,
        if_version: version
      });
      const { results } = await app.alice.commit(id, [
        move('a', 'b', a.file_version_id),
        move('a', 'c', b.file_version_id),
        move('none', 'c', a.file_version_id),
        move('d', 'd/e', d?.file_version_id),
        move('d', 'd', d?.file_version_id),
        move('a', 'b/c', a.file_version_id),
        move('a', '/abs', a.file_version_id)
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        ...['conflict', 'conflict', 'conflict', 'invalid', 'invalid', 'conflict', 'invalid']
      ]);
      expect(results[0]?.file?.path).toBe('b');
      expect([...(await app.alice.files(id)).keys()]).toEqual(['a', 'b', 'd']);
    });

    it('see what came before them in the same commit', async () => {
      const [version] = await app.alice.upload(id, { 'd/a': 'text' });
      const { results } = await app.alice.commit(id, [
        { op: 'put', path: 'd/a', file_version_id: version, if_version: null },
        { op: 'move', from: 'd/a', to: 'd/b', if_version: version },
        { op: 'put', path: 'd/a', file_version_id: version, if_version: null }
      ]);
      expect(results.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
      expect([...(await app.alice.files(id)).keys()]).toEqual(['d', 'd/a', 'd/b']);
      const [{ path, sha256: hash } = { path: '', sha256: '' }] = (
        await app.alice.get(`/${id}/files?prefix=d/b`)
      ).body.items;
      expect([path, hash]).toEqual(['d/b', sha256('text')]);
    });
  });

  describe('idempotency keys', () => {
    it('get their first answer again, and change nothing', async () => {
      const key = 'key \ud800 \0';
      const [version] = await app.alice.upload(id, { a: 'text' });
      const put = { op: 'put', path: 'a', file_version_id: version, if_version: null };
      const first = await app.alice.commit(id, [put], key);
      await app.alice.call('DELETE', `/${id}/files/a`);
      const at = await revision();
      expect(await app.alice.commit(id, [put], key)).toEqual(first);
      expect(await app.alice.commit(id, [{ op: 'mkdir', path: 'other' }], key)).toEqual(first);
      expect(await revision()).toBe(at);
      expect((await app.alice.files(id)).size).toBe(0);
    });

    it('are one’s own, and the project’s', async () => {
      await app.alice.share(id, 'writer', app.bob.id);
      const other = await app.alice.project();
      await app.alice.commit(id, [{ op: 'mkdir', path: 'a' }], 'k');
      await app.bob.commit(id, [{ op: 'mkdir', path: 'b' }], 'k');
      await app.alice.commit(other, [{ op: 'mkdir', path: 'c' }], 'k');
      expect([...(await app.alice.files(id)).keys()]).toEqual(['a', 'b']);
      expect([...(await app.alice.files(other)).keys()]).toEqual(['c']);
    });

    it('sent at once are one commit', async () => {
      const operations = [{ op: 'mkdir', path: 'd' }];
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => app.alice.commit(id, operations, 'same'))
      );
      expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1);
    });
  });

  describe('the feed', () => {
    it('tells the last change of each path, in the order of revisions, over pages', async () => {
      for (const path of ['a', 'b', 'c']) {
        await app.alice.put(id, path, path);
      }
      await app.alice.put(id, 'a', 'again');
      await app.alice.call('DELETE', `/${id}/files/b`);
      const all = await changes(0);
      expect(brief(all)).toEqual(['c', 'a', '-b']);
      expect(all).toMatchObject({ has_more: false, revision: await revision() });

      const seen: string[] = [];
      let since = 0;
      for (let more = true; more;) {
        const page = await changes(since, '&limit=1');
        seen.push(...brief(page));
        ({ has_more: more, revision: since } = page);
      }
      expect(seen).toEqual(['c', 'a', '-b']);
      expect(since).toBe(all.revision);
    });

    it('answers nothing, and the same revision, when nothing changed', async () => {
      await app.alice.put(id, 'a', 'x');
      const at = await revision();
      expect(await changes(at)).toMatchObject({ items: [], revision: at, has_more: false });
    });

    it('misses no commit of those made at once', async () => {
      const seen = new Set<string>();
      let since = 0;
      let done = false;
      const reader = (async () => {
        for (let last = false; !last;) {
          last = done;
          const page = await changes(since, '&limit=3');
          page.items.forEach(item => seen.add(item.path));
          expect(page.revision).toBeGreaterThanOrEqual(since);
          since = page.revision;
          last &&= !page.has_more;
        }
      })();
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          app.alice.commit(id, [
            { op: 'mkdir', path: `d${n}` },
            { op: 'mkdir', path: `d${n}/e` }
          ])
        )
      );
      done = true;
      await reader;
      expect(seen.size).toBe(40);
    });

    it('goes on by one where the project itself was changed, which no file tells', async () => {
      const id = await app.alice.project();
      const first = await app.alice.put(id, 'a', 'one');
      const patched = await app.alice.call('PATCH', `/${id}`, { body: { title: 'Other' } });
      expect(patched.body.revision).toBe(first.revision + 1);
      const changes = await app.alice.get(`/${id}/changes?since=${first.revision}`);
      expect(changes.body).toMatchObject({
        items: [],
        revision: first.revision + 1,
        has_more: false
      });
      const second = await app.alice.put(id, 'b', 'two');
      expect(second.revision).toBe(first.revision + 2);
      const later = await app.alice.get(`/${id}/changes?since=${first.revision + 1}`);
      expect(later.body.items.map(({ path }) => path)).toEqual(['b']);
    });

    it('counts changes of files and of the project that are made at once, each once', async () => {
      const id = await app.alice.project();
      const versions = await app.alice.upload(
        id,
        Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`f${index}`, `${index}`]))
      );
      await Promise.all(
        versions.flatMap((version, index) => [
          app.alice.commit(id, [
            { op: 'put', path: `f${index}`, file_version_id: version, if_version: null }
          ]),
          app.alice.call('PATCH', `/${id}`, { body: { title: `Title ${index}` } })
        ])
      );
      const { body } = await app.alice.get(`/${id}/changes?since=0`);
      expect(body.revision).toBe(16);
      expect(new Set(body.items.map(({ revision }) => revision)).size).toBe(8);
    });

    it('answers 410 epoch_changed after a restored backup, and to who is ahead of it', async () => {
      await app.alice.put(id, 'a', 'x');
      const { epoch } = (await app.alice.get(`/${id}`)).body;
      const at = await revision();
      expect((await changes(at, `&epoch=${epoch}`)).epoch).toBe(epoch);
      const get = (query: string) => app.alice.get(`/${id}/changes?${query}`);
      const ahead = await get(`since=${at + 1}`);
      expect([ahead.status, ahead.body.error.code]).toEqual([410, 'epoch_changed']);
      const cursor = (await app.alice.get(`/${id}/files?limit=1`)).body.next_page_url;
      expect(cursor).toBeNull();
      await app.server.services.projects.renewEpoch(id);
      const renewed = await get(`since=${at}&epoch=${epoch}`);
      expect([renewed.status, renewed.body.error.code]).toEqual([410, 'epoch_changed']);
    });

    it('answers 410 revision_expired to who stayed away too long', async () => {
      await app.alice.put(id, 'a', 'x');
      await app.server.services.db
        .updateTable('projects')
        .set({ changes_from: 1 })
        .where('id', '=', id)
        .execute();
      const answer = await app.alice.get(`/${id}/changes?since=0`);
      expect([answer.status, answer.body.error.code]).toEqual([410, 'revision_expired']);
      expect((await changes(1)).items).toHaveLength(0);
    });

    it.each(['since=-1', 'since=x', 'limit=0', 'epoch=x'])('refuses ?%s with 422', async query => {
      expect((await app.alice.get(`/${id}/changes?${query}`)).status).toBe(422);
    });
  });

  it('commits 1,000 files at once', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`d${n % 10}/f${n}`, 'x'])
    );
    const versions = await app.alice.upload(id, files);
    const operations = Object.keys(files).map((path, n) => ({
      op: 'put',
      path,
      file_version_id: versions[n],
      if_version: null
    }));
    const answer = CommitAnswer.parse(await app.alice.commit(id, operations));
    expect(answer.results.every(({ status }) => status === 'applied')).toBe(true);
    expect((await app.alice.get(`/${id}/files?limit=5000`)).body).toMatchObject({
      total_count: 1010,
      num_items: 1000
    });
  });
});
