/** @jest-environment jsdom */
import { jest } from '@jest/globals';

import { LastResort } from '../../../src/model/last-resort';

const MINUTE = 60_000;
const INTERVAL = MINUTE / 2;

describe('LastResort', () => {
  let looks: number;
  let isCalm: boolean;
  let fails: boolean;
  let lastResort: LastResort;
  const errors: unknown[] = [];

  beforeEach(() => {
    jest.useFakeTimers();
    looks = 0;
    isCalm = false;
    fails = false;
    show('visible');
    lastResort = new LastResort({
      look: () => {
        looks += 1;
        return fails ? Promise.reject(new Error('There is no cloud.')) : Promise.resolve();
      },
      interval: () => INTERVAL,
      isCalm: () => isCalm,
      onError: error => errors.push(error)
    });
  });

  afterEach(() => {
    lastResort.dispose();
    jest.useRealTimers();
    expect(errors).toEqual([]);
  });

  function show(state: 'visible' | 'hidden'): void {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
    document.dispatchEvent(new Event('visibilitychange'));
  }

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  function become(calm: boolean): void {
    isCalm = calm;
    lastResort.pace();
  }

  it('looks at once, and then at the interval', async () => {
    lastResort.start();
    await pass(0);
    expect(looks).toBe(1);
    await pass(10 * INTERVAL);
    expect(looks).toBe(11);
  });

  it('looks each ten minutes while each change is told', async () => {
    become(true);
    lastResort.start();
    await pass(0);
    await pass(9 * MINUTE);
    expect(looks).toBe(1);
    await pass(MINUTE);
    expect(looks).toBe(2);
  });

  it('looks no more within the interval once each change is told', async () => {
    lastResort.start();
    await pass(INTERVAL / 2);
    become(true);
    await pass(9 * MINUTE);
    expect(looks).toBe(1);
    await pass(MINUTE);
    expect(looks).toBe(2);
  });

  it('looks within the interval when changes are no longer told', async () => {
    become(true);
    lastResort.start();
    await pass(MINUTE);
    become(false);
    await pass(INTERVAL - 1);
    expect(looks).toBe(1);
    await pass(1);
    expect(looks).toBe(2);
  });

  it('does not put off a look that is due', async () => {
    become(true);
    lastResort.start();
    become(false);
    await pass(0);
    expect(looks).toBe(1);
  });

  it('tries ever more rarely while looks fail, whatever else happens', async () => {
    fails = true;
    lastResort.start();
    for (let passed = 0; passed < 30 * MINUTE; passed += 1000) {
      await pass(1000);
      lastResort.pace();
    }
    expect(looks).toBeGreaterThan(5);
    expect(looks).toBeLessThan(20);
  });

  it('never looks while the page is hidden, not once more', async () => {
    lastResort.start();
    await pass(0);
    show('hidden');
    await pass(60 * MINUTE);
    expect(looks).toBe(1);
    show('visible');
    lastResort.refresh();
    await pass(0);
    expect(looks).toBe(2);
  });

  it('does nothing after it was stopped', async () => {
    become(true);
    lastResort.start();
    await pass(0);
    lastResort.stop();
    become(false);
    lastResort.refresh();
    await pass(60 * MINUTE);
    expect(looks).toBe(1);
  });
});
