import { once } from 'node:events';
import { connect } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import type { ClientOptions } from 'ws';

import { EventsClose } from '../../src/cloud/schemas';
import type { EventHub } from '../../server/src/events/event-hub';
import { type Listening, listen } from '../../server/src/serve';
import { type Caller, type CloudApp, startApp } from '../support/cloud-app';
import { EventSocket, ticketFrom, upgradeStatus } from '../support/event-socket';

describe('the events socket', () => {
  let app: CloudApp;
  let port: Listening;
  const open: EventSocket[] = [];

  beforeAll(async () => {
    app = await startApp({ quota: 1000 });
    port = await listen(app.server, '127.0.0.1', 0);
  });

  afterEach(async () => {
    open.splice(0).forEach(socket => socket.close());
    await until(() => app.server.events?.hub.size === 0);
  });

  afterAll(async () => {
    await port.stop();
    await app.close();
  });

  const ticketOf = (caller: Caller) => ticketFrom(port.url, caller.key ?? '');

  async function socketOf(caller: Caller, options: ClientOptions = {}): Promise<EventSocket> {
    const socket = await EventSocket.open(port.url, await ticketOf(caller), options);
    open.push(socket);
    return socket;
  }

  describe('tells who may see a project', () => {
    it('of each commit, with its revision', async () => {
      const id = await app.alice.project();
      await app.alice.share(id, 'finder', app.bob.id);
      const sockets = [await socketOf(app.alice), await socketOf(app.bob)];
      await app.alice.put(id, 'a', 'one');
      const { revision } = await app.alice.commit(id, [
        { op: 'mkdir', path: 'd' },
        { op: 'mkdir', path: 'd/e' }
      ]);
      for (const socket of sockets) {
        expect(await socket.next()).toEqual({
          type: 'project.changed',
          project_id: id,
          revision: 1
        });
        expect(await socket.next()).toEqual({ type: 'project.changed', project_id: id, revision });
      }
    });

    it('of a single deletion and of a version committed alone', async () => {
      const id = await app.alice.project();
      const socket = await socketOf(app.alice);
      const [version] = await app.alice.upload(id, { a: 'one' });
      await app.alice.call('PATCH', `/${id}/file-versions/${version}`);
      expect(await socket.next()).toMatchObject({ type: 'project.changed', revision: 1 });
      await app.alice.call('DELETE', `/${id}/files/a`);
      expect(await socket.next()).toMatchObject({ type: 'project.changed', revision: 2 });
    });

    it('that it was made, changed, and deleted', async () => {
      const socket = await socketOf(app.alice);
      const id = await app.alice.project();
      await app.alice.call('PATCH', `/${id}`, { body: { title: 'Other' } });
      await app.alice.call('DELETE', `/${id}`);
      expect([await socket.next(), await socket.next(), await socket.next()]).toEqual([
        { type: 'project.created', project_id: id, revision: 0 },
        { type: 'project.changed', project_id: id, revision: 1 },
        { type: 'project.deleted', project_id: id }
      ]);
    });

    it('that they got access, and that they lost it, and nothing more', async () => {
      const [id, own] = [await app.alice.project(), await app.bob.project()];
      const bob = await socketOf(app.bob);
      await app.alice.share(id, 'reader', app.bob.id);
      expect(await bob.next()).toEqual({ type: 'permissions.changed', project_id: id });
      await app.alice.share(id, 'reader', app.bob.id, 'remove');
      await app.alice.put(id, 'a', 'not for bob');
      await app.alice.call('PATCH', `/${id}`, { body: { title: 'Not for bob' } });
      await app.alice.call('DELETE', `/${id}`);
      await app.bob.put(own, 'b', 'for bob');
      expect(await bob.next()).toEqual({ type: 'permissions.changed', project_id: id });
      expect(await bob.next()).toMatchObject({ type: 'project.changed', project_id: own });
    });

    it('that it is public no more', async () => {
      const id = await app.alice.project();
      await app.alice.post(`/${id}/permissions`, { permissions: [], is_public: true });
      const bob = await socketOf(app.bob);
      await app.alice.post(`/${id}/permissions`, { permissions: [], is_public: false });
      expect(await bob.next()).toEqual({ type: 'permissions.changed', project_id: id });
    });

    it('and nobody else', async () => {
      const bob = await socketOf(app.bob);
      const id = await app.alice.project();
      await app.alice.put(id, 'a', 'secret');
      await app.alice.share(id, 'reader', app.alice.id);
      await app.alice.call('DELETE', `/${id}`);
      const own = await app.bob.project();
      expect(await bob.next()).toMatchObject({ type: 'project.created', project_id: own });
    });

    it('nothing of what was rolled back', async () => {
      const id = await app.alice.project();
      const socket = await socketOf(app.alice);
      const versions = await app.alice.upload(id, { b: Buffer.alloc(600), c: 'c'.repeat(600) });
      const refused = await app.alice.post(`/${id}/commits`, {
        idempotency_key: 'too large together',
        operations: versions.map((version, index) => ({
          op: 'put',
          path: `f${index}`,
          file_version_id: version,
          if_version: null
        }))
      });
      expect(refused.status).toBe(507);
      await app.alice.put(id, 'a', 'small');
      expect(await socket.next()).toMatchObject({ revision: 1 });
    });

    it('the last revision of a thousand changes in a row', async () => {
      const id = await app.alice.project();
      const socket = await socketOf(app.alice);
      await app.server.services.db.transaction().execute(async transaction => {
        for (let revision = 1; revision <= 1000; revision++) {
          const event = { type: 'project.changed', project_id: id, revision };
          const notice = JSON.stringify({ event, also: [] });
          await sql`select pg_notify('projects_events', ${notice})`.execute(transaction);
        }
      });
      while ((await socket.next()).revision !== 1000);
      expect(socket.told).toEqual([]);
    });
  });

  describe('takes a ticket', () => {
    it('that an API key asked for, and says how long it is good for', async () => {
      const { status, body } = await app.alice.call('POST', '/events/tickets');
      expect([status, body]).toEqual([200, { ticket: expect.any(String), expires_in: 30 }]);
      expect((await app.anonymous.call('POST', '/events/tickets')).status).toBe(401);
    });

    it('once', async () => {
      const ticket = await ticketOf(app.alice);
      const uses = [ticket, ticket, ticket].map(each => upgradeStatus(port.url, each));
      expect((await Promise.all(uses)).sort()).toEqual([101, 401, 401]);
    });

    it('while it is fresh', async () => {
      const ticket = await ticketOf(app.alice);
      await app.server.services.db
        .updateTable('event_tickets')
        .set({ expires_at: new Date(Date.now() - 1) })
        .execute();
      expect(await upgradeStatus(port.url, ticket)).toBe(401);
    });

    it('of a key that is still good', async () => {
      const { key, id } = await app.server.accounts.addKey(app.alice.id);
      const ticket = await ticketFrom(port.url, key);
      await app.server.accounts.revokeKey(id);
      expect(await upgradeStatus(port.url, ticket)).toBe(401);
    });

    it.each(['', 'nonsense', '\0', 'x'.repeat(5000)])('and not %j', async ticket => {
      expect(await upgradeStatus(port.url, ticket)).toBe(401);
    });

    it('which is stored as a hash, and removed when it is too old', async () => {
      const { db } = app.server.services;
      const ticket = await ticketOf(app.alice);
      const stored = await db.selectFrom('event_tickets').selectAll().execute();
      expect(JSON.stringify(stored)).not.toContain(ticket);
      await db
        .updateTable('event_tickets')
        .set({ expires_at: new Date(0) })
        .execute();
      await ticketOf(app.alice);
      expect(await db.selectFrom('event_tickets').selectAll().execute()).toHaveLength(1);
    });

    it('and writes none into the log, whatever fails', async () => {
      const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
      const { db } = app.server.services;
      const ticket = await ticketOf(app.alice);
      await sql`alter table event_tickets rename to hidden`.execute(db);
      try {
        expect(await upgradeStatus(port.url, ticket)).toBe(500);
        expect(log).toHaveBeenCalledTimes(1);
        const written = log.mock.calls.flat().map(each => {
          const details = Object.getOwnPropertyDescriptors(each);
          return `${String(each)} ${JSON.stringify(details)}`;
        });
        expect(written.join()).not.toContain(ticket);
      } finally {
        await sql`alter table hidden rename to event_tickets`.execute(db);
        log.mockRestore();
      }
    });
  });

  describe('is open to pages', () => {
    it.each([
      ['http://localhost:8888', 101],
      ['https://[::1]:1', 101],
      ['https://evil.example.org', 403],
      ['http://localhost.evil.example.org', 403],
      ['null', 403]
    ])('of %s: %i', async (origin, status) => {
      expect(await upgradeStatus(port.url, await ticketOf(app.alice), { origin })).toBe(status);
    });

    it('of an origin that the operator allows', async () => {
      const origin = 'https://lab.example.org';
      const other = await startApp({ allowOrigins: [origin] });
      const there = await listen(other.server, '127.0.0.1', 0);
      try {
        const ticket = await ticketFrom(there.url, other.alice.key ?? '');
        expect(await upgradeStatus(there.url, ticket, { origin })).toBe(101);
      } finally {
        await there.stop();
        await other.close();
      }
    });
  });

  it('is at no other path', async () => {
    const ticket = await ticketOf(app.alice);
    expect(await upgradeStatus(`${port.url}/x`, ticket)).toBe(404);
    expect(await upgradeStatus(port.url, ticket)).toBe(101);
  });

  it('leaves requests alone that offer an upgrade to something else', async () => {
    const line = connect(Number(new URL(port.url).port), '127.0.0.1');
    let answers = '';
    line.on('data', chunk => (answers += chunk.toString()));
    try {
      const body = '{"name":"<random>"}';
      for (const half of [0, 1]) {
        const request = [
          'POST /api/projects HTTP/1.1',
          'Host: cloud.test',
          `Authorization: Bearer ${app.alice.key}`,
          'Connection: Upgrade, HTTP2-Settings',
          'Upgrade: h2c',
          'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
          `Content-Length: ${body.length}`
        ];
        line.write(`${request.join('\r\n')}\r\n\r\n${body.slice(0, half * 5)}`);
        await new Promise(setImmediate);
        line.write(body.slice(half * 5));
        await until(() => answers.split('HTTP/1.1 201').length === half + 2);
      }
    } finally {
      line.destroy();
    }
  });

  it('asks a plain request to upgrade', async () => {
    const answer = await fetch(`${port.url}/events?ticket=x`);
    expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  it('is cut off from a client that sends too much, and from no other', async () => {
    const [loud, quiet] = [await socketOf(app.alice), await socketOf(app.alice)];
    for (let sent = 0; sent < 1000; sent++) {
      quiet.socket.send('{"type":');
    }
    loud.socket.send(Buffer.alloc(100_000));
    await loud.closed;
    const id = await app.alice.project();
    expect(await quiet.next()).toMatchObject({ project_id: id });
  });
});

describe('the events socket, in the long run', () => {
  let app: CloudApp;
  let port: Listening;

  beforeAll(async () => {
    app = await startApp({ pingInterval: 3_600_000, maxSockets: 2 });
    port = await listen(app.server, '127.0.0.1', 0);
  });

  afterAll(async () => {
    await port.stop();
    await app.close();
  });

  afterEach(() => until(() => hub().size === 0));

  function hub(): EventHub {
    if (!app.server.events) {
      throw new Error('This server tells no events.');
    }
    return app.server.events.hub;
  }

  const socketWith = async (key: string, options: ClientOptions = {}) =>
    EventSocket.open(port.url, await ticketFrom(port.url, key), options);

  it('stays with a client that answers pings, and leaves one that does not', async () => {
    const dead = await socketWith(app.alice.key ?? '', { autoPong: false });
    const alive = await socketWith(app.alice.key ?? '');
    for (let round = 0; round < 3; round++) {
      const pinged = once(alive.socket, 'ping');
      await hub().round();
      await pinged;
      // What comes back was sent after the server had read the answer to its ping.
      const answered = once(alive.socket, 'pong');
      alive.socket.ping();
      await answered;
    }
    expect(await dead.closed).toBe(1006);
    const id = await app.alice.project();
    expect(await alive.next()).toMatchObject({ project_id: id });
    alive.close();
  });

  it('closes when the key is not good any more', async () => {
    const { key, id } = await app.server.accounts.addKey(app.bob.id);
    const [revoked, good] = [await socketWith(key), await socketWith(app.bob.key ?? '')];
    await app.server.accounts.revokeKey(id);
    await hub().round();
    expect(await revoked.closed).toBe(EventsClose.keyRefused);
    const own = await app.bob.project();
    expect(await good.next()).toMatchObject({ project_id: own });
    good.close();
  });

  it('is open for one user in so many places at once', async () => {
    const { key = '' } = await app.server.accounts.addKey(
      (await app.server.accounts.addUser('carol')).id
    );
    const [first, second] = [await socketWith(key), await socketWith(key)];
    expect(await upgradeStatus(port.url, await ticketFrom(port.url, key))).toBe(429);
    second.close();
    await second.closed;
    await until(() => hub().size === 1);
    const third = await socketWith(key);
    [first, third].forEach(socket => socket.close());
  });
});

/** Looks again and again; a test that waits for too long fails by its own time limit. */
async function until(holds: () => boolean | undefined): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
