import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type CloudApp, sha256, startApp } from '../support/cloud-app';

const roles = ['stranger', 'finder', 'reader', 'writer', 'owner'] as const;
type RoleName = (typeof roles)[number];

/** Each call, the least role that it takes, and what that gets. */
const calls: readonly {
  readonly call: string;
  readonly least: RoleName;
  readonly status: number;
  readonly body?: unknown;
}[] = [
  { call: 'GET /', least: 'finder', status: 200 },
  { call: 'GET /permissions/my', least: 'finder', status: 200 },
  { call: 'GET /permissions', least: 'reader', status: 200 },
  { call: 'GET /files', least: 'reader', status: 200 },
  { call: 'GET /files/a', least: 'reader', status: 200 },
  { call: 'HEAD /files/a', least: 'reader', status: 200 },
  { call: 'GET /changes', least: 'reader', status: 200 },
  { call: 'GET /file-versions', least: 'reader', status: 200 },
  { call: 'GET /file-versions/VERSION', least: 'reader', status: 200 },
  { call: 'GET /file-versions/VERSION/content', least: 'reader', status: 200 },
  { call: 'PUT /file-preload/b', least: 'writer', status: 200, body: {} },
  { call: 'PATCH /file-versions/VERSION', least: 'writer', status: 204 },
  {
    call: 'POST /file-preloads',
    least: 'writer',
    status: 200,
    body: { files: [{ path: 'b', size: 0, sha256: sha256('') }] }
  },
  {
    call: 'POST /commits',
    least: 'writer',
    status: 200,
    body: { idempotency_key: 'k', operations: [{ op: 'mkdir', path: 'd' }] }
  },
  { call: 'PATCH /', least: 'writer', status: 200, body: { title: 'New' } },
  { call: 'DELETE /files/a', least: 'writer', status: 204 },
  { call: 'POST /permissions', least: 'owner', status: 200, body: { permissions: [] } },
  { call: 'DELETE /', least: 'owner', status: 204 }
];

describe('roles', () => {
  let app: CloudApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.close());

  /** A project of alice's with the file `a`, in which bob has the role. */
  async function projectFor(role: RoleName): Promise<{ id: string; version: string }> {
    const id = await app.alice.project();
    const { file_version_id: version } = await app.alice.put(id, 'a', 'text');
    if (role !== 'stranger') {
      await app.alice.share(id, role, app.bob.id);
    }
    return { id, version };
  }

  for (const role of roles) {
    it.each(calls)(`of a ${role} decide on $call`, async ({ call, least, status, body }) => {
      const { id, version } = await projectFor(role);
      const before = (await app.alice.get(`/${id}`)).body;
      const [method = '', path = ''] = call.split(' ');
      const url = `/${id}${path === '/' ? '' : path.replace('VERSION', version)}`;
      const answer = await app.bob.call(method, url, { body });
      if (roles.indexOf(role) >= roles.indexOf(least)) {
        expect(answer.status).toBe(status);
        return;
      }
      expect(answer.status).toBe(role === 'stranger' ? 404 : 403);
      if (method !== 'HEAD') {
        expect(answer.body.error.code).toBe(role === 'stranger' ? 'not_found' : 'forbidden');
      }
      expect((await app.alice.get(`/${id}`)).body).toEqual(before);
      expect((await app.alice.files(id)).size).toBe(1);
    });

    it(`of a ${role} are told by permissions/my`, async () => {
      const { id } = await projectFor(role);
      const answer = await app.bob.get(`/${id}/permissions/my`);
      const rank = roles.indexOf(role);
      expect(answer.status).toBe(rank === 0 ? 404 : 200);
      if (rank > 0) {
        expect(answer.body).toEqual({
          find: true,
          read: rank >= 2,
          modify: rank >= 3,
          share: rank >= 4,
          delete: rank >= 4,
          own: rank >= 4
        });
      }
    });

    it(`of a ${role} decide whether a project is listed`, async () => {
      const { id } = await projectFor(role);
      const { items } = (await app.bob.get('/')).body;
      expect(items.some(project => project.id === id)).toBe(role !== 'stranger');
    });
  }

  it('need a key everywhere', async () => {
    const { id, version } = await projectFor('owner');
    for (const { call, body } of calls) {
      const [method = '', path = ''] = call.split(' ');
      const url = `/${id}${path === '/' ? '' : path.replace('VERSION', version)}`;
      expect((await app.anonymous.call(method, url, { body })).status).toBe(401);
    }
  });
});
