import { createHash } from 'node:crypto';

import { CloudClient } from '../../src/cloud/client';
import { CloudReplica } from '../../src/cloud/replica';
import { hashOf, sizeOf } from '../../src/sync/content';
import type { Operation, Scan } from '../../src/sync/replica';
import { describeReplica } from '../conformance/replica';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { RawProject } from '../support/raw-project';

const PART = 256 * 1024;
const ANY = { signal: new AbortController().signal, ignores: () => false };
const NOTHING = { entries: new Map(), cursor: null };

let cloud: CloudServer;

beforeAll(async () => {
  cloud = await startCloud({ args: ['--part-size', String(PART)] });
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
});

/** A replica that tells its requests; `intercept` may answer in the cloud's place. */
async function make(
  intercept: (url: string, init: RequestInit) => Promise<Response> = (url, init) => fetch(url, init)
) {
  const raw = await RawProject.create(cloud.url, cloud.keys.alice);
  const requests: string[] = [];
  const client = new CloudClient({
    baseUrl: cloud.url,
    token: () => cloud.keys.alice,
    sleep: async () => undefined,
    fetch: async (input, init = {}) => {
      const { pathname } = new URL(String(input));
      requests.push(
        `${init.method} ${pathname
          .replace('/api/projects', '')
          .replace(raw.id, 'ID')
          .replace(/[0-9a-f-]{36}/, 'VERSION')}`
      );
      return intercept(String(input), init);
    }
  });
  return { raw, client, replica: new CloudReplica({ client, projectId: raw.id }), requests };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const sha = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');
const put = (path: string, content: Uint8Array<ArrayBuffer> | Blob, sha256: string): Operation => ({
  op: 'put',
  path,
  content,
  sha256,
  expect: null
});
const texts = (scan: Scan) =>
  Object.fromEntries([...scan.entries].map(([path, entry]) => [path, entry.sha256]));

describeReplica('A project in a cloud', async () => {
  const { raw, replica, requests } = await make();
  return {
    replica,
    outside: raw,
    hashed: () => requests.filter(each => each.startsWith('GET /ID/files/')).length,
    dispose: () => undefined
  };
});

describe('CloudReplica over a real cloud', () => {
  it('should look with one request where nothing changed', async () => {
    const { raw, replica, requests } = await make();
    await raw.write('a/b.txt', 'b');
    const first = await replica.scan(NOTHING, ANY);
    requests.length = 0;
    const second = await replica.scan(first, ANY);
    expect(requests).toEqual(['GET /ID/changes']);
    expect(second.entries).toBe(first.entries);
    expect(second.cursor).toBe(first.cursor);
  });

  it('should see through the feed what a listing shows', async () => {
    const { raw, replica, requests } = await make();
    await raw.write('d/e/one.txt', 'one');
    await raw.write('d/two.txt', 'two');
    await raw.write('three.txt', 'three');
    const first = await replica.scan(NOTHING, ANY);
    await replica.apply(
      [
        { op: 'move', from: 'd', path: 'moved', expect: first.entries.get('d')! },
        { op: 'delete', path: 'three.txt', expect: first.entries.get('three.txt')! },
        { op: 'mkdir', path: 'hollow/inner' }
      ],
      ANY
    );
    await raw.write('moved/two.txt', 'TWO');
    await raw.write('d', 'a file now');
    requests.length = 0;
    const followed = await replica.scan(first, ANY);
    expect(requests).toEqual(['GET /ID/changes']);
    const listed = await replica.scan(NOTHING, ANY);
    expect(texts(followed)).toEqual(texts(listed));
    expect(texts(listed)).toEqual({
      d: sha('a file now'),
      hollow: null,
      'hollow/inner': null,
      moved: null,
      'moved/e': null,
      'moved/e/one.txt': sha('one'),
      'moved/two.txt': sha('TWO')
    });
    expect(followed.cursor).toBe(listed.cursor);
  });

  it('should list more than a page', async () => {
    const { replica } = await make();
    const operations: Operation[] = Array.from({ length: 1100 }, (_, index) => ({
      op: 'mkdir',
      path: `folder ${index}`
    }));
    const outcomes = await replica.apply(operations, ANY);
    expect(outcomes.every(outcome => outcome.status === 'applied')).toBe(true);
    const scan = await replica.scan(NOTHING, ANY);
    expect(scan.entries.size).toBe(1100);
  });

  it('should send a large Blob by parts, and none twice that arrived', async () => {
    let dropped = 0;
    const { raw, replica, requests } = await make(async (url, init) => {
      if (init.method === 'PUT' && url.includes('/uploads/') && dropped === 0) {
        dropped += 1;
        throw new TypeError('fetch failed');
      }
      return fetch(url, init);
    });
    const bytes = new Uint8Array(3 * PART + 17).map((_, index) => (index * 7919) >> 3);
    const content = new Blob([bytes]);
    let moved = 0;
    const [outcome] = await replica.apply([put('big.bin', content, sha(bytes))], {
      ...ANY,
      onBytes: count => {
        moved += count;
      }
    });
    expect(outcome).toMatchObject({ status: 'applied', entry: { sha256: sha(bytes) } });
    expect(moved).toBe(bytes.byteLength);
    expect(requests.filter(each => each.startsWith('PUT'))).toHaveLength(5);
    expect(sha((await raw.files()).get('big.bin')!)).toBe(sha(bytes));
  });

  it('should send nothing for content that the project holds', async () => {
    const { raw, replica, requests } = await make();
    const bytes = bytesOf('the same content');
    await raw.write('a.txt', bytes);
    await replica.scan(NOTHING, ANY);
    requests.length = 0;
    const [outcome] = await replica.apply([put('copy.txt', bytes, sha(bytes))], ANY);
    expect(outcome?.status).toBe('applied');
    expect(requests).toEqual(['POST /ID/file-preloads', 'POST /ID/commits']);
    expect(await raw.text('copy.txt')).toBe('the same content');
  });

  it('should make nothing twice when an answer is lost', async () => {
    let lost = 0;
    const { raw, replica } = await make(async (url, init) => {
      const answer = await fetch(url, init);
      if (url.endsWith('/commits') && lost === 0) {
        lost += 1;
        throw new TypeError('terminated');
      }
      return answer;
    });
    const [outcome] = await replica.apply([put('a.txt', bytesOf('a'), sha('a'))], ANY);
    expect(lost).toBe(1);
    expect(outcome).toMatchObject({ status: 'applied', entry: { sha256: sha('a') } });
    const scan = await replica.scan(NOTHING, ANY);
    expect(scan.entries.get('a.txt')).toEqual(outcome?.status === 'applied' && outcome.entry);
    expect([...(await raw.files()).keys()]).toEqual(['a.txt']);
  });

  it('should tell that content does not have the hash it was said to have', async () => {
    const { raw, replica } = await make();
    const outcomes = await replica.apply(
      [put('bad.txt', bytesOf('bad'), sha('other')), put('good.txt', bytesOf('good'), sha('good'))],
      ANY
    );
    expect(outcomes).toMatchObject([
      { status: 'failed', problem: { code: 'corrupt' } },
      { status: 'applied' }
    ]);
    expect([...(await raw.files()).keys()]).toEqual(['good.txt']);
  });

  it('should let a reader read, and tell of each write that it is not allowed', async () => {
    const { raw, replica } = await make();
    await raw.write('a.txt', 'a');
    const { entries } = await replica.scan(NOTHING, ANY);
    const bob = new CloudClient({ baseUrl: cloud.url, token: () => cloud.keys.bob });
    await raw.share((await bob.account()).id, 'reader');
    const reader = new CloudReplica({ client: bob, projectId: raw.id });
    const seen = await reader.scan(NOTHING, ANY);
    expect(texts(seen)).toEqual({ 'a.txt': sha('a') });
    const located = { path: 'a.txt', entry: seen.entries.get('a.txt')! };
    expect((await reader.read([located], ANY))[0]?.status).toBe('read');
    const outcomes = await reader.apply(
      [
        put('b.txt', bytesOf('b'), sha('b')),
        { op: 'delete', path: 'a.txt', expect: entries.get('a.txt')! },
        { op: 'mkdir', path: 'd' }
      ],
      ANY
    );
    expect(outcomes).toMatchObject(
      Array.from({ length: 3 }, () => ({ status: 'failed', problem: { code: 'forbidden' } }))
    );
    expect([...(await raw.files()).keys()]).toEqual(['a.txt']);
  });

  it('should go on with a download that broke off', async () => {
    const bytes = new Uint8Array(500_000).map((_, index) => (index * 31) >> 2);
    const { raw, client, requests } = await make(async (url, init) => {
      const answer = await fetch(url, init);
      const cut = init.method === 'GET' && /\/content$|\/files\/a\.bin$/.test(url);
      return cut && !new Headers(init.headers).has('Range') ? cutShort(answer, 1000) : answer;
    });
    await raw.write('a.bin', bytes);
    const [version] = await client.files.versions(raw.id, 'a.bin');
    for (const download of [
      (options: object) => client.files.download(raw.id, 'a.bin', options),
      (options: object) => client.files.downloadVersion(raw.id, version!.file_version_id, options)
    ]) {
      let moved = 0;
      requests.length = 0;
      const { content } = await download({
        onBytes: (count: number) => {
          moved += count;
        }
      });
      expect(await hashOf(content)).toBe(sha(bytes));
      expect(sizeOf(content)).toBe(moved);
      expect(requests).toHaveLength(2);
    }
  });
});

/** The first bytes of the answer, and then a broken connection. */
function cutShort(answer: Response, length: number): Response {
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sent) {
        controller.error(new TypeError('terminated'));
        return;
      }
      sent = true;
      const whole = new Uint8Array(await answer.arrayBuffer());
      controller.enqueue(whole.subarray(0, length));
    }
  });
  return new Response(body, { status: answer.status, headers: answer.headers });
}
