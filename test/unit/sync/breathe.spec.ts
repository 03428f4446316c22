import { breather, nextTask } from '../../../src/sync/breathe';

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
