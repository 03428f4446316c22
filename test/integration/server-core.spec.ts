import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  AccountAnswer,
  CloudProject,
  FilePreload,
  MyPermissions,
  Organizations,
  Permissions,
  ProjectsPage
} from '../../src/cloud/schemas';
import { BASE, type CloudApp, ORIGIN, startApp } from '../support/cloud-app';

/** Lists in lists, so many levels deep. */
function nested(levels: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < levels; level++) {
    value = [value];
  }
  return value;
}

describe('the core of the Projects API', () => {
  let app: CloudApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.close());

  describe('who one is', () => {
    it('tells health to anybody', async () => {
      expect((await app.anonymous.get('/healthz')).status).toBe(200);
    });

    it('answers 401 auth_required without a key, and with one that nobody has', async () => {
      const stranger = await app.anonymous.get('/', { Authorization: 'Bearer projects_x' });
      for (const answer of [await app.anonymous.get('/'), stranger]) {
        expect(answer.status).toBe(401);
        expect(answer.body.error).toMatchObject({
          code: 'auth_required',
          message: expect.any(String)
        });
      }
    });

    it('tells an expired and a revoked key apart from an unknown one', async () => {
      const { accounts } = app.server;
      const expired = await accounts.addKey(app.alice.id, new Date(Date.now() - 1000));
      const revoked = await accounts.addKey(app.alice.id);
      await accounts.revokeKey(revoked.key);
      for (const [{ key }, word] of [
        [expired, 'expired'],
        [revoked, 'revoked']
      ] as const) {
        const { status, body } = await app.anonymous.get('/', { Authorization: `Bearer ${key}` });
        expect(status).toBe(401);
        expect(body.error.code).toBe('auth_required');
        expect(body.error.message).toContain(word);
      }
    });

    it('tells the account on the same host, not under the base', async () => {
      const { body } = await app.alice.get(`${ORIGIN}/api/account`);
      expect(AccountAnswer.parse(body).user).toMatchObject({ id: app.alice.id, username: 'alice' });
    });

    it('lists the organizations one belongs to', async () => {
      await app.server.accounts.addOrganization('lab', 'The lab');
      await app.server.accounts.addMember('lab', app.bob.id);
      const { body } = await app.bob.get(`${ORIGIN}/api/organizations/my`);
      expect(Organizations.parse(body)).toMatchObject([{ name: 'lab', title: 'The lab' }]);
      expect((await app.alice.get(`${ORIGIN}/api/organizations/my`)).body).toEqual([]);
    });
  });

  describe('projects', () => {
    it('picks a slug for "<random>", and a title from the name', async () => {
      const random = CloudProject.parse((await app.alice.post('/', { name: '<random>' })).body);
      expect(random.name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
      const named = await app.alice.post('/', { name: 'my-data' });
      expect(named.status).toBe(201);
      expect(named.body).toMatchObject({
        name: 'my-data',
        title: 'My data',
        owner: { type: 'user', id: app.alice.id, name: 'alice' }
      });
    });

    it('keeps unknown tags and unknown fields of metadata', async () => {
      const metadata = {
        tags: ['notebook', 'from-the-future'],
        sync: { ignore: ['*.tmp'], more: 1 },
        elsewhere: { deep: [1, null] }
      };
      const id = await app.alice.project({ metadata, unknown: true });
      expect((await app.alice.get(`/${id}`)).body.metadata).toEqual(metadata);
    });

    it('changes what a PATCH names, and nothing else', async () => {
      const id = await app.alice.project({
        title: 'Before',
        description: 'Stays',
        metadata: { tags: ['data'], sync: { ignore: ['a'] } }
      });
      const { body } = await app.alice.call('PATCH', `/${id}`, {
        body: { title: 'After', metadata: { sync: { ignore: ['b'] }, hidden: true } }
      });
      expect(body).toMatchObject({
        title: 'After',
        description: 'Stays',
        metadata: { tags: ['data'], sync: { ignore: ['b'] }, hidden: true }
      });
      const removed = await app.alice.call('PATCH', `/${id}`, {
        body: { metadata: { hidden: null }, description: null }
      });
      expect(removed.body.metadata).not.toHaveProperty('hidden');
      expect(removed.body.description).toBeNull();
    });

    it('is gone after DELETE', async () => {
      const id = await app.alice.project();
      await app.alice.put(id, 'a/b.txt', 'text');
      expect((await app.alice.call('DELETE', `/${id}`)).status).toBe(204);
      expect((await app.alice.get(`/${id}`)).status).toBe(404);
      expect((await app.alice.get(`/${id}/files/a/b.txt`)).status).toBe(404);
    });

    it.each([
      ['no name', {}],
      ['a name that is no slug', { name: 'two words' }],
      ['an empty name', { name: '' }],
      ['text that no database holds', { name: 'x', title: 'a\0b' }],
      ['bottomless metadata', { name: 'x', metadata: { a: nested(500) } }],
      ['tags that are no list', { name: 'x', metadata: { tags: 'data' } }],
      ['no object', []]
    ])('refuses %s with 422', async (_, body) => {
      const answer = await app.alice.post('/', body);
      expect(answer.status).toBe(422);
      expect(answer.body.error.code).toBe('invalid_request');
    });

    it('makes one for an organization of one’s own only', async () => {
      await app.server.accounts.addOrganization('club');
      const owner = { type: 'organization', name: 'club' };
      expect((await app.alice.post('/', { name: 'x', owner })).status).toBe(403);
      await app.server.accounts.addMember('club', app.alice.id);
      const { body } = await app.alice.post('/', { name: 'x', owner });
      expect(body.owner).toMatchObject({ type: 'organization', name: 'club' });
      expect((await app.alice.get(`/${body.id}/permissions/my`)).body.own).toBe(true);
    });

    it('answers 404 for what is no id', async () => {
      expect((await app.alice.get('/nothing-like-it')).status).toBe(404);
      expect((await app.alice.get(`/${randomUUID()}`)).status).toBe(404);
    });
  });

  describe('the list', () => {
    it('follows next_page_url over all pages, and back by prev_page_url', async () => {
      const server = await startApp();
      try {
        const ids: string[] = [];
        for (let index = 0; index < 5; index++) {
          ids.unshift(await server.alice.project({ name: `p${index}` }));
        }
        const pages: string[][] = [];
        let url: string | null = `${BASE}/?limit=2`;
        let last = url;
        while (url !== null) {
          const page = ProjectsPage.parse((await server.alice.get(url)).body);
          expect(page.total_count).toBe(5);
          expect(page.num_items).toBe(page.items.length);
          pages.push(page.items.map(({ id }) => id));
          last = url;
          url = page.next_page_url ?? null;
          expect(url === null || url.startsWith(`${BASE}/?`)).toBe(true);
        }
        expect(pages.map(page => page.length)).toEqual([2, 2, 1]);
        expect(pages.flat()).toEqual(ids);

        const { prev_page_url: back } = ProjectsPage.parse((await server.alice.get(last)).body);
        const before = ProjectsPage.parse((await server.alice.get(back ?? '')).body);
        expect(before.items.map(({ id }) => id)).toEqual(pages[1]);
      } finally {
        await server.close();
      }
    });

    it('filters by owner, tag and name', async () => {
      const name = `n-${randomUUID()}`;
      const mine = await app.alice.project({ name, metadata: { tags: ['data', 'odd'] } });
      const theirs = await app.bob.project({ name });
      await app.bob.share(theirs, 'reader', app.alice.id);
      const ids = async (query: string) =>
        (await app.alice.get(`/?name=${name}&${query}`)).body.items.map(({ id }) => id);
      expect(await ids('')).toEqual([theirs, mine]);
      expect(await ids('owner=me')).toEqual([mine]);
      expect(await ids(`owner=${app.bob.id}`)).toEqual([theirs]);
      expect(await ids('tag=odd')).toEqual([mine]);
      expect(await ids('tag=odd&tag=data')).toEqual([mine]);
      expect(await ids('tag=other')).toEqual([]);
    });

    it.each(['limit=0', 'limit=x', 'owner=you', 'cursor=bm9wZQ'])(
      'refuses ?%s with 422',
      async query => {
        expect((await app.alice.get(`/?${query}`)).status).toBe(422);
      }
    );

    it('gives page URLs that the client can reach through a proxy', async () => {
      await app.alice.project();
      await app.alice.project();
      const { body } = await app.alice.get('/?limit=1', {
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'cloud.example.org'
      });
      expect(body.next_page_url).toMatch(/^https:\/\/cloud\.example\.org\/api\/projects\/\?/);
    });
  });

  describe('permissions', () => {
    it('adds and removes, and answers the new list', async () => {
      const id = await app.alice.project();
      const added = await app.alice.share(id, 'reader', app.bob.id);
      expect(Permissions.parse(added.body)).toEqual({
        items: [
          { type: 'user_id', relation: 'owner', id: app.alice.id },
          { type: 'user_id', relation: 'reader', id: app.bob.id }
        ],
        num_items: 2
      });
      expect((await app.bob.get(`/${id}/permissions`)).body).toEqual(added.body);
      const removed = await app.alice.share(id, 'reader', app.bob.id, 'remove');
      expect(removed.body.num_items).toBe(1);
      expect((await app.bob.get(`/${id}`)).status).toBe(404);
    });

    it('makes a project public, and private again', async () => {
      const id = await app.alice.project();
      const body = { permissions: [], is_public: true };
      const { body: open } = await app.alice.post(`/${id}/permissions`, body);
      expect(open.items).toContainEqual({ type: 'user_id', relation: 'reader', id: '*' });
      expect(MyPermissions.parse((await app.bob.get(`/${id}/permissions/my`)).body).read).toBe(
        true
      );
      await app.alice.post(`/${id}/permissions`, { permissions: [], is_public: false });
      expect((await app.bob.get(`/${id}`)).status).toBe(404);
    });

    it('shares with the members of an organization', async () => {
      const organization = await app.server.accounts.addOrganization('readers');
      await app.server.accounts.addMember('readers', app.bob.id);
      const id = await app.alice.project();
      for (const subject of [
        { type: 'org_id', id: organization },
        { type: 'org_name', id: 'readers' }
      ]) {
        const change = { ...subject, relation: 'finder' };
        const post = (action: string) =>
          app.alice.post(`/${id}/permissions`, { permissions: [{ ...change, action }] });
        await post('add');
        expect((await app.bob.get(`/${id}`)).status).toBe(200);
        await post('remove');
        expect((await app.bob.get(`/${id}`)).status).toBe(404);
      }
    });

    it('leaves no project without an owner', async () => {
      const id = await app.alice.project();
      const answer = await app.alice.share(id, 'owner', app.alice.id, 'remove');
      expect(answer.status).toBe(409);
      expect((await app.alice.get(`/${id}/permissions/my`)).body.own).toBe(true);
    });
  });

  describe('one file at a time', () => {
    it('is announced, sent, committed, and read', async () => {
      const id = await app.alice.project();
      const announced = await app.alice.call('PUT', `/${id}/file-preload/data/a.csv`, { body: {} });
      const preload = FilePreload.parse(announced.body);
      expect(preload.url).toBe(`${BASE}/${id}/files/data/a.csv`);

      const version = `/${id}/file-versions/${preload.file_version_id}`;
      const early = await app.alice.call('PATCH', version);
      expect([early.status, early.body.error.code]).toEqual([409, 'missing_content']);

      expect((await app.alice.send(preload.signed_url, Buffer.from('a,b\n'))).status).toBe(200);
      expect((await app.alice.get(`/${id}/files/data/a.csv`)).status).toBe(404);

      const committed = await app.alice.call('PATCH', version);
      expect([committed.status, committed.bytes.length]).toEqual([204, 0]);
      expect((await app.alice.get(preload.url)).bytes.toString()).toBe('a,b\n');
      expect((await app.alice.call('PATCH', version)).status).toBe(204);
    });

    it('needs a body to announce, be it empty', async () => {
      const id = await app.alice.project();
      const answer = await app.alice.call('PUT', `/${id}/file-preload/a`, {});
      expect(answer.status).toBe(422);
    });

    it('is deleted', async () => {
      const id = await app.alice.project();
      await app.alice.put(id, 'a.txt', 'text');
      expect((await app.alice.call('DELETE', `/${id}/files/a.txt`)).status).toBe(204);
      expect((await app.alice.get(`/${id}/files/a.txt`)).status).toBe(404);
      expect((await app.alice.call('DELETE', `/${id}/files/a.txt`)).status).toBe(404);
    });

    it('keeps another project’s versions out', async () => {
      const [id, other] = [await app.alice.project(), await app.alice.project()];
      const [version] = await app.alice.upload(other, { a: 'text' });
      expect((await app.alice.call('PATCH', `/${id}/file-versions/${version}`)).status).toBe(404);
    });
  });
});
