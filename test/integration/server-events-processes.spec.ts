import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { createServer as createHttpServer, type Server } from 'node:http';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { WebSocket, WebSocketServer } from 'ws';

import type { Actor } from '../../server/src/accounts/actor';
import { AccountStore } from '../../server/src/accounts/account-store';
import {
  type Listen,
  type Listener,
  openDatabase,
  type OpenDatabase
} from '../../server/src/database/open';
import { announce, type Notice, type Subject } from '../../server/src/events/announce';
import { audienceOf } from '../../server/src/events/audience';
import { Connection } from '../../server/src/events/connection';
import { EventHub } from '../../server/src/events/event-hub';
import { EventsEndpoint } from '../../server/src/events/events-endpoint';
import { TicketStore } from '../../server/src/events/ticket-store';
import { Cors } from '../../server/src/http/cors';
import { BASE_PATH } from '../../server/src/http/target';
import { accessTo } from '../../server/src/projects/access';
import { PermissionStore } from '../../server/src/projects/permission-store';
import { ProjectStore } from '../../server/src/projects/project-store';
import { EventsClose } from '../../src/cloud/schemas';
import { callerAt } from '../support/caller-at';
import { type CloudServer, startCloud } from '../support/cloud-server';
import { EventSocket, ticketFrom, upgradeStatus } from '../support/event-socket';

describe('events over one database', () => {
  let database: OpenDatabase;
  let projects: ProjectStore;
  const people: (Actor & { keyId: string })[] = [];

  beforeAll(async () => {
    database = await openDatabase(null);
    projects = new ProjectStore(database.db);
    const accounts = new AccountStore(database.db);
    await accounts.addOrganization('birds');
    for (const name of ['alice', 'bob', 'carol']) {
      const { id } = await accounts.addUser(name);
      if (name === 'bob') {
        await accounts.addMember('birds', id);
      }
      people.push(await accounts.authenticate((await accounts.addKey(id)).key));
    }
  });

  afterAll(() => database.db.destroy());

  const person = (index: number) => {
    const found = people[index];
    if (!found) {
      throw new Error('There is no such person.');
    }
    return found;
  };

  /** Those who may see the project, by the rule of each call, and by that of the events. */
  async function whoSees(id: string, also: Subject[] = []): Promise<[string[], string[]]> {
    const byCall: string[] = [];
    for (const actor of people) {
      await accessTo(database.db, actor, id, 'find').then(
        () => byCall.push(actor.name),
        () => undefined
      );
    }
    const notice: Notice = { event: { type: 'project.changed', project_id: id }, also };
    const keys = await audienceOf(
      database.db,
      notice,
      people.map(({ keyId }) => keyId)
    );
    return [byCall, people.filter(({ keyId }) => keys.has(keyId)).map(({ name }) => name)];
  }

  it('are for the very people that the calls let see a project', async () => {
    const alice = person(0);
    const birds = person(1).organizations[0]?.id ?? '';
    const permissions = new PermissionStore(database.db);
    const subjects = [
      [[], ['alice']],
      [[['user_id', person(2).id]], ['alice', 'carol']],
      [[['user_id', '*']], ['alice', 'bob', 'carol']],
      [[['org_id', birds]], ['alice', 'bob']],
      [[['org_id', '*']], ['alice', 'bob', 'carol']],
      [[['org_name', 'birds']], ['alice', 'bob']],
      [[['org_name', 'bees']], ['alice']],
      [[['org_name', '*']], ['alice', 'bob', 'carol']],
      [
        [
          ['org_name', 'bees'],
          ['user_id', person(1).id]
        ],
        ['alice', 'bob']
      ]
    ] as [['user_id' | 'org_id' | 'org_name', string][], string[]][];
    for (const [given, expected] of subjects) {
      const { id } = await projects.create(alice, { name: '<random>' });
      await permissions.change(id, {
        permissions: given.map(([type, subject]) => ({
          type,
          id: subject,
          relation: 'finder',
          action: 'add'
        }))
      });
      expect(await whoSees(id)).toEqual([expected, expected]);
    }
  });

  it('tell beside these only those whom a change names, by any kind of name', async () => {
    const { id } = await projects.create(person(0), { name: '<random>' });
    expect((await whoSees(id, [{ subject_type: 'org_name', subject_id: 'birds' }]))[1]).toEqual([
      'alice',
      'bob'
    ]);
    expect((await whoSees(id, [{ subject_type: 'user_id', subject_id: '*' }]))[1]).toHaveLength(3);
  });

  it('name any number of people that a change concerns', async () => {
    const heard: string[] = [];
    const stop = await database.listen('projects_events', {
      hear: payload => heard.push(payload),
      lost: () => undefined,
      restored: () => undefined
    });
    const subjects = Array.from({ length: 500 }, (_, index) => ({
      subject_type: 'org_name' as const,
      subject_id: `${'ü'.repeat(250)}-${index}`
    }));
    const { id } = await projects.create(person(0), { name: '<random>' });
    heard.length = 0;
    await database.db
      .transaction()
      .execute(transaction =>
        announce(transaction, { type: 'project.deleted', project_id: id }, subjects)
      );
    await stop();
    expect(heard.flatMap(payload => (JSON.parse(payload) as Notice).also)).toEqual(subjects);
    expect(Math.max(...heard.map(payload => Buffer.byteLength(payload)))).toBeLessThan(8000);
  });

  it('ping each client, again and again', async () => {
    const hub = await EventHub.open(database.db, database.listen, {
      pingInterval: 10,
      maxSockets: 10
    });
    const cutOff = new Promise<void>(resolve => {
      hub.add(
        {
          bufferedAmount: 0,
          send: () => undefined,
          ping: () => undefined,
          close: () => undefined,
          terminate: resolve
        },
        { userId: person(0).id, keyId: person(0).keyId }
      );
    });
    await cutOff;
    await hub.close();
  });

  it('end, and begin for nobody, while changes are not heard of', async () => {
    let listener: Listener | undefined;
    const listen: Listen = (_, given) => {
      listener = given;
      return Promise.resolve(() => Promise.resolve());
    };
    const { db } = database;
    const hub = await EventHub.open(db, listen, { pingInterval: 60_000, maxSockets: 10 });
    const tickets = new TicketStore(db, 30_000);
    const http = createHttpServer();
    new EventsEndpoint(hub, tickets, new Cors([])).attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}${BASE_PATH}`;
    const { keyId } = person(0);
    try {
      const socket = await EventSocket.open(url, await tickets.issue(keyId));
      listener?.lost();
      expect(await socket.closed).toBe(1011);
      expect(await upgradeStatus(url, await tickets.issue(keyId))).toBe(503);
      listener?.restored();
      expect(await upgradeStatus(url, await tickets.issue(keyId))).toBe(101);
    } finally {
      await hub.close();
      await new Promise(resolve => http.close(resolve));
    }
  });

  describe('shared by two servers', () => {
    const servers: { http: Server; hub: EventHub; tickets: TicketStore; url: string }[] = [];

    beforeAll(async () => {
      for (let count = 0; count < 2; count++) {
        const { db, listen } = database;
        const hub = await EventHub.open(db, listen, { pingInterval: 60_000, maxSockets: 10 });
        const tickets = new TicketStore(db, 30_000);
        const http = createHttpServer();
        new EventsEndpoint(hub, tickets, new Cors([])).attach(http);
        http.listen(0, '127.0.0.1');
        await once(http, 'listening');
        const { port } = http.address() as AddressInfo;
        servers.push({ http, hub, tickets, url: `http://127.0.0.1:${port}${BASE_PATH}` });
      }
    });

    afterAll(async () => {
      for (const { http, hub } of servers) {
        await hub.close();
        await new Promise(resolve => http.close(resolve));
      }
    });

    it('reach clients of both, whichever gave the ticket', async () => {
      const [first, second] = servers;
      if (!first || !second) {
        throw new Error('There are two.');
      }
      const here = await first.tickets.issue(person(0).keyId);
      const there = await second.tickets.issue(person(0).keyId);
      const sockets = [
        await EventSocket.open(second.url, here),
        await EventSocket.open(first.url, there)
      ];
      expect(await upgradeStatus(first.url, here)).toBe(401);
      const { id } = await projects.create(person(0), { name: '<random>' });
      for (const socket of sockets) {
        expect(await socket.next()).toMatchObject({ type: 'project.created', project_id: id });
        socket.close();
      }
    });

    it('close when a server stops, or can not ask who may know', async () => {
      const [first, second] = servers;
      if (!first || !second) {
        throw new Error('There are two.');
      }
      const { keyId } = person(0);
      const stopped = await EventSocket.open(first.url, await first.tickets.issue(keyId));
      first.hub.disconnect();
      expect(await stopped.closed).toBe(1001);
      expect(await upgradeStatus(first.url, await first.tickets.issue(keyId))).toBe(503);

      const blind = await EventSocket.open(second.url, await second.tickets.issue(keyId));
      const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
      const { db } = database;
      try {
        await sql`alter table organization_members rename to hidden`.execute(db);
        await projects.create({ ...person(0), organizations: [] }, { name: '<random>' });
        expect(await blind.closed).toBe(1011);
        expect(log).toHaveBeenCalled();
      } finally {
        await sql`alter table hidden rename to organization_members`.execute(db);
        log.mockRestore();
      }
      const again = await EventSocket.open(second.url, await second.tickets.issue(keyId));
      const { id } = await projects.create(person(0), { name: '<random>' });
      expect(await again.next()).toMatchObject({ project_id: id });
      again.close();
    });
  });
});

describe('a client that stopped reading', () => {
  it('is told no more than a bound, and closed', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    try {
      await once(client, 'open');
      client.pause();
      const ended = once(socket, 'close');
      const resumed: Notice[] = [];
      const connection = new Connection(socket, { userId: 'u', keyId: 'k' }, (_, notices) =>
        resumed.push(...notices)
      );
      let highest = 0;
      for (let index = 0; socket.readyState === socket.OPEN; index++) {
        expect(index).toBeLessThan(1_000_000);
        const project_id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
        const event = { type: 'project.changed' as const, project_id, more: 'x'.repeat(4000) };
        connection.tell({ event, also: [] });
        highest = Math.max(highest, socket.bufferedAmount);
      }
      expect(highest).toBeLessThan(100_000);
      await ended;
      client.resume();
      const [code] = (await once(client, 'close')) as [number];
      expect([EventsClose.tooSlow, 1006]).toContain(code);
    } finally {
      client.terminate();
      await new Promise(resolve => server.close(resolve));
    }
  });
});

describe('the events of projects-server as a process', () => {
  let cloud: CloudServer;

  const callerOf = (key: string) => callerAt(cloud.url, key);

  beforeAll(async () => {
    cloud = await startCloud();
  });

  afterAll(() => cloud.stop());

  it('tell another person of a commit, and write no ticket into the log', async () => {
    const alice = callerOf(cloud.keys.alice);
    const { body } = await alice.get('/?name=sample-project');
    const id = body.items[0]?.id ?? '';
    const ticket = await ticketFrom(cloud.url, cloud.keys.bob);
    const bob = await EventSocket.open(cloud.url, ticket);
    expect(await upgradeStatus(cloud.url, ticket)).toBe(401);
    const { revision } = await alice.commit(id, [{ op: 'mkdir', path: 'new' }]);
    expect(await bob.next()).toEqual({ type: 'project.changed', project_id: id, revision });
    bob.close();
    expect(cloud.output()).not.toContain(ticket);
  });

  it('are announced where they are served', async () => {
    const features = async (url: string) =>
      ((await (await fetch(`${url}/capabilities`)).json()) as { features?: string[] }).features;
    expect(await features(cloud.url)).toContain('events');
    const core = await startCloud({ coreOnly: true });
    try {
      expect(await features(core.url)).toBeUndefined();
      const asked = { method: 'POST', headers: { Authorization: `Bearer ${core.keys.alice}` } };
      expect((await fetch(`${core.url}/events/tickets`, asked)).status).toBe(404);
      expect(await upgradeStatus(core.url, 'x')).toBe(404);
    } finally {
      await core.stop();
    }
  });

  it('end with 1001 when it is told to stop, and just break off when it is killed', async () => {
    const { dataDir } = cloud;
    const stopped = await startCloud();
    const polite = await EventSocket.open(
      stopped.url,
      await ticketFrom(stopped.url, stopped.keys.alice)
    );
    const ended = stopped.stop();
    expect(await polite.closed).toBe(1001);
    await ended;

    const cut = await EventSocket.open(cloud.url, await ticketFrom(cloud.url, cloud.keys.alice));
    await cloud.kill();
    expect(await cut.closed).toBe(1006);
    cloud = await startCloud({ dataDir });
    const again = await EventSocket.open(cloud.url, await ticketFrom(cloud.url, cloud.keys.alice));
    const id = await callerOf(cloud.keys.alice).project();
    expect(await again.next()).toMatchObject({ type: 'project.created', project_id: id });
    again.close();
  });
});
