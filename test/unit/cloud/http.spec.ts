import { z } from 'zod';

import { MAX_IN_MEMORY } from '../../../src/cloud/collector';
import { CloudError } from '../../../src/cloud/errors';
import { Http } from '../../../src/cloud/http';
import { ReplicaError } from '../../../src/sync/problem';
import { sizeOf, sliceOf } from '../../../src/sync/content';
import { FakeFetch, json, never, refused } from '../../support/fake-fetch';
import type { Answer, Sent } from '../../support/fake-fetch';

const URL_ = 'https://cloud.example/api/projects/1/changes';
const GET: Http.IRequest = { call: 'GET /{id}/changes', method: 'GET', url: URL_, repeat: true };
const POST: Http.IRequest = { ...GET, call: 'POST /', method: 'POST', body: '{}', repeat: false };
const SIGNED: Http.IRequest = {
  call: 'PUT signed_url',
  method: 'PUT',
  url: 'https://storage.example/up?signature=s3cret',
  body: new Uint8Array([1, 2, 3]),
  repeat: true,
  signed: true
};
const offline = () => new TypeError('fetch failed');

function make(answers: readonly Answer[], options: Http.IOptions = {}) {
  const fake = new FakeFetch(answers);
  const waits: number[] = [];
  let requests = 0;
  const http = new Http({
    fetch: fake.fetch,
    random: () => 1,
    now: () => 0,
    onRequest: () => {
      requests += 1;
    },
    sleep: async ms => {
      waits.push(ms);
    },
    ...options
  });
  return { http, fake, waits, requests: () => requests };
}

async function failure(promise: Promise<unknown>): Promise<CloudError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason
  );
  if (!(error instanceof CloudError)) {
    throw new Error(`expected a CloudError, got ${String(error)}`);
  }
  return error;
}

describe('Http', () => {
  describe('#send()', () => {
    it('should give the answer of the first try', async () => {
      const { http, fake, requests } = make([new Response('hello', { status: 201 })]);
      const answer = await http.send(GET);
      expect(answer.status).toBe(201);
      expect(new TextDecoder().decode(await sliceOf(answer.content))).toBe('hello');
      expect(requests()).toBe(1);
      expect(fake.sent[0]!.init).toMatchObject({
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer'
      });
    });

    it.each([429, 502, 503, 504])('should try again after a %d, longer each time', async status => {
      const { http, waits, requests } = make([
        refused(status, 'busy'),
        refused(status, 'busy'),
        json({})
      ]);
      await http.send(GET);
      expect(waits).toEqual([500, 1000]);
      expect(requests()).toBe(3);
    });

    it('should try again after a failed connection, and tell in the end that it is offline', async () => {
      const { http, requests } = make(Array.from({ length: 5 }, offline));
      const error = await failure(http.send(GET));
      expect(error).toBeInstanceOf(ReplicaError);
      expect(error.code).toBe('offline');
      expect(error.message).toContain('cloud.example');
      expect(requests()).toBe(5);
    });

    it('should wait as long as Retry-After says, in seconds or until a date', async () => {
      const { http, waits } = make([
        refused(503, 'busy', {}, { 'Retry-After': '7' }),
        refused(503, 'busy', {}, { 'Retry-After': new Date(9000).toUTCString() }),
        json({})
      ]);
      await http.send(GET);
      expect(waits).toEqual([7000, 9000]);
    });

    it('should give up at once where it would have to wait for an hour', async () => {
      const { http, requests } = make([refused(503, 'busy', {}, { 'Retry-After': '3600' })]);
      expect(await failure(http.send(GET))).toMatchObject({ code: 'offline', status: 503 });
      expect(requests()).toBe(1);
    });

    it('should never send again what is not safe to repeat', async () => {
      for (const answer of [offline(), refused(503, 'busy')]) {
        const { http, requests } = make([answer]);
        expect((await failure(http.send(POST))).code).toBe('offline');
        expect(requests()).toBe(1);
      }
    });

    it('should send anything again that was turned away for coming too often', async () => {
      const { http, requests } = make([refused(429, 'busy'), json({})]);
      await http.send(POST);
      expect(requests()).toBe(2);
    });

    it.each([
      [400, 'failed'],
      [401, 'signed-out'],
      [403, 'forbidden'],
      [404, 'failed'],
      [410, 'failed'],
      [500, 'failed']
    ])('should not repeat after a %d, which is "%s"', async (status, code) => {
      const { http, requests } = make([refused(status, 'some_code')]);
      expect(await failure(http.send(GET))).toMatchObject({ code, status, reason: 'some_code' });
      expect(requests()).toBe(1);
    });

    it.each([
      ['expired', 'This API key has expired.'],
      ['revoked', 'This API key was revoked.'],
      ['unknown', 'The cloud did not accept the API key.']
    ])('should say of a key that is %s what is wrong with it', async (reason, words) => {
      const error = { code: 'auth_required', message: 'no', reason };
      const { http } = make([json({ error }, 401)]);
      const { code, message } = await failure(http.send(GET));
      expect(code).toBe('signed-out');
      expect(message).toContain(words);
    });

    it('should give the state that a failed condition tells', async () => {
      const current = {
        file_id: '0b0c1f63-6d0b-4a43-9d5c-3a1f5a3f0001',
        path: 'a.txt',
        kind: 'file',
        size: 1,
        sha256: 'a'.repeat(64),
        file_version_id: '0b0c1f63-6d0b-4a43-9d5c-3a1f5a3f0002',
        revision: 3,
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-01T00:00:00Z'
      };
      const { http } = make([refused(412, 'precondition_failed', { current })]);
      expect((await failure(http.send(GET))).current).toEqual(current);
      const gone = make([refused(412, 'precondition_failed', { current: null })]);
      expect((await failure(gone.http.send(GET))).current).toBeNull();
    });

    it('should understand an HTML page in place of an error', async () => {
      const { http } = make([new Response('<html>Not here</html>', { status: 404 })]);
      const error = await failure(http.send(GET));
      expect(error).toMatchObject({ code: 'failed', status: 404, reason: '' });
      expect(error.message).not.toContain('<html>');
    });

    it('should stop waiting for an answer that does not come', async () => {
      const { http } = make([never], { idleTimeout: 5, backoff: { tries: 1 } });
      const error = await failure(http.send(GET));
      expect(error.code).toBe('offline');
      expect(error.message).toContain('in time');
    });

    it('should stop waiting for a body that stands still', async () => {
      const stalled = new FakeFetch(sent => () => {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new Uint8Array([1]));
            const { signal } = sent.init;
            signal?.addEventListener('abort', () => controller.error(signal.reason));
          }
        });
        return new Response(body);
      });
      const { http } = make([], { fetch: stalled.fetch, idleTimeout: 5, backoff: { tries: 1 } });
      expect((await failure(http.send(GET))).message).toContain('in time');
    });

    it('should wait for a body that comes slowly, but comes', async () => {
      const slow = (sent: Sent) => {
        let left = 6;
        const { signal } = sent.init;
        return new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              signal?.addEventListener('abort', () => controller.error(signal.reason));
            },
            async pull(controller) {
              await new Promise(resolve => setTimeout(resolve, 100));
              left -= 1;
              controller.enqueue(new Uint8Array([left]));
              if (left === 0) {
                controller.close();
              }
            }
          })
        );
      };
      const { http } = make([slow], { idleTimeout: 400, backoff: { tries: 1 } });
      expect(sizeOf((await http.send(GET)).content)).toBe(6);
    });

    it('should reject with the reason of the signal: before, in mid-request and in a wait', async () => {
      const reason = new Error('enough');
      const before = make([]);
      await expect(before.http.send({ ...GET, signal: AbortSignal.abort(reason) })).rejects.toBe(
        reason
      );
      expect(before.requests()).toBe(0);

      for (const request of [GET, POST]) {
        const middle = new AbortController();
        const inRequest = make([never]).http.send({ ...request, signal: middle.signal });
        middle.abort(reason);
        await expect(inRequest).rejects.toBe(reason);
      }

      const waiting = new AbortController();
      const { http } = make([refused(503, 'busy')], {
        sleep: async (_, signal) => {
          waiting.abort(reason);
          signal?.throwIfAborted();
        }
      });
      await expect(http.send({ ...GET, signal: waiting.signal })).rejects.toBe(reason);
    });

    it('should say nothing of a signed URL, nor of what the storage says', async () => {
      const quoting = new Response('<Error>signature=s3cret</Error>', { status: 403 });
      const wordy = json({ error: { code: 'odd', message: 'signature=s3cret is odd' } }, 400);
      const failed = new TypeError(`fetch failed for ${SIGNED.url}`);
      for (const answer of [quoting, wordy, failed]) {
        const { http } = make([answer], { backoff: { tries: 1 } });
        const error = await failure(http.send(SIGNED));
        expect(error.message).not.toContain('s3cret');
        expect(String(error.cause)).not.toContain('s3cret');
        expect(error.code).not.toBe('forbidden');
      }
    });

    it('should leave a signature in an error message of the cloud unsaid', async () => {
      const body = {
        error: { code: 'failed', message: 'see https://s.example/x?signature=s3cret' }
      };
      const { http } = make([json(body, 400)]);
      const { message } = await failure(http.send(GET));
      expect(message).toContain('https://s.example/x');
      expect(message).not.toContain('s3cret');
    });

    it('should send bytes to a signed URL with no header at all', async () => {
      const { http, fake } = make([new Response(null)]);
      await http.send(SIGNED);
      expect(fake.sent[0]!.headers).toEqual({});
      expect(fake.sent[0]!.body).toBeInstanceOf(Uint8Array);
    });

    it('should tell the bytes as they come, and keep a large body as a Blob', async () => {
      const chunk = new Uint8Array(3 * 1024 * 1024).fill(7);
      const chunks = (count: number) => () =>
        new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              for (let index = 0; index < count; index += 1) {
                controller.enqueue(chunk);
              }
              controller.close();
            }
          })
        );
      const { http } = make([chunks(2), chunks(4)]);
      let moved = 0;
      const onBytes = (bytes: number) => {
        moved += bytes;
      };
      const small = await http.send({ ...GET, onBytes });
      expect(small.content).toBeInstanceOf(Uint8Array);
      expect(moved).toBe(2 * chunk.byteLength);
      const large = await http.send({ ...GET, onBytes });
      expect(large.content).toBeInstanceOf(Blob);
      expect(sizeOf(large.content)).toBe(4 * chunk.byteLength);
      expect(4 * chunk.byteLength).toBeGreaterThan(MAX_IN_MEMORY);
      expect(moved).toBe(6 * chunk.byteLength);
    });

    describe('of a resumable download', () => {
      const DOWNLOAD: Http.IRequest = { ...GET, resumable: true };
      const cutAfter =
        (text: string, etag: string | null = '"v1"') =>
        () => {
          let sent = false;
          return new Response(
            new ReadableStream<Uint8Array>({
              pull(controller) {
                if (sent) {
                  controller.error(new TypeError('terminated'));
                } else {
                  sent = true;
                  controller.enqueue(new TextEncoder().encode(text));
                }
              }
            }),
            etag === null ? {} : { headers: { ETag: etag } }
          );
        };
      const text = async (answer: Http.IAnswer) =>
        new TextDecoder().decode(await sliceOf(answer.content));

      it('should go on where it broke off', async () => {
        const { http, fake } = make([
          cutAfter('hello '),
          new Response('world', { status: 206, headers: { 'Content-Range': 'bytes 6-10/11' } })
        ]);
        expect(await text(await http.send(DOWNLOAD))).toBe('hello world');
        expect(fake.sent[1]!.headers).toMatchObject({ range: 'bytes=6-', 'if-range': '"v1"' });
      });

      it.each([null, 'W/"v1"'])('should begin anew where what came has the ETag %j', async etag => {
        const { http, fake } = make([cutAfter('hello ', etag), new Response('hello world')]);
        expect(await text(await http.send(DOWNLOAD))).toBe('hello world');
        expect(fake.sent[1]!.headers['range']).toBeUndefined();
      });

      it('should begin anew where asking for the rest is not answered', async () => {
        const { http, fake } = make([cutAfter('hello '), offline(), new Response('hello world')]);
        expect(await text(await http.send(DOWNLOAD))).toBe('hello world');
        expect(fake.sent[2]!.headers['range']).toBeUndefined();
      });

      it('should begin anew where the cloud sends all again', async () => {
        const { http } = make([cutAfter('hello '), new Response('hello world')]);
        expect(await text(await http.send(DOWNLOAD))).toBe('hello world');
      });

      it('should begin anew where the cloud goes on elsewhere, or can not', async () => {
        for (const odd of [
          new Response('lo world', { status: 206, headers: { 'Content-Range': 'bytes 3-10/11' } }),
          refused(416, 'range_not_satisfiable')
        ]) {
          const { http, fake } = make([cutAfter('hello '), odd, new Response('hello world')]);
          expect(await text(await http.send(DOWNLOAD))).toBe('hello world');
          expect(fake.sent[2]!.headers['range']).toBeUndefined();
        }
      });
    });
  });

  describe('#json()', () => {
    const Items = z.looseObject({ items: z.array(z.looseObject({ size: z.number() })) });

    it('should give what fits, unknown fields included', async () => {
      const { http } = make([json({ items: [{ size: 1, more: true }], extra: 'kept' })]);
      expect(await http.json(GET, Items)).toEqual({
        items: [{ size: 1, more: true }],
        extra: 'kept'
      });
    });

    it('should name the call and the field of what does not fit', async () => {
      const { http } = make([json({ items: [{ size: 'big' }] })]);
      const error = await failure(http.json(GET, Items));
      expect(error.code).toBe('unexpected-answer');
      expect(error.message).toContain('GET /{id}/changes: items.0.size: expected number');
    });

    it('should name the call where the answer is a web page, or nothing', async () => {
      const page = new Response('<html></html>', { headers: { 'Content-Type': 'text/html' } });
      const error = await failure(make([page]).http.json(GET, Items));
      expect(error.code).toBe('unexpected-answer');
      expect(error.message).toContain('GET /{id}/changes: expected JSON, received text/html');
      const empty = await failure(make([new Response('')]).http.json(GET, Items));
      expect(empty.code).toBe('unexpected-answer');
      const cut = new Response('{"items": [', { headers: { 'Content-Type': 'application/json' } });
      const broken = await failure(make([cut]).http.json(GET, Items));
      expect(broken.message).toContain('GET /{id}/changes: the JSON is broken or cut short');
    });
  });
});
