import { abortable, mapBounded } from '../../../src/local/bounded';

describe('mapBounded()', () => {
  it('should give the results in order, with no more at once than allowed', async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 4, 2, 3], 2, async item => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(done => setTimeout(done, item));
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('should start nothing after a failure, and reject when all that runs has ended', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const failing = mapBounded([0, 1, 2, 3, 4], 2, async item => {
      started.push(item);
      if (item === 0) {
        throw new Error('no');
      }
      await new Promise(done => setTimeout(done, 5));
      ended.push(item);
    });
    await expect(failing).rejects.toThrow('no');
    expect(started).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });

  it('should take no items', async () => {
    expect(await mapBounded([], 4, () => Promise.reject(new Error('never')))).toEqual([]);
  });
});

describe('abortable()', () => {
  it('should not wait for what never comes once the signal is aborted', async () => {
    const controller = new AbortController();
    const waiting = abortable(new Promise<never>(() => undefined), controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('should give the result or the failure otherwise', async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(1), signal)).toBe(1);
    await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });
});
