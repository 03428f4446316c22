import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Fault } from '../support/fault-proxy';
import { FaultProxy } from '../support/fault-proxy';

const BODY = 'x'.repeat(100_000);

describe('FaultProxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  /** Of each request that the server heard of: how much of its body came, and whether that was all. */
  let heard: { bytes: number; whole: boolean }[];

  let onClose: () => void;
  /** Resolves when the server is done with the first request that it heard of. */
  let closed: Promise<void>;

  beforeEach(async () => {
    heard = [];
    closed = new Promise(done => (onClose = done));
    server = createServer((request, response) => {
      const came = { bytes: 0, whole: false };
      heard.push(came);
      request.on('error', () => undefined);
      request.on('close', () => onClose());
      request.on('data', (chunk: Buffer) => (came.bytes += chunk.length));
      request.on('end', () => {
        came.whole = true;
        response.end(BODY);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    proxy = await FaultProxy.start(() => `http://127.0.0.1:${port}/`);
  });

  afterEach(async () => {
    await proxy.stop();
    server.closeAllConnections();
    server.close();
  });

  /** What a client gets of a request with a body; null where the connection broke. */
  async function askWith(fault: Fault): Promise<string | null> {
    proxy.faultFor = () => fault;
    try {
      const answer = await fetch(proxy.url, { method: 'PUT', body: BODY });
      return await answer.text();
    } catch {
      return null;
    }
  }

  const whole = { bytes: BODY.length, whole: true };

  it('should let pass, and delay', async () => {
    expect(await askWith({ kind: 'none' })).toBe(BODY);
    expect(await askWith({ kind: 'delay', ms: 20 })).toBe(BODY);
    expect(heard).toEqual([whole, whole]);
  });

  it('should drop a request before the server hears of it', async () => {
    expect(await askWith({ kind: 'drop' })).toBeNull();
    expect(heard).toEqual([]);
  });

  it('should give the server a part of a request', async () => {
    expect(await askWith({ kind: 'cut-request', share: 0.5 })).toBeNull();
    await closed;
    expect(heard).toEqual([{ bytes: BODY.length / 2, whole: false }]);
  });

  it('should lose an answer, after the server did all', async () => {
    expect(await askWith({ kind: 'lose-answer' })).toBeNull();
    expect(heard).toEqual([whole]);
  });

  it('should break the connection within an answer', async () => {
    expect(await askWith({ kind: 'cut-answer', share: 0.5 })).toBeNull();
    expect(heard).toEqual([whole]);
  });

  it('should cut an answer short so that it looks whole', async () => {
    expect(await askWith({ kind: 'short-answer', share: 0.5 })).toBe(BODY.slice(0, 50_000));
  });

  it.each([
    ['begun', { bytes: BODY.length / 2, whole: false }],
    ['answered', whole]
  ] as const)(
    'should strike when a request was %s, and break its connection',
    async (moment, then) => {
      let strikes = 0;
      const strike = () => Promise.resolve(void (strikes += 1));
      expect(await askWith({ kind: 'strike', moment, strike })).toBeNull();
      expect(strikes).toBe(1);
      await closed;
      expect(heard).toEqual([then]);
    }
  );

  it('should strike when all of a request was sent, and wait for no answer', async () => {
    const strike = () => closed;
    expect(await askWith({ kind: 'strike', moment: 'sent', strike })).toBeNull();
    expect(heard).toEqual([whole]);
  });
});
