import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { CloudError } from '../../../src/cloud/errors';
import type { EventSocket } from '../../../src/cloud/event-socket';
import { CloudEvents } from '../../../src/cloud/events';
import type { Capabilities, EventTicket } from '../../../src/cloud/schemas';
import { VirtualClock } from '../../support/virtual-clock';
import { FULL, PROJECT } from './support';

type Listener = (event: { readonly type: string; readonly data?: unknown }) => void;

/** A websocket whose other end the test is. */
class FakeSocket implements EventSocket {
  constructor(readonly url: string) {}

  isClosed = false;

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push([type, listener]);
  }

  close(): void {
    this.isClosed = true;
  }

  fire(type: 'open' | 'message' | 'error' | 'close', data?: unknown): void {
    for (const [wanted, listener] of this.#listeners) {
      if (wanted === type) {
        listener({ type, data });
      }
    }
  }

  tell(event: object): void {
    this.fire('message', JSON.stringify(event));
  }

  readonly #listeners: [string, Listener][] = [];
}

const CHANGED = { type: 'project.changed', project_id: PROJECT, revision: 7 } as const;
const WITH_EVENTS: Capabilities = { ...FULL, features: [...FULL.features, 'events'] };

describe('CloudEvents', () => {
  let clock: VirtualClock;
  let sockets: FakeSocket[];
  let capabilities: jest.Mock<() => Promise<Capabilities | null>>;
  let eventTicket: jest.Mock<(signal?: AbortSignal) => Promise<EventTicket>>;
  let events: CloudEvents;
  let states: string[];
  let changes: CloudEvents.IChange[];
  let connects: number;
  let refuses: boolean;

  beforeEach(() => {
    clock = new VirtualClock();
    sockets = [];
    refuses = false;
    capabilities = jest.fn(async () => WITH_EVENTS);
    eventTicket = jest.fn(async () => ({
      ticket: `t/${eventTicket.mock.calls.length}`,
      expires_in: 30
    }));
    make('https://cloud.example/api/projects');
  });

  afterEach(() => events.dispose());

  function make(baseUrl: string): void {
    events = new CloudEvents({
      client: { baseUrl, capabilities, eventTicket },
      webSocket: url => {
        if (refuses) {
          throw new SyntaxError(`Refused: ${url}`);
        }
        const socket = new FakeSocket(url);
        sockets.push(socket);
        return socket;
      },
      sleep: (ms, signal) => clock.sleep(ms, signal),
      random: () => 1,
      now: () => clock.wall()
    });
    [states, changes, connects] = [[], [], 0];
    events.stateChanged.connect((_, state) => states.push(state));
    events.changed.connect((_, change) => changes.push(change));
    events.connected.connect(() => (connects += 1));
  }

  function last(): FakeSocket {
    const socket = sockets.at(-1);
    if (!socket) {
      throw new Error('No websocket was opened.');
    }
    return socket;
  }

  async function connect(): Promise<FakeSocket> {
    events.start();
    await clock.advance(0);
    last().fire('open');
    return last();
  }

  describe('#start()', () => {
    it('should connect with a ticket, and say so once it is open', async () => {
      events.start();
      await clock.advance(0);
      expect([sockets.length, connects]).toEqual([1, 0]);
      expect(last().url).toBe('wss://cloud.example/api/projects/events?ticket=t%2F1');
      last().fire('open');
      expect([events.state, connects]).toEqual(['open', 1]);
      expect(states).toEqual(['connecting', 'open']);
    });

    it('should connect without TLS where the cloud has none', async () => {
      make('http://127.0.0.1:8000/api/projects');
      await connect();
      expect(last().url).toBe('ws://127.0.0.1:8000/api/projects/events?ticket=t%2F1');
    });

    it('should do nothing twice, nor after dispose', async () => {
      await connect();
      events.start();
      await clock.advance(1000);
      expect(sockets).toHaveLength(1);
      events.dispose();
      events.start();
      await clock.advance(1000);
      expect([sockets.length, eventTicket.mock.calls.length]).toEqual([1, 1]);
    });

    it('should leave a cloud alone that tells no events, without a word', async () => {
      for (const answer of [null, FULL]) {
        capabilities.mockResolvedValue(answer);
        events.start();
        await clock.advance(3_600_000);
        expect([events.state, eventTicket.mock.calls.length]).toEqual(['unsupported', 0]);
      }
      expect(capabilities).toHaveBeenCalledTimes(2);
      capabilities.mockResolvedValue(WITH_EVENTS);
      await connect();
      expect(events.state).toBe('open');
    });

    it('should take a cloud that knows no tickets for one that tells no events', async () => {
      eventTicket.mockRejectedValue(new CloudError('failed', 'No such call.', { status: 404 }));
      events.start();
      await clock.advance(3_600_000);
      expect([events.state, eventTicket.mock.calls.length]).toEqual(['unsupported', 1]);
    });

    it('should stop where the key is refused, until it is started again', async () => {
      eventTicket.mockRejectedValueOnce(new CloudError('signed-out', 'No.', { status: 401 }));
      events.start();
      await clock.advance(3_600_000);
      events.wake('online');
      await clock.advance(3_600_000);
      expect([events.state, eventTicket.mock.calls.length]).toEqual(['off', 1]);
      await connect();
      expect(events.state).toBe('open');
    });
  });

  describe('an open connection', () => {
    it('should tell changes, with the revision where it came', async () => {
      const socket = await connect();
      socket.tell(CHANGED);
      socket.tell({ type: 'project.deleted', project_id: PROJECT, more: 1 });
      socket.tell({ type: 'permissions.changed', project_id: PROJECT, revision: null });
      expect(changes).toEqual([
        { type: 'project.changed', projectId: PROJECT, revision: 7 },
        { type: 'project.deleted', projectId: PROJECT },
        { type: 'permissions.changed', projectId: PROJECT }
      ]);
    });

    it('should ignore a thousand messages that it does not understand', async () => {
      const socket = await connect();
      const garbage = [
        ...['', '{', 'null', '[]', '1', '"project.changed"', '['.repeat(100_000)],
        ...[undefined, null, new ArrayBuffer(8), new Blob(['{}']), {}],
        JSON.stringify({ ...CHANGED, type: 'project.renamed' }),
        JSON.stringify({ ...CHANGED, project_id: '../x' }),
        JSON.stringify({ ...CHANGED, revision: -1 }),
        JSON.stringify({ ...CHANGED, padding: 'x'.repeat(5000) }),
        JSON.stringify({ type: CHANGED.type })
      ];
      for (let count = 0; count < 1000; count++) {
        socket.fire('message', garbage[count % garbage.length]);
      }
      socket.tell(CHANGED);
      expect(changes).toHaveLength(1);
      expect([events.state, sockets.length]).toEqual(['open', 1]);
    });

    it('should ask for nothing while it lasts', async () => {
      await connect();
      await clock.advance(24 * 3_600_000);
      expect([capabilities.mock.calls.length, eventTicket.mock.calls.length]).toEqual([1, 1]);
      expect([events.state, connects]).toEqual(['open', 1]);
    });
  });

  describe('a connection that fails', () => {
    /** Ms between the tries that the next hour sees, of which none succeeds. */
    async function waits(hour: () => void): Promise<number[]> {
      const times: number[] = [];
      const start = clock.wall();
      while (clock.wall() < start + 3_600_000) {
        const tries = eventTicket.mock.calls.length;
        await clock.advance(100);
        hour();
        if (eventTicket.mock.calls.length > tries) {
          times.push(clock.wall());
        }
      }
      return times.slice(1).map((time, index) => time - (times[index] ?? 0));
    }

    it('should be tried again ever more rarely, up to once a minute', async () => {
      eventTicket.mockRejectedValue(new CloudError('offline', 'No network.'));
      events.start();
      const between = await waits(() => undefined);
      expect(between.slice(1, 7)).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000]);
      expect(Math.max(...between)).toBe(60_000);
      expect(new Set(states)).toEqual(new Set(['connecting', 'waiting']));
    });

    it('should be tried in the same way where the upgrade is refused or the page may not', async () => {
      events.start();
      let seen = 0;
      const between = await waits(() => {
        for (const socket of sockets.slice(seen)) {
          socket.fire('error');
          socket.fire('close');
        }
        seen = sockets.length;
      });
      expect(between.length).toBeLessThan(70);
      refuses = true;
      expect((await waits(() => undefined)).length).toBeLessThan(70);
      expect(connects).toBe(0);
    });

    it('should be tried with another ticket, and tell that it is connected again', async () => {
      (await connect()).fire('close');
      expect(events.state).toBe('open');
      await clock.advance(0);
      expect(events.state).toBe('waiting');
      await clock.advance(1000);
      expect(last().url).toContain('t%2F2');
      last().fire('open');
      expect([events.state, connects]).toEqual(['open', 2]);
    });

    it('should be tried soon where it was good before, and later where it was not', async () => {
      await connect();
      for (let round = 0; round < 10; round++) {
        await clock.advance(30_000);
        last().fire('close');
        await clock.advance(1000);
        expect(sockets).toHaveLength(round + 2);
        last().fire('open');
      }
      const before = sockets.length;
      for (let second = 0; second < 3600; second++) {
        last().fire('open');
        last().fire('close');
        await clock.advance(1000);
      }
      expect(sockets.length - before).toBeLessThan(70);
    });

    it('should wait as long as the cloud asks, within reason', async () => {
      const busy = (retryAfter: number) =>
        new CloudError('offline', 'Too many.', { status: 429, retryAfter });
      eventTicket.mockRejectedValueOnce(busy(120_000)).mockRejectedValueOnce(busy(1e12));
      events.start();
      await clock.advance(119_000);
      expect(eventTicket).toHaveBeenCalledTimes(1);
      await clock.advance(1000);
      expect(eventTicket).toHaveBeenCalledTimes(2);
      await clock.advance(600_000);
      expect(eventTicket).toHaveBeenCalledTimes(3);
    });

    it('should be given up when it does not open in time', async () => {
      events.start();
      await clock.advance(20_000);
      expect([events.state, last().isClosed]).toEqual(['waiting', true]);
      last().fire('open');
      expect([events.state, connects]).toEqual(['waiting', 0]);
    });

    it('should keep random part of the wait, so that clients do not come back together', async () => {
      const delays: number[] = [];
      for (const random of [0, 0.5]) {
        const other = new CloudEvents({
          client: {
            baseUrl: 'https://cloud.example',
            capabilities,
            eventTicket: () => Promise.reject(new CloudError('offline', 'No network.'))
          },
          sleep: (ms, signal) => {
            delays.push(ms);
            return clock.sleep(ms, signal);
          },
          random: () => random,
          now: () => clock.wall()
        });
        other.start();
        await clock.advance(0);
        other.dispose();
      }
      expect(delays).toEqual([500, 750]);
    });
  });

  describe('#wake()', () => {
    it('should end the wait for the next try, and wait longer after it fails', async () => {
      eventTicket.mockRejectedValue(new CloudError('offline', 'No network.'));
      events.start();
      await clock.advance(600_000);
      const tries = eventTicket.mock.calls.length;
      events.wake('visible');
      await clock.advance(0);
      expect(eventTicket).toHaveBeenCalledTimes(tries + 1);
      await clock.advance(50_000);
      expect(eventTicket).toHaveBeenCalledTimes(tries + 1);
    });

    it.each([
      ['visible', 60_000],
      ['online', 2000]
    ] as const)('%s should renew a connection that was quiet for %d ms', async (why, quiet) => {
      const socket = await connect();
      await clock.advance(quiet - 1);
      events.wake(why);
      await clock.advance(0);
      expect([sockets.length, socket.isClosed]).toEqual([1, false]);
      socket.tell(CHANGED);
      await clock.advance(quiet - 1);
      events.wake(why);
      await clock.advance(0);
      expect(sockets).toHaveLength(1);
      await clock.advance(1);
      events.wake(why);
      await clock.advance(0);
      expect([sockets.length, socket.isClosed]).toEqual([2, true]);
      last().fire('open');
      expect(connects).toBe(2);
      socket.tell(CHANGED);
      expect(changes).toHaveLength(1);
    });

    it('should renew a connection over which the machine slept', async () => {
      await connect();
      clock.suspend(3_600_000);
      events.wake('visible');
      await clock.advance(0);
      expect(sockets).toHaveLength(2);
    });

    it('should leave a try behind that hangs', async () => {
      eventTicket.mockImplementationOnce(
        signal =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason as Error));
          })
      );
      events.start();
      await clock.advance(5000);
      expect(events.state).toBe('connecting');
      events.wake('online');
      await clock.advance(0);
      expect(sockets).toHaveLength(1);
    });

    it('should do nothing where it is off', async () => {
      events.wake('online');
      await clock.advance(3_600_000);
      expect([events.state, capabilities.mock.calls.length]).toEqual(['off', 0]);
    });
  });

  describe('#stop()', () => {
    it('should close the connection, and tell nothing more', async () => {
      const socket = await connect();
      events.stop();
      events.stop();
      socket.tell(CHANGED);
      socket.fire('close');
      await clock.advance(3_600_000);
      expect([socket.isClosed, sockets.length, changes.length]).toEqual([true, 1, 0]);
      expect(states).toEqual(['connecting', 'open', 'off']);
    });

    it('should end a wait, and calls under way', async () => {
      eventTicket.mockRejectedValueOnce(new CloudError('offline', 'No network.'));
      events.start();
      await clock.advance(0);
      expect(events.state).toBe('waiting');
      events.stop();
      let aborted = false;
      eventTicket.mockImplementationOnce(
        signal =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              aborted = true;
              reject(signal.reason as Error);
            });
          })
      );
      events.start();
      await clock.advance(0);
      events.stop();
      await clock.advance(3_600_000);
      expect([aborted, events.state, sockets.length]).toEqual([true, 'off', 0]);
      expect(states).toEqual(['connecting', 'waiting', 'off', 'connecting', 'off']);
      expect(eventTicket).toHaveBeenCalledTimes(2);
    });

    it('should let a connection be made anew at once', async () => {
      const first = await connect();
      events.stop();
      events.start();
      await clock.advance(0);
      expect([first.isClosed, sockets.length, events.state]).toEqual([true, 2, 'connecting']);
      last().fire('open');
      expect(events.state).toBe('open');
    });
  });

  it('should be off for good after dispose, in whatever state', async () => {
    const socket = await connect();
    events.connected.connect(() => events.dispose());
    socket.fire('close');
    await clock.advance(1000);
    last().fire('open');
    events.dispose();
    await clock.advance(3_600_000);
    expect([events.isDisposed, events.state, last().isClosed]).toEqual([true, 'off', true]);
    expect(sockets).toHaveLength(2);
  });

  it('should never tell the ticket', async () => {
    const written: unknown[] = [];
    const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map(name =>
      jest.spyOn(console, name).mockImplementation((...said) => void written.push(...said))
    );
    refuses = true;
    events.start();
    await clock.advance(10_000);
    refuses = false;
    await clock.advance(60_000);
    last().fire('error', new Error(last().url));
    await clock.advance(0);
    spies.forEach(spy => spy.mockRestore());
    expect(eventTicket.mock.calls.length).toBeGreaterThan(3);
    expect(written).toEqual([]);
    expect(JSON.stringify([states, changes, events])).not.toContain('t%2F');
  });
});
