import { paced, withPace } from '../../../src/model/pace';
import type { Pace } from '../../../src/model/pace';
import type { Progress } from '../../../src/tokens';

const at = (filesDone: number, bytesDone: number, more: Partial<Progress> = {}): Progress => ({
  phase: 'transferring',
  filesDone,
  filesTotal: 100,
  bytesDone,
  bytesTotal: 1_000_000,
  ...more
});

/** Seconds and what was done by then, as `[1, progress]`. */
function after(measures: readonly (readonly [number, Progress])[]): Progress {
  let pace: Pace | null = null;
  let last = at(0, 0);
  for (const [seconds, progress] of measures) {
    pace = paced(pace, progress, seconds * 1000);
    last = progress;
  }
  return withPace(last, pace);
}

/** So many files and bytes a second, for so many seconds. */
const steady = (files: number, bytes: number, seconds: number) =>
  Array.from(
    { length: seconds + 1 },
    (_, second) => [second, at(files * second, bytes * second)] as const
  );

describe('the pace', () => {
  it('of a steady run is its rate, and tells the time left', () => {
    expect(after(steady(5, 50_000, 10))).toMatchObject({ bytesPerSecond: 50_000, secondsLeft: 10 });
  });

  it('foretells nothing at the very start', () => {
    const first = after(steady(5, 50_000, 1));
    expect(first.bytesPerSecond).toBeUndefined();
    expect(first.secondsLeft).toBeUndefined();
  });

  it('goes by the files where their bytes would be done long before', () => {
    expect(after(steady(2, 99_000, 10)).secondsLeft).toBe(40);
  });

  it('follows a change slowly: one burst is no trend', () => {
    const burst = after([...steady(5, 50_000, 10), [11, at(60, 700_000)]]);
    expect(burst.bytesPerSecond).toBeGreaterThan(50_000);
    expect(burst.bytesPerSecond).toBeLessThan(100_000);
  });

  it('falls while nothing moves, and does not promise an end then', () => {
    const stalled = Array.from(
      { length: 60 },
      (_, second) => [11 + second, at(50, 500_000)] as const
    );
    const told = after([...steady(5, 50_000, 10), ...stalled]);
    expect(told.bytesPerSecond).toBe(0);
    expect(told.secondsLeft).toBeGreaterThan(10_000);
  });

  it('counts two measures at nearly the same moment as one', () => {
    const measures = steady(5, 50_000, 10);
    expect(after([...measures, [10.001, at(50, 600_000)]]).bytesPerSecond).toBe(50_000);
  });

  it('begins anew where a run plans anew, and tells nothing while it looks or saves', () => {
    const measures = steady(5, 50_000, 10);
    expect(after([...measures, [11, at(0, 500_000)]]).secondsLeft).toBeUndefined();
    expect(after([...measures, [11, at(100, 1_000_000, { phase: 'saving' })]])).not.toHaveProperty(
      'bytesPerSecond'
    );
  });
});
