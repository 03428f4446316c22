import { CloudClient } from '../../../src/cloud/client';
import { CloudError } from '../../../src/cloud/errors';
import { FakeFetch, json, refused } from '../../support/fake-fetch';
import type { Answer } from '../../support/fake-fetch';
import { BASE, FULL, page, PROJECT } from './support';

const USER = { id: 'u1', email: 'ada@example.org', first_name: 'Ada', last_name: 'L' };

function project(name: string) {
  return {
    id: PROJECT,
    name,
    title: name.toUpperCase(),
    metadata: { tags: ['a tag nobody knows'], colour: 'blue' },
    owner: { type: 'user', id: PROJECT, name: 'ada' },
    created_at: '2026-01-01T00:00:00.123456+02:00',
    updated_at: '2026-01-01T00:00:00Z'
  };
}

function make(answers: readonly Answer[], token: string | null = 'the-key') {
  const fake = new FakeFetch(answers);
  const client = new CloudClient({
    baseUrl: `${BASE}/`,
    token: () => token,
    fetch: fake.fetch,
    sleep: async () => undefined
  });
  return { client, fake };
}

async function failure(promise: Promise<unknown>): Promise<CloudError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof CloudError)) {
    throw new Error(`expected a CloudError, got ${String(error)}`);
  }
  return error;
}

describe('CloudClient', () => {
  it('should refuse a base that is no web address', () => {
    for (const baseUrl of [
      '',
      'cloud.example',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://ada:s3cret@cloud.example/api/projects',
      'https://cloud.example/api/projects?key=s3cret'
    ]) {
      expect(() => new CloudClient({ baseUrl, token: () => null })).toThrow(CloudError);
      expect(() => new CloudClient({ baseUrl, token: () => null })).not.toThrow(/s3cret/);
    }
  });

  it('should send the key in the Authorization header and nowhere else', async () => {
    const { client, fake } = make([json(project('one'))]);
    await client.getProject(PROJECT);
    const { url, headers } = fake.sent[0]!;
    expect(headers['authorization']).toBe('Bearer the-key');
    expect(url).toBe(`${BASE}/${PROJECT}`);
  });

  it('should ask nothing without a key, or with one that can be none', async () => {
    for (const token of [null, '', '  ', 'line\nbreak', 'ключ']) {
      const { client, fake } = make([], token);
      const error = await failure(client.getProject(PROJECT));
      expect(error.code).toBe('signed-out');
      expect(fake.sent).toEqual([]);
      if (token?.trim()) {
        expect(error.message).not.toContain(token);
      }
    }
  });

  describe('#account()', () => {
    it('should ask at the origin, not below the base', async () => {
      const { client, fake } = make([json({ user: USER })]);
      expect(await client.account()).toEqual({ id: 'u1', name: 'Ada L' });
      expect(fake.sent[0]!.url).toBe('https://cloud.example/api/account');
    });

    it('should name who has no name by what there is', async () => {
      const { client } = make([
        json({ user: { id: 'u1', email: 'ada@example.org', first_name: '' } }),
        json({ user: { id: 'u1', username: 'ada', email: 'ada@example.org' } }),
        json({ user: { id: 'u1' } })
      ]);
      expect((await client.account()).name).toBe('ada@example.org');
      expect((await client.account()).name).toBe('ada');
      expect((await client.account()).name).toBe('u1');
    });

    it('should tell that a key is wrong', async () => {
      const { client } = make([refused(401, 'auth_required')]);
      expect((await failure(client.account())).code).toBe('signed-out');
    });
  });

  it('should read organizations as a list, and in an envelope', async () => {
    const one = { id: PROJECT, name: 'lab', title: 'The lab' };
    const { client } = make([json([one]), json({ items: [one] })]);
    expect(await client.organizations()).toEqual([one]);
    expect(await client.organizations()).toEqual([one]);
  });

  describe('#capabilities()', () => {
    it('should ask once, without the key', async () => {
      const { client, fake } = make([json(FULL)]);
      expect(await client.capabilities()).toEqual(FULL);
      expect(await client.capabilities()).toEqual(FULL);
      expect(fake.sent).toHaveLength(1);
      expect(fake.sent[0]!.headers['authorization']).toBeUndefined();
    });

    it('should take a 404 for a cloud that has the core only', async () => {
      const { client, fake } = make([refused(404, 'not_found')]);
      expect(await client.capabilities()).toBeNull();
      expect(await client.capabilities()).toBeNull();
      expect(fake.sent).toHaveLength(1);
    });

    it('should conclude nothing from a failure, and ask again', async () => {
      const { client } = make([refused(500, 'oops'), json(FULL)]);
      expect((await failure(client.capabilities())).status).toBe(500);
      expect(await client.capabilities()).toEqual(FULL);
    });

    it('should refuse what is no answer of a Projects API', async () => {
      const { client } = make([json({ api: 'pets' })]);
      expect((await failure(client.capabilities())).code).toBe('unexpected-answer');
    });
  });

  describe('#listProjects()', () => {
    const next = `${BASE}/?cursor=2`;

    it('should follow the pages and keep what it does not know', async () => {
      const { client, fake } = make([
        json(page([project('one')], { total_count: 2, next_page_url: next })),
        json(page([project('two')], { total_count: 2 }))
      ]);
      const projects = await client.listProjects({ owner: 'me' });
      expect(projects.map(each => each.name)).toEqual(['one', 'two']);
      expect(projects[0]!.metadata).toEqual({ tags: ['a tag nobody knows'], colour: 'blue' });
      expect(new URL(fake.sent[0]!.url).searchParams.get('owner')).toBe('me');
      expect(fake.sent[1]!.url).toBe(next);
    });

    it('should never take the key to another host, whatever host the next page names', async () => {
      const { client, fake } = make([
        json(
          page([project('one')], {
            total_count: 2,
            next_page_url: 'https://evil.example/?cursor=2'
          })
        ),
        json(page([project('two')], { total_count: 2 }))
      ]);
      expect(await client.listProjects()).toHaveLength(2);
      expect(fake.sent.map(({ url }) => new URL(url).origin)).toEqual([
        new URL(BASE).origin,
        new URL(BASE).origin
      ]);
      expect(fake.sent[1]!.url).toBe(next);
    });

    it('should not go in circles', async () => {
      const { client } = make([
        json(page([project('one')], { total_count: 9, next_page_url: next })),
        json(page([project('two')], { total_count: 9, next_page_url: next }))
      ]);
      expect((await failure(client.listProjects())).message).toContain('circle');
    });

    it('should not take a part for the whole', async () => {
      const { client } = make([json(page([project('one')], { total_count: 2 }))]);
      expect((await failure(client.listProjects())).message).toContain('total_count');
    });
  });

  it('should not send a creation twice', async () => {
    const { client, fake } = make([new TypeError('fetch failed')]);
    expect((await failure(client.createProject({ name: '<random>' }))).code).toBe('offline');
    expect(fake.sent).toHaveLength(1);
  });

  it('should derive the role from the permissions', async () => {
    const none = {
      delete: false,
      find: false,
      modify: false,
      own: false,
      read: false,
      share: false
    };
    const reader = { ...none, find: true, read: true };
    const writer = { ...reader, modify: true };
    const answers = [
      none,
      { ...none, find: true },
      reader,
      writer,
      { ...writer, own: true, delete: true, share: true }
    ];
    const { client } = make(answers.map(answer => json(answer)));
    const roles: (string | null)[] = [];
    for (let index = 0; index < answers.length; index += 1) {
      roles.push((await client.myPermissions(PROJECT)).role);
    }
    expect(roles).toEqual([null, 'finder', 'reader', 'writer', 'owner']);
  });

  describe('files', () => {
    it('should keep odd names within the path', async () => {
      const { client, fake } = make([new Response('x')]);
      await client.files.download(PROJECT, 'a b/100%#?&+.txt/é🦉');
      expect(new URL(fake.sent[0]!.url).pathname).toBe(
        `/api/projects/${PROJECT}/files/a%20b/100%25%23%3F%26%2B.txt/%C3%A9%F0%9F%A6%89`
      );
    });

    it('should ask nothing for a path that leads out of the project', async () => {
      const { client, fake } = make([]);
      for (const path of ['../x', 'a/../../b', '/etc', '', '.']) {
        await expect(client.files.download(PROJECT, path)).rejects.toThrow(CloudError);
      }
      expect(fake.sent).toEqual([]);
    });

    it('should upload without the key and without any header', async () => {
      const { client, fake } = make([new Response(null)]);
      await client.files.upload('https://storage.example/up?sig=1', new Uint8Array([1]));
      expect(fake.sent[0]!.headers).toEqual({});
    });

    it('should refuse an answer for other paths than those asked for', async () => {
      const item = { path: 'b.txt', file_version_id: PROJECT, signed_url: null };
      const { client } = make([json({ items: [item] }), json({ items: [] })]);
      const request = { files: [{ path: 'a.txt', size: 1, sha256: 'a'.repeat(64) }] };
      const odd = await failure(client.files.preloads(PROJECT, request));
      expect(odd.message).toContain('POST /{id}/file-preloads: items.0.path');
      const short = await failure(client.files.preloads(PROJECT, request));
      expect(short.message).toContain('expected 1 items');
    });
  });
});
