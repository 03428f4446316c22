import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { CoreFilesPage, FilePreload } from '../../src/cloud/schemas';
import { type CloudApp, startApp } from '../support/cloud-app';

describe('a cloud that has the core alone', () => {
  let app: CloudApp;
  let id: string;

  beforeAll(async () => {
    app = await startApp({ coreOnly: true });
    id = await app.alice.project();
  });

  afterAll(() => app.close());

  async function write(path: string, text: string, headers = {}): Promise<number> {
    const announced = await app.alice.call('PUT', `/${id}/file-preload/${path}`, {
      body: {},
      headers
    });
    const { signed_url, file_version_id } = FilePreload.parse(announced.body);
    await app.alice.send(signed_url, Buffer.from(text));
    const version = `/${id}/file-versions/${file_version_id}`;
    return (await app.alice.call('PATCH', version, { headers })).status;
  }

  it.each([
    ['GET', '/capabilities'],
    ['GET', '/ID/changes?since=0'],
    ['POST', '/ID/file-preloads'],
    ['POST', '/ID/commits'],
    ['GET', '/ID/file-versions'],
    ['POST', '/ID/packs']
  ])('answers 404 to %s %s', async (method, path) => {
    const url = path.replace('ID', id);
    const body = method === 'POST' ? {} : undefined;
    expect((await app.alice.call(method, url, { body })).status).toBe(404);
    expect((await app.anonymous.call(method, url, { body })).status).toBe(404);
  });

  it('lists files without hashes or revisions, and no directories', async () => {
    await write('sub/a.txt', 'text');
    const { body } = await app.alice.get(`/${id}/files`);
    expect(CoreFilesPage.parse(body).items).toHaveLength(1);
    expect(body).not.toHaveProperty('revision');
    expect(body.items[0]).toEqual({
      path: 'sub/a.txt',
      size: 4,
      etag: expect.any(String),
      last_modified: expect.any(String),
      file_version_id: expect.any(String)
    });
  });

  it('tells of a project what the core has', async () => {
    const { body } = await app.alice.get(`/${id}`);
    expect(Object.keys(body).sort()).toEqual([
      ...['created_at', 'description', 'id', 'metadata', 'name', 'owner', 'title', 'updated_at']
    ]);
  });

  it('answers contents whole, and HEAD not at all', async () => {
    await write('r.txt', 'whole');
    const { status, bytes } = await app.alice.get(`/${id}/files/r.txt`, { Range: 'bytes=0-1' });
    expect([status, bytes.toString()]).toEqual([200, 'whole']);
    expect((await app.alice.call('HEAD', `/${id}/files/r.txt`)).status).toBe(404);
  });

  it('ignores conditions', async () => {
    await write('c.txt', 'one');
    expect(await write('c.txt', 'two', { 'If-None-Match': '*' })).toBe(204);
    expect((await app.alice.get(`/${id}/files/c.txt`)).bytes.toString()).toBe('two');
  });

  it('frees the name of a directory with its last file', async () => {
    await write('d/e/f.txt', 'text');
    expect((await app.alice.call('DELETE', `/${id}/files/d/e/f.txt`)).status).toBe(204);
    expect(await write('d', 'now a file')).toBe(204);
  });
});
