import { ServerConnection } from '@jupyterlab/services';

import { ServerClock } from '../../../src/local/server-clock';

const HOUR = 3_600_000;

/** A clock of a server that is an hour late, and gives these answers before the right ones. */
function clockOf(...first: (number | 'lost')[]) {
  let requests = 0;
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://jupyter.test/',
    fetch: () => {
      requests += 1;
      const odd = first.shift();
      if (odd === 'lost') {
        return Promise.reject(new TypeError('Failed to fetch'));
      }
      const headers = { Date: new Date(Date.now() - HOUR).toUTCString() };
      return Promise.resolve(
        odd === undefined
          ? Response.json({ version: '2' }, { headers })
          : new Response(null, { status: odd })
      );
    }
  });
  return { clock: new ServerClock(settings, () => undefined), requests: () => requests };
}

const lateness = (clock: ServerClock) => Date.now() - clock.now();

describe('ServerClock', () => {
  it('should tell the time of the server, and ask once', async () => {
    const { clock, requests } = clockOf();
    await clock.adjust();
    await clock.adjust();
    expect(Math.abs(lateness(clock) - HOUR)).toBeLessThan(2000);
    expect(requests()).toBe(1);
  });

  it.each([502, 'lost'] as const)('should ask again where the answer was %s', async odd => {
    const { clock } = clockOf(odd);
    await clock.adjust();
    expect(Math.abs(lateness(clock) - HOUR)).toBeLessThan(2000);
  });

  it('should not hold for long what it could not learn', async () => {
    const { clock } = clockOf(503, 503, 503);
    await clock.adjust();
    expect(Math.abs(lateness(clock))).toBeLessThan(100);
    await clock.adjust();
    expect(Math.abs(lateness(clock) - HOUR)).toBeLessThan(2000);
  });

  it('should tell the same time, and ask anew, when the page’s clock was set', async () => {
    const { clock, requests } = clockOf();
    await clock.adjust();
    const before = clock.now();
    const natively = Date.now;
    Date.now = () => natively() + 3 * HOUR;
    try {
      expect(Math.abs(clock.now() - before)).toBeLessThan(1000);
      await clock.adjust();
      expect(requests()).toBe(2);
    } finally {
      Date.now = natively;
    }
  });

  it('should take the page’s own time where no Jupyter server is', async () => {
    const { clock, requests } = clockOf(404);
    await clock.adjust();
    await clock.adjust();
    expect(Math.abs(lateness(clock))).toBeLessThan(100);
    expect(requests()).toBe(1);
  });
});
