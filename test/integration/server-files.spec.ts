import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { CloudFile, FilesPage, FileVersion, FileVersionsPage } from '../../src/cloud/schemas';
import { BASE, type CloudApp, sha256, startApp } from '../support/cloud-app';

/** Each segment percent-encoded. */
function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

describe('the files of a project', () => {
  let app: CloudApp;
  let id: string;

  beforeAll(async () => {
    app = await startApp();
  });

  beforeEach(async () => {
    id = await app.alice.project();
  });

  afterAll(() => app.close());

  describe('names', () => {
    it.each([
      'with spaces/and more.txt',
      '100% sure.txt',
      '%41.txt',
      '%2F.txt',
      'c#/issue#1?.md',
      'a+b&c=d.txt',
      'emoji 🦆/🦆.txt',
      '数据/文件.csv',
      'e\u0301 and \u00e9',
      'C:x',
      'back\\slash',
      'quote\'".txt',
      '.hidden/…',
      '_'
    ])('keeps %j as it is', async path => {
      const url = `/${id}/file-preload/${encoded(path)}`;
      const { body } = await app.alice.call('PUT', url, { body: {} });
      const { signed_url, file_version_id } = body as unknown as Record<string, string>;
      await app.alice.send(signed_url ?? '', Buffer.from(path));
      await app.alice.call('PATCH', `/${id}/file-versions/${file_version_id}`);

      expect([...(await app.alice.files(id)).keys()]).toContain(path);
      const read = await app.alice.get(`/${id}/files/${encoded(path)}`);
      expect(read.bytes.toString()).toBe(path);
    });

    it.each([
      ['empty', ''],
      ['an empty segment', 'a//b'],
      ['a slash at the end', 'a/'],
      ['.. in disguise', 'a%2F..%2Fb'],
      ['a NUL', 'a%00b'],
      ['a control character', 'a%0Ab'],
      ['DEL', 'a%7F'],
      ['invalid UTF-8', 'a%FF'],
      ['half a surrogate pair', 'a%ED%A0%80'],
      ['a bare percent sign', '100%'],
      ['a name of 256 bytes', 'x'.repeat(256)],
      ['1,025 bytes', `${'x'.repeat(200)}/`.repeat(5) + 'x'.repeat(20)]
    ])('refuses %s with 422 invalid_path', async (_, path) => {
      for (const answer of [
        await app.alice.get(`/${id}/files/${path}`),
        await app.alice.call('PUT', `/${id}/file-preload/${path}`, { body: {} }),
        await app.alice.call('DELETE', `/${id}/files/${path}`)
      ]) {
        expect([answer.status, answer.body.error.code]).toEqual([422, 'invalid_path']);
      }
    });

    it('refuses dots that a URL resolves, where the request line has them', async () => {
      for (const path of ['a/../b', '..', './a', '%2e%2e/x']) {
        const line = `/api/projects/${id}/files/${path}`;
        const answer = await app.server.fetch(
          new Request(`${BASE}/${id}/files/a`, {
            headers: { Authorization: `Bearer ${app.alice.key}` }
          }),
          { incoming: { url: line } }
        );
        expect(answer.status).toBe(422);
      }
    });

    it('holds 1,024 bytes, and a name of 255', async () => {
      const path = `${'x'.repeat(255)}/${'y'.repeat(255)}/${'z'.repeat(255)}/${'é'.repeat(128)}`;
      expect(Buffer.byteLength(path)).toBe(1024);
      expect(
        (await app.alice.call('PUT', `/${id}/file-preload/${encoded(path)}`, { body: {} })).status
      ).toBe(422);
      const fits = `${path.slice(0, 3 * 256)}${'é'.repeat(127)}w`;
      await app.alice.put(id, fits, 'deep');
      expect((await app.alice.files(id)).has(fits)).toBe(true);
    });
  });

  describe('reading', () => {
    const text = '0123456789';

    beforeEach(async () => {
      await app.alice.put(id, 'a.txt', text);
    });

    it.each([
      ['bytes=0-3', '0123', 'bytes 0-3/10'],
      ['bytes=4-', '456789', 'bytes 4-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
      ['bytes=-100', text, 'bytes 0-9/10']
    ])('answers %s with 206', async (range, expected, contentRange) => {
      const answer = await app.alice.get(`/${id}/files/a.txt`, { Range: range });
      expect(answer.status).toBe(206);
      expect(answer.bytes.toString()).toBe(expected);
      expect(answer.headers.get('content-range')).toBe(contentRange);
      expect(answer.headers.get('content-length')).toBe(String(expected.length));
    });

    it.each(['bytes=10-', 'bytes=-0'])('answers %s with 416', async range => {
      const answer = await app.alice.get(`/${id}/files/a.txt`, { Range: range });
      expect(answer.status).toBe(416);
      expect(answer.headers.get('content-range')).toBe('bytes */10');
    });

    it.each(['bytes=0-1,4-5', 'lines=1-2', 'bytes=5-2'])('answers %s whole', async range => {
      const answer = await app.alice.get(`/${id}/files/a.txt`, { Range: range });
      expect([answer.status, answer.bytes.toString()]).toEqual([200, text]);
    });

    it('tells all of a file in the headers of HEAD', async () => {
      const file = (await app.alice.files(id)).get('a.txt');
      const { status, headers, bytes } = await app.alice.call('HEAD', `/${id}/files/a.txt`);
      expect([status, bytes.length]).toEqual([200, 0]);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-length': '10',
        etag: `"${file?.file_version_id}"`,
        'x-file-id': file?.file_id,
        'x-file-version-id': file?.file_version_id,
        'x-file-kind': 'file',
        'x-sha256': sha256(text),
        'x-revision': String(file?.revision),
        'x-updated-by-name': 'alice'
      });
    });

    it('answers 304 to who has it already, and 412 to who wants another version', async () => {
      const { headers } = await app.alice.get(`/${id}/files/a.txt`);
      const etag = headers.get('etag') ?? '';
      const again = await app.alice.get(`/${id}/files/a.txt`, { 'If-None-Match': etag });
      expect([again.status, again.bytes.length]).toEqual([304, 0]);
      await app.alice.put(id, 'a.txt', 'new');
      expect((await app.alice.get(`/${id}/files/a.txt`, { 'If-None-Match': etag })).status).toBe(
        200
      );
      const other = await app.alice.get(`/${id}/files/a.txt`, { 'If-Match': etag });
      expect([other.status, other.body.error.code]).toEqual([412, 'precondition_failed']);
      const range = { Range: 'bytes=0-0', 'If-Range': etag };
      expect((await app.alice.get(`/${id}/files/a.txt`, range)).bytes.toString()).toBe('new');
    });

    it('reads an empty file', async () => {
      await app.alice.put(id, 'empty', '');
      const { status, headers, bytes } = await app.alice.get(`/${id}/files/empty`);
      expect([status, headers.get('content-length'), bytes.length]).toEqual([200, '0', 0]);
    });

    it('has no content for a directory', async () => {
      await app.alice.one(id, { op: 'mkdir', path: 'd' });
      expect((await app.alice.get(`/${id}/files/d`)).status).toBe(404);
      const { status, headers } = await app.alice.call('HEAD', `/${id}/files/d`);
      expect([status, headers.get('x-file-kind')]).toEqual([200, 'directory']);
    });
  });

  describe('the listing', () => {
    it('is of one revision over all its pages, whatever changes meanwhile', async () => {
      const paths = ['a', 'b', 'c', 'd', 'e'];
      const versions = await app.alice.upload(id, Object.fromEntries(paths.map(p => [p, p])));
      await app.alice.commit(
        id,
        paths.map((path, index) => ({
          op: 'put',
          path,
          file_version_id: versions[index],
          if_version: null
        }))
      );
      const first = FilesPage.parse((await app.alice.get(`/${id}/files?limit=2`)).body);

      await app.alice.call('DELETE', `/${id}/files/c`);
      await app.alice.put(id, 'd', 'other');
      await app.alice.put(id, 'cc', 'new');

      const items = [...first.items];
      let next = first.next_page_url;
      while (next) {
        const page = FilesPage.parse((await app.alice.get(next)).body);
        expect([page.revision, page.total_count]).toEqual([first.revision, 5]);
        items.push(...page.items);
        next = page.next_page_url;
      }
      expect(items.map(({ path, sha256: hash }) => [path, hash])).toEqual(
        paths.map(path => [path, sha256(path)])
      );

      const { body } = await app.alice.get(`/${id}/changes?since=${first.revision}`);
      expect(body.items.map(({ path, deleted = false }) => [path, deleted])).toEqual([
        ['c', true],
        ['d', false],
        ['cc', false]
      ]);
    });

    it('takes a prefix, letter by letter', async () => {
      for (const path of ['data/a', 'data_b', 'other']) {
        await app.alice.put(id, path, 'x');
      }
      const paths = async (prefix: string) =>
        (await app.alice.get(`/${id}/files?prefix=${prefix}`)).body.items.map(({ path }) => path);
      expect(await paths('data/')).toEqual(['data/a']);
      expect(await paths('data')).toEqual(['data', 'data/a', 'data_b']);
      expect(await paths('%25')).toEqual([]);
    });

    it('shows who changed a file', async () => {
      await app.alice.share(id, 'writer', app.bob.id);
      await app.alice.put(id, 'a', '1');
      await app.bob.put(id, 'a', '2');
      const file = CloudFile.parse((await app.alice.files(id)).get('a'));
      expect(file.updated_by).toEqual({ id: app.bob.id, name: 'bob' });
    });
  });

  describe('conditions', () => {
    it('refuse what would overwrite or delete another version, and change nothing', async () => {
      const one = await app.alice.put(id, 'a', 'one');
      const two = await app.alice.put(id, 'a', 'two');
      const before = await app.alice.get(`/${id}`);
      const [version] = await app.alice.upload(id, { a: 'three' });
      const stale = { 'If-Match': `"${one.file_version_id}"` };
      const absent = { 'If-None-Match': '*' };
      for (const headers of [stale, absent]) {
        for (const answer of [
          await app.alice.call('PUT', `/${id}/file-preload/a`, { body: {}, headers }),
          await app.alice.call('PATCH', `/${id}/file-versions/${version}`, { headers }),
          await app.alice.call('DELETE', `/${id}/files/a`, { headers })
        ]) {
          expect(answer.status).toBe(412);
          expect(answer.body.error.code).toBe('precondition_failed');
          expect(CloudFile.parse(answer.body.error.current).file_version_id).toBe(
            two.file_version_id
          );
        }
      }
      expect((await app.alice.get(`/${id}`)).body).toEqual(before.body);
      expect((await app.alice.get(`/${id}/files/a`)).bytes.toString()).toBe('two');
    });

    it('tell null for what is not there', async () => {
      const headers = { 'If-Match': `"${id}"` };
      for (const answer of [
        await app.alice.call('PUT', `/${id}/file-preload/a`, { body: {}, headers }),
        await app.alice.call('DELETE', `/${id}/files/a`, { headers })
      ]) {
        expect([answer.status, answer.body.error.current]).toEqual([412, null]);
      }
    });

    it('let through what they hold for', async () => {
      const one = await app.alice.put(id, 'a', 'one');
      const [version] = await app.alice.upload(id, { a: 'two' });
      const commit = (etag: string) =>
        app.alice.call('PATCH', `/${id}/file-versions/${version}`, {
          headers: { 'If-Match': etag }
        });
      expect((await commit(`"${one.file_version_id}"`)).status).toBe(204);
      // A retry whose first answer was lost: what it asks for is there.
      expect((await commit(`"${one.file_version_id}"`)).status).toBe(204);
      const headers = { 'If-Match': `"${version}"` };
      expect((await app.alice.call('DELETE', `/${id}/files/a`, { headers })).status).toBe(204);
    });

    it('let exactly one of many writers through', async () => {
      const { file_version_id: base } = await app.alice.put(id, 'a', 'base');
      const versions = await Promise.all(
        Array.from({ length: 8 }, async (_, n) => (await app.alice.upload(id, { a: `${n}` }))[0])
      );
      const answers = await Promise.all(
        versions.map(version =>
          app.alice.call('PATCH', `/${id}/file-versions/${version}`, {
            headers: { 'If-Match': `"${base}"` }
          })
        )
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([204, 412, 412, 412, 412, 412, 412, 412]);
    });
  });

  describe('versions', () => {
    it('lists those of a path, the newest first, over pages', async () => {
      for (const text of ['one', 'two', 'three']) {
        await app.alice.put(id, 'a', text);
      }
      await app.alice.put(id, 'b', 'else');
      const url = `/${id}/file-versions?path=a&limit=2`;
      const page = FileVersionsPage.parse((await app.alice.get(url)).body);
      expect(page).toMatchObject({ total_count: 3, num_items: 2 });
      const rest = FileVersionsPage.parse((await app.alice.get(page.next_page_url ?? '')).body);
      const hashes = [...page.items, ...rest.items].map(version => version.sha256);
      expect(hashes).toEqual(['three', 'two', 'one'].map(text => sha256(text)));
      expect(page.items[0]?.created_by).toEqual({ id: app.alice.id, name: 'alice' });
      expect((await app.alice.get(`/${id}/file-versions`)).body.total_count).toBe(4);
    });

    it('follows a file that was moved, and keeps those of one that was deleted', async () => {
      const file = await app.alice.put(id, 'old', 'text');
      const move = { op: 'move', from: 'old', to: 'new', if_version: file.file_version_id };
      await app.alice.one(id, move);
      const later = await app.alice.put(id, 'new', 'more');
      await app.alice.one(id, { op: 'delete', path: 'new', if_version: later.file_version_id });
      const hashes = async (path: string) =>
        (await app.alice.get(`/${id}/file-versions?path=${path}`)).body.items.map(
          version => version.sha256
        );
      expect(await hashes('new')).toEqual([sha256('more'), sha256('text')]);
      expect(await hashes('old')).toEqual([sha256('text')]);
    });

    it('reads one, and its content, and restores it', async () => {
      const one = await app.alice.put(id, 'a', 'one');
      const two = await app.alice.put(id, 'a', 'two');
      const url = `/${id}/file-versions/${one.file_version_id}`;
      expect(FileVersion.parse((await app.alice.get(url)).body)).toMatchObject({
        path: 'a',
        size: 3,
        sha256: sha256('one')
      });
      expect((await app.alice.get(`${url}/content`)).bytes.toString()).toBe('one');
      expect((await app.alice.get(`${url}/content`, { Range: 'bytes=1-1' })).bytes.toString()).toBe(
        'n'
      );

      const restored = await app.alice.one(id, {
        op: 'put',
        path: 'a',
        file_version_id: one.file_version_id,
        if_version: two.file_version_id
      });
      expect(restored).toMatchObject({ status: 'applied', file: { sha256: sha256('one') } });
      expect((await app.alice.get(`/${id}/files/a`)).bytes.toString()).toBe('one');
    });

    it('knows none that was not committed, nor one of another project', async () => {
      const [uploaded] = await app.alice.upload(id, { a: 'x' });
      const elsewhere = await app.alice.put(await app.alice.project(), 'a', 'x');
      for (const version of [uploaded, elsewhere.file_version_id]) {
        expect((await app.alice.get(`/${id}/file-versions/${version}`)).status).toBe(404);
        expect((await app.alice.get(`/${id}/file-versions/${version}/content`)).status).toBe(404);
      }
    });
  });
});
