import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Preloads } from '../../src/cloud/schemas';
import { type CloudApp, sha256, startApp } from '../support/cloud-app';

const PART = 1000;
const LARGEST = 10_000;

describe('uploads', () => {
  let app: CloudApp;
  let id: string;

  beforeAll(async () => {
    app = await startApp({ partSize: PART, maxFileSize: LARGEST });
  });

  beforeEach(async () => {
    id = await app.alice.project();
  });

  afterAll(() => app.close());

  async function announce(path: string, bytes: Uint8Array, caller = app.alice, project = id) {
    const { body } = await caller.post(`/${project}/file-preloads`, {
      files: [{ path, size: bytes.byteLength, sha256: sha256(bytes) }]
    });
    const [item] = Preloads.parse(body).items;
    if (!item) {
      throw new Error('Nothing was announced.');
    }
    return item;
  }

  const put = (path: string, version: string) => ({
    op: 'put',
    path,
    file_version_id: version,
    if_version: null
  });

  describe('signed URLs', () => {
    it('take no other credential, and are good for one version', async () => {
      const a = await announce('a', Buffer.from('a'));
      const b = await announce('b', Buffer.from('b'));
      const stolen = (a.signed_url ?? '').replace(a.file_version_id, b.file_version_id);
      const answer = await app.alice.send(stolen, Buffer.from('b'));
      expect([answer.status, answer.body.error.code]).toEqual([403, 'invalid_signature']);
      const longer = (a.signed_url ?? '').replace(/expires=\d+/, 'expires=99999999999');
      expect((await app.alice.send(longer, Buffer.from('a'))).status).toBe(403);
      expect((await app.alice.send(a.signed_url ?? '', Buffer.from('a'))).status).toBe(200);
    });

    it('expire', async () => {
      const { file_version_id: version } = await announce('a', Buffer.from('a'));
      const { signer } = app.server.services;
      const hourAgo = Date.now() - 60 * 60 * 1000;
      const old = signer.sign('http://cloud.test', { version, part: 0 }, hourAgo);
      const answer = await app.alice.send(old, Buffer.from('a'));
      expect([answer.status, answer.body.error.code]).toEqual([403, 'signature_expired']);
    });

    it('change no content that is committed', async () => {
      const { body } = await app.alice.call('PUT', `/${id}/file-preload/a`, { body: {} });
      const { signed_url, file_version_id } = body as unknown as Record<string, string>;
      const url = signed_url ?? '';
      await app.alice.send(url, Buffer.from('first'));
      await app.alice.send(url, Buffer.from('second'));
      await app.alice.call('PATCH', `/${id}/file-versions/${file_version_id}`);
      expect((await app.alice.send(url, Buffer.from('second'))).status).toBe(200);
      expect((await app.alice.send(url, Buffer.from('third'))).status).toBe(409);
      expect((await app.alice.get(`/${id}/files/a`)).bytes.toString()).toBe('second');
    });
  });

  it('that are not what was announced are refused, and can be sent again', async () => {
    const right = Buffer.from('right');
    const { signed_url, file_version_id } = await announce('a', right);
    for (const wrong of ['wrong', 'righ', 'rightly']) {
      const answer = await app.alice.send(signed_url ?? '', Buffer.from(wrong));
      expect([answer.status, answer.body.error.code]).toEqual([422, 'content_mismatch']);
    }
    expect((await app.alice.one(id, put('a', file_version_id))).status).toBe('missing_content');
    await app.alice.send(signed_url ?? '', right);
    expect((await app.alice.one(id, put('a', file_version_id))).status).toBe('applied');
  });

  it('beyond the largest size are refused with 413', async () => {
    const answer = await app.alice.post(`/${id}/file-preloads`, {
      files: [{ path: 'a', size: LARGEST + 1, sha256: sha256('') }]
    });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'too_large']);
    const { body } = await app.alice.call('PUT', `/${id}/file-preload/a`, { body: {} });
    const { signed_url } = body as unknown as Record<string, string>;
    const sent = await app.alice.send(signed_url ?? '', randomBytes(LARGEST + 1));
    expect([sent.status, sent.body.error.code]).toEqual([413, 'too_large']);
  });

  it('need no sending of what the project holds', async () => {
    const bytes = Buffer.from('held');
    await app.alice.put(id, 'a', bytes);
    const again = await announce('b', bytes);
    expect(again.signed_url).toBeNull();
    expect((await app.alice.one(id, put('b', again.file_version_id))).status).toBe('applied');
    expect((await app.alice.get(`/${id}/files/b`)).bytes.toString()).toBe('held');
  });

  it('tell nobody what other projects hold, nor what others sent and did not commit', async () => {
    const bytes = Buffer.from(`secret ${randomUUID()}`);
    await app.alice.put(id, 'a', bytes);
    const other = await app.bob.project();
    expect((await announce('a', bytes, app.bob, other)).signed_url).not.toBeNull();

    const unshared = Buffer.from(`draft ${randomUUID()}`);
    const { signed_url } = await announce('d', unshared);
    await app.alice.send(signed_url ?? '', unshared);
    await app.alice.share(id, 'writer', app.bob.id);
    expect((await announce('d', unshared, app.bob)).signed_url).not.toBeNull();
    expect((await announce('d', unshared)).signed_url).toBeNull();
  });

  it('announce no file of a request in which one path is invalid', async () => {
    const file = { size: 0, sha256: sha256('') };
    const answer = await app.alice.post(`/${id}/file-preloads`, {
      files: [
        { path: 'ok', ...file },
        { path: 'a/../b', ...file }
      ]
    });
    expect([answer.status, answer.body.error.code, answer.body.error.path]).toEqual([
      422,
      'invalid_path',
      'a/../b'
    ]);
  });

  describe('by parts', () => {
    const bytes = randomBytes(2 * PART + 500);

    it('cover the file, and make it', async () => {
      const { parts = [], file_version_id } = await announce('big', bytes);
      expect((parts ?? []).map(({ number, offset, size }) => [number, offset, size])).toEqual([
        [1, 0, PART],
        [2, PART, PART],
        [3, 2 * PART, 500]
      ]);
      for (const { signed_url, offset, size } of [...(parts ?? [])].reverse()) {
        const part = bytes.subarray(offset, offset + size);
        expect((await app.alice.send(signed_url ?? '', part)).status).toBe(200);
      }
      expect(await app.alice.one(id, put('big', file_version_id))).toMatchObject({
        status: 'applied',
        file: { size: bytes.byteLength, sha256: sha256(bytes) }
      });
      expect((await app.alice.get(`/${id}/files/big`)).bytes.equals(bytes)).toBe(true);
    });

    it('can be sent again, and announced again: then only the missing ones', async () => {
      const first = await announce('big', bytes);
      const [one] = first.parts ?? [];
      const send = (url: string | null | undefined, part: Uint8Array) =>
        app.alice.send(url ?? '', part);
      await send(one?.signed_url, randomBytes(PART));
      await send(one?.signed_url, bytes.subarray(0, PART));
      const short = await send(first.parts?.[1]?.signed_url, bytes.subarray(PART, PART + 10));
      expect([short.status, short.body.error.code]).toEqual([422, 'content_mismatch']);
      expect((await app.alice.one(id, put('big', first.file_version_id))).status).toBe(
        'missing_content'
      );

      const again = await announce('big', bytes);
      expect(again.file_version_id).toBe(first.file_version_id);
      expect((again.parts ?? []).map(part => part.signed_url === null)).toEqual([
        true,
        false,
        false
      ]);
      for (const { signed_url, offset, size } of (again.parts ?? []).slice(1)) {
        await send(signed_url, bytes.subarray(offset, offset + size));
      }
      expect((await app.alice.one(id, put('big', again.file_version_id))).status).toBe('applied');
    });

    it('are found again, though the file was announced once more before they arrived', async () => {
      const first = await announce('big', bytes);
      const second = await announce('big', bytes);
      expect(second.file_version_id).not.toBe(first.file_version_id);
      await app.alice.send(first.parts?.[0]?.signed_url ?? '', bytes.subarray(0, PART));
      const third = await announce('big', bytes);
      expect(third.file_version_id).toBe(first.file_version_id);
      expect(third.parts?.[0]?.signed_url).toBeNull();
    });

    it('that do not make what was announced are all sent again', async () => {
      const { parts, file_version_id } = await announce('big', bytes);
      for (const { signed_url, size } of parts ?? []) {
        await app.alice.send(signed_url ?? '', randomBytes(size));
      }
      expect((await app.alice.one(id, put('big', file_version_id))).status).toBe('missing_content');
      const again = await announce('big', bytes);
      expect((again.parts ?? []).every(part => part.signed_url !== null)).toBe(true);
    });

    it('are taken by the call that commits one version too', async () => {
      const { parts, file_version_id } = await announce('big', bytes);
      for (const { signed_url, offset, size } of parts ?? []) {
        await app.alice.send(signed_url ?? '', bytes.subarray(offset, offset + size));
      }
      const committed = await app.alice.call('PATCH', `/${id}/file-versions/${file_version_id}`);
      expect(committed.status).toBe(204);
      expect((await app.alice.files(id)).get('big')?.sha256).toBe(sha256(bytes));
    });
  });
});

describe('a quota', () => {
  it('bounds what the files of a project hold together, and lets them shrink', async () => {
    const app = await startApp({ quota: 100 });
    try {
      const id = await app.alice.project();
      await app.alice.put(id, 'a', Buffer.alloc(60, 'a'));
      const [version] = await app.alice.upload(id, { b: Buffer.alloc(60, 'b') });
      const refused = await app.alice.post(`/${id}/commits`, {
        idempotency_key: 'k',
        operations: [
          { op: 'mkdir', path: 'd' },
          { op: 'put', path: 'b', file_version_id: version, if_version: null }
        ]
      });
      expect([refused.status, refused.body.error.code]).toEqual([507, 'quota_exceeded']);
      expect([...(await app.alice.files(id)).keys()]).toEqual(['a']);
      const announced = await app.alice.post(`/${id}/file-preloads`, {
        files: [{ path: 'c', size: 101, sha256: sha256('') }]
      });
      expect(announced.status).toBe(507);
      await app.alice.call('DELETE', `/${id}/files/a`);
      expect((await app.alice.call('PATCH', `/${id}/file-versions/${version}`)).status).toBe(204);
    } finally {
      await app.close();
    }
  });
});
