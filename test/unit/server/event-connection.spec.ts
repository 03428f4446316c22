import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { Notice } from '../../../server/src/events/announce';
import { Connection, type Socket } from '../../../server/src/events/connection';
import { EventsClose, type ProjectEvent } from '../../../src/cloud/schemas';

/** A websocket whose client reads when the test says so. */
class FakeSocket implements Socket {
  readonly sent: ProjectEvent[] = [];
  readonly closes: number[] = [];
  bufferedAmount = 0;
  pings = 0;
  terminated = 0;
  readonly #callbacks: ((error?: Error | null) => void)[] = [];

  send(text: string, onSent: (error?: Error | null) => void): void {
    this.sent.push(JSON.parse(text) as ProjectEvent);
    this.#callbacks.push(onSent);
  }

  ping(): void {
    this.pings += 1;
  }

  close(code: number): void {
    this.closes.push(code);
  }

  terminate(): void {
    this.terminated += 1;
  }

  /** The client has read all but so many bytes. */
  drain(left = 0): void {
    this.bufferedAmount = left;
    this.#callbacks.splice(0).forEach(onSent => onSent());
  }
}

const projectOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

function changed(index: number, revision: number): Notice {
  return {
    event: { type: 'project.changed', project_id: projectOf(index), revision },
    also: []
  };
}

describe('a connection of the events socket', () => {
  let socket: FakeSocket;
  let resumed: Notice[][];
  let connection: Connection;

  beforeEach(() => {
    jest.useFakeTimers();
    socket = new FakeSocket();
    resumed = [];
    connection = new Connection(socket, { userId: 'u', keyId: 'k' }, (_, notices) =>
      resumed.push([...notices])
    );
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Much is unsent, and the client reads nothing. */
  function clog(): void {
    connection.tell(changed(0, 1));
    socket.bufferedAmount = 64 * 1024;
  }

  it('sends what it is told, and nothing of whom else it concerns', () => {
    connection.tell({
      ...changed(1, 7),
      also: [{ subject_type: 'user_id', subject_id: 'someone' }]
    });
    expect(socket.sent).toEqual([changed(1, 7).event]);
  });

  it('sends nothing more to a slow client before there is room for much', () => {
    clog();
    for (let revision = 1; revision <= 1000; revision++) {
      connection.tell(changed(1, revision));
      connection.tell(changed(2, revision));
    }
    socket.drain(60 * 1024);
    expect([socket.sent.length, resumed.length]).toEqual([1, 0]);
  });

  it('hands what waited to be asked again when there is room', () => {
    clog();
    connection.tell(changed(1, 3));
    connection.tell(changed(1, 9));
    connection.tell(changed(1, 4));
    connection.tell(changed(2, 5));
    socket.drain();
    expect(resumed).toEqual([[changed(1, 9), changed(2, 5)]]);
    expect(socket.sent).toHaveLength(1);
    connection.tell(changed(1, 9));
    expect(socket.sent).toHaveLength(2);
  });

  it('still knows, of what waited, whom it concerned', () => {
    clog();
    const also = [{ subject_type: 'user_id' as const, subject_id: 'u' }];
    const event = { type: 'permissions.changed' as const, project_id: projectOf(1) };
    connection.tell({ event, also });
    connection.tell({ event, also: [] });
    socket.drain();
    expect(resumed).toEqual([[{ event, also }]]);
  });

  it('closes a client that leaves too many projects untold, and cuts it off when it does not answer', () => {
    clog();
    for (let index = 1; socket.closes.length === 0; index++) {
      expect(index).toBeLessThan(1000);
      connection.tell(changed(index, 1));
    }
    expect(socket.closes).toEqual([EventsClose.tooSlow]);
    connection.tell(changed(1, 2));
    socket.drain();
    expect([socket.sent.length, resumed.length, socket.terminated]).toEqual([1, 0, 0]);
    jest.advanceTimersByTime(2000);
    expect(socket.terminated).toBe(1);
  });

  it('cuts off who did not answer the last ping', () => {
    connection.ping();
    connection.heard();
    connection.ping();
    expect([socket.pings, socket.terminated]).toEqual([2, 0]);
    connection.ping();
    connection.ping();
    expect([socket.pings, socket.terminated]).toEqual([2, 1]);
  });

  it('closes once, and is not cut off after it ended', () => {
    connection.close(1001, 'The server stops.');
    connection.close(1011, 'Again.');
    connection.ended();
    jest.advanceTimersByTime(10_000);
    expect([socket.closes, socket.terminated]).toEqual([[1001], 0]);
  });
});
