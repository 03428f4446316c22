import { chunksOf, concurrently } from '../../../src/cloud/concurrent';

describe('concurrently()', () => {
  it('should give the results in order, whatever ends first', async () => {
    const results = await concurrently([3, 1, 2], 3, async wait => {
      await new Promise(resolve => setTimeout(resolve, wait));
      return wait * 10;
    });
    expect(results).toEqual([30, 10, 20]);
  });

  it('should begin nothing after a failure, and wait for what is under way', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const failure = new Error('no');
    const work = async (item: number) => {
      begun.push(item);
      await Promise.resolve();
      if (item === 1) {
        throw failure;
      }
      await new Promise(resolve => setTimeout(resolve, 2));
      ended.push(item);
    };
    await expect(concurrently([0, 1, 2, 3], 2, work)).rejects.toBe(failure);
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0]);
  });

  it('should have nothing to do with nothing', async () => {
    expect(await concurrently([], 4, async () => 1)).toEqual([]);
  });
});

describe('chunksOf()', () => {
  it('should cut in order', () => {
    expect(chunksOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
    expect(chunksOf([], 2)).toEqual([]);
  });
});
