import { ServerConnection } from '@jupyterlab/services';
import { jest } from '@jest/globals';

import { ServerEvents } from '../../../../src/local/watching/server-events';
import { FakeSocket } from '../../../support/fake-socket';

let events: ServerEvents;
let told: (readonly string[])[];
let connected: number;

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const socket = (): FakeSocket => {
  const newest = FakeSocket.all.at(-1);
  if (!newest) {
    throw new Error('No connection was tried.');
  }
  return newest;
};

beforeEach(async () => {
  jest.useFakeTimers();
  FakeSocket.all = [];
  told = [];
  connected = 0;
  events = new ServerEvents({
    serverSettings: ServerConnection.makeSettings({
      baseUrl: 'http://127.0.0.1:1/lab-base/',
      wsUrl: 'ws://127.0.0.1:1/lab-base/',
      token: 'a b',
      appendToken: true,
      // The part of a WebSocket that is used.
      WebSocket: FakeSocket as never
    })
  });
  events.changed.connect((_, paths) => told.push(paths));
  events.connected.connect(() => (connected += 1));
  await events.start();
  await pass(0);
});

afterEach(() => {
  events.dispose();
  jest.useRealTimers();
});

it('should listen under the base of the server', () => {
  expect(socket().url).toBe('ws://127.0.0.1:1/lab-base/api/events/subscribe?token=a%20b');
  expect(events.isOpen).toBe(false);
  socket().open();
  expect(events.isOpen).toBe(true);
  expect(connected).toBe(1);
});

it('should tell the paths that changed, both of a rename, and nothing of mere looks', () => {
  socket().open();
  socket().tell({ action: 'save', path: 'work/a.txt' });
  socket().tell({ action: 'get', path: 'work/b.txt' });
  socket().tell({ action: 'rename', path: '/notes/new.txt', source_path: 'notes/old.txt' });
  socket().tell({ action: 'delete', path: 'work/c.txt' });
  expect(told).toEqual([['work/a.txt'], ['notes/new.txt', 'notes/old.txt'], ['work/c.txt']]);
});

it('should ignore what it does not understand', () => {
  socket().open();
  socket().tell('{"action": "sa');
  socket().tell('null');
  socket().tell({ action: 'save' });
  socket().tell({ action: 'save', path: 7 });
  socket().tell({ schema_id: 'https://events.jupyter.org/other/v1', action: 'save', path: 'x' });
  expect(told).toEqual([]);
});

it('should come back after the connection is lost, and say so', async () => {
  socket().open();
  socket().close();
  expect(events.isOpen).toBe(false);
  await pass(60_000);
  expect(FakeSocket.all.length).toBeGreaterThan(1);
  socket().open();
  expect(connected).toBe(2);
  socket().tell({ action: 'save', path: 'a.txt' });
  expect(told).toEqual([['a.txt']]);
});

it('should ask ever more rarely where it is refused', async () => {
  const end = Date.now() + 60 * 60 * 1000;
  while (Date.now() < end) {
    socket().close();
    await pass(1000);
  }
  expect(FakeSocket.all.length).toBeGreaterThan(10);
  expect(FakeSocket.all.length).toBeLessThan(200);
});

it('should hang up when stopped, and listen again when started', async () => {
  socket().open();
  await events.stop();
  const before = FakeSocket.all.length;
  expect(socket().readyState).toBe(3);
  await pass(600_000);
  expect(FakeSocket.all).toHaveLength(before);
  await events.start();
  await pass(0);
  expect(FakeSocket.all).toHaveLength(before + 1);
});
