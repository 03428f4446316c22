import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { Capabilities } from '../../src/cloud/schemas';
import { BASE, type CloudApp, ORIGIN, startApp } from '../support/cloud-app';

describe('the server, to any client', () => {
  let app: CloudApp;

  beforeAll(async () => {
    app = await startApp({ allowOrigins: ['https://lab.example.org'] });
  });

  afterAll(() => app.close());

  it('tells its extensions and limits to anybody', async () => {
    const { body } = await app.anonymous.get('/capabilities');
    expect(Capabilities.parse(body)).toEqual({
      api: 'projects',
      version: '1',
      features: ['files', 'conditions', 'changes', 'batch', 'commits', 'versions', 'events'],
      limits: {
        max_file_size: expect.any(Number),
        part_size: 16 * 1024 * 1024,
        max_commit_operations: 1000,
        max_path_bytes: 1024
      }
    });
  });

  describe('from a page', () => {
    const preflight = (origin: string, path = '/') =>
      app.server.fetch(
        new Request(`${BASE}${path}`, {
          method: 'OPTIONS',
          headers: {
            Origin: origin,
            'Access-Control-Request-Method': 'PATCH',
            'Access-Control-Request-Headers': 'authorization,if-match'
          }
        })
      );

    it.each([
      'http://127.0.0.1:8888',
      'http://localhost:9999',
      'http://[::1]:1234',
      'https://lab.example.org'
    ])('of %s may be called', async origin => {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      const allowed = headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
      for (const name of ['authorization', 'content-type', 'if-match', 'if-none-match', 'range']) {
        expect(allowed.split(', ')).toContain(name);
      }
      const answer = await app.alice.get('/', { Origin: origin });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/ETag.*X-Sha256/s);
      const refused = await app.anonymous.get('/', { Origin: origin });
      expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
    });

    it.each([
      'https://evil.example.org',
      'http://localhost.evil.example.org',
      'http://127.0.0.1.evil.example.org:80',
      'null'
    ])('of %s may not', async origin => {
      expect((await preflight(origin)).headers.has('access-control-allow-origin')).toBe(false);
      const answer = await app.alice.get('/', { Origin: origin });
      expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    });
  });

  it('describes in OpenAPI the very calls that it serves', async () => {
    const answer = await app.anonymous.get('/openapi.json');
    const document = JSON.parse(answer.bytes.toString()) as {
      openapi: string;
      servers: unknown;
      paths: Record<string, Record<string, { requestBody?: unknown; parameters: unknown[] }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: ORIGIN }]);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`)
    );
    expect(described).toContain('GET /api/projects');
    expect(described).toContain('PUT /api/projects/{id}/file-preload/{path}');
    expect(described).toContain('POST /api/projects/{id}/commits');
    expect(described).toHaveLength(27);
    expect(
      JSON.stringify(document.paths['/api/projects/{id}/commits']?.['post']?.requestBody)
    ).toMatch(/if_revision/);
    const list = document.paths['/api/projects']?.['get']?.parameters;
    expect(JSON.stringify(list)).toMatch(/"owner".*"tag".*"name".*"cursor".*"limit"/);
    for (const call of described) {
      const [method = '', path = ''] = call.split(' ');
      const url = `${ORIGIN}${path
        .replace('{id}', app.alice.id)
        .replace('{version}', app.alice.id)
        .replace('{part}', '0')
        .replace('{path}', 'a')}`;
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const { error } = (await app.anonymous.call(method, url, { body })).body;
      expect(error?.message).not.toBe('There is no such call in this API.');
    }
  });

  it('refuses JSON that is none with 422', async () => {
    for (const body of ['{', '"\\', Buffer.from([0x22, 0xff, 0x22])]) {
      const answer = await app.alice.call('POST', '/', { body: Buffer.from(body) });
      expect([answer.status, answer.body.error.code]).toEqual([422, 'invalid_request']);
    }
  });

  it('answers a failure of its own with 500, and logs no secret', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const list = jest
      .spyOn(app.server.services.projects, 'list')
      .mockRejectedValue(new Error('broken'));
    try {
      const answer = await app.alice.get('/?name=token-in-a-query');
      expect([answer.status, answer.body.error.code]).toEqual([500, 'internal']);
      expect(answer.body.error.message).not.toContain('broken');
      const logged = log.mock.calls.flat().map(String).join(' ');
      expect(logged).toContain('broken');
      expect(logged).not.toContain(app.alice.key);
      expect(logged).not.toContain('token-in-a-query');
    } finally {
      list.mockRestore();
      log.mockRestore();
    }
  });
});
