import { delayBefore, parseRetryAfter, sleep } from '../../../src/cloud/backoff';

const backoff = { tries: 4, first: 1000, cap: 3000, patience: 10_000 };

describe('delayBefore()', () => {
  it('should double up to the cap, at least half of it certain', () => {
    expect([2, 3, 4].map(next => delayBefore(next, null, 0, backoff))).toEqual([500, 1000, 1500]);
    expect([2, 3, 4].map(next => delayBefore(next, null, 1, backoff))).toEqual([1000, 2000, 3000]);
  });

  it('should give up after the last try', () => {
    expect(delayBefore(5, null, 0, backoff)).toBeNull();
    expect(delayBefore(5, 10, 0, backoff)).toBeNull();
  });

  it('should wait as long as the cloud asks, and give up where that is too long', () => {
    expect(delayBefore(2, 9000, 0, backoff)).toBe(9000);
    expect(delayBefore(2, 10_001, 0, backoff)).toBeNull();
  });

  it('should not come back at once because the cloud asks for no wait', () => {
    expect(delayBefore(2, 0, 0, backoff)).toBe(500);
  });
});

describe('parseRetryAfter()', () => {
  const now = Date.UTC(2026, 0, 1);

  it.each([
    ['3', 3000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null]
  ])('should read %j as %j ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe('sleep()', () => {
  it('should reject with the reason when it is aborted before or meanwhile', async () => {
    const reason = new Error('enough');
    await expect(sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('should resolve after its time', async () => {
    await expect(sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});
