import { atOnce, breather, breathing, nextTask, pacing } from '../../../src/sync/breathe';
import type { Entry } from '../../../src/sync/entry';
import { learnNaming } from '../../../src/sync/names';
import { reconciling } from '../../../src/sync/reconcile';
import { MemoryReplica } from '../../support/memory-replica';

describe('breather', () => {
  it('should let others have their turn once they have waited for long, and not before', async () => {
    let now = 0;
    const breathe = breather(() => now);
    let turns = 0;
    void nextTask().then(() => (turns += 1));
    now = 11;
    await breathe();
    expect(turns).toBe(0);
    now = 12;
    await breathe();
    expect(turns).toBe(1);
  });

  it('should count from the last breath', async () => {
    let now = 100;
    const breathe = breather(() => now);
    now = 200;
    await breathe();
    let isOver = false;
    now = 205;
    const breath = breathe().then(() => (isOver = true));
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(isOver).toBe(true);
    await breath;
  });
});

describe('work that pauses', () => {
  const items = Array.from({ length: 1000 }, (_, index) => index);

  it('should go through all items in their order, whether it breathes or not', async () => {
    for (const breathe of [undefined, () => Promise.resolve()]) {
      const done: number[] = [];
      await breathing(
        pacing(items, item => done.push(item)),
        breathe
      );
      expect(done).toEqual(items);
    }
    const done: number[] = [];
    atOnce(pacing(items, item => done.push(item)));
    expect(done).toEqual(items);
  });

  it('should do nothing more while it breathes', async () => {
    let done = 0;
    const seen: number[] = [];
    await breathing(
      pacing(items, () => (done += 1)),
      async () => {
        const before = done;
        await nextTask();
        seen.push(done - before);
      }
    );
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen)).toEqual(new Set([0]));
  });

  it('should be what a plan of many files is made by, and the question how names are taken', async () => {
    const tree = new Map(
      items.map((item): [string, Entry] => [
        `${item % 10}/${item}`,
        { kind: 'file', size: 1, sha256: `${item}`, version: '1', id: null, seenAt: 0 }
      ])
    );
    const situation = { base: new Map(), local: tree, cloud: new Map() };
    let breaths = 0;
    const breathe = () => {
      breaths += 1;
      return Promise.resolve();
    };
    const planning = reconciling(situation, {
      conflicts: () => 'keep-both',
      isUnknown: () => false,
      refuses: () => null
    });
    const plan = await breathing(planning, breathe);
    expect(plan.steps).toHaveLength(1020);
    // Looking for what was moved, putting the paths in order, deciding and listing go through them once each.
    expect(breaths).toBeGreaterThan(4 * 3);
    breaths = 0;
    const { signal } = new AbortController();
    await learnNaming(situation, new MemoryReplica(), signal, breathe);
    expect(breaths).toBeGreaterThan(3);
  });
});
