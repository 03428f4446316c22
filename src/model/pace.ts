import type { Progress } from '../tokens';

/** How fast a run goes, as its progress so far tells. */
export interface Pace {
  /** Of the last measure, in ms of a clock. */
  readonly at: number;
  /** Of the first. */
  readonly since: number;
  readonly files: number;
  readonly bytes: number;
  /** Smoothed, per second; null before there are two measures. */
  readonly filesPerSecond: number | null;
  readonly bytesPerSecond: number | null;
}

/** Ms between two measures at least. */
const STEP = 500;
/** What is longer ago than this, in ms, hardly counts. */
const MEMORY = 5000;
/** Before so many ms nothing is foretold. */
const EARLY = 2000;

/**
 * The pace with one more measure; null while nothing moves yet.
 *
 * @param now - ms of a clock that only goes forward
 */
export function paced(before: Pace | null, progress: Progress, now: number): Pace | null {
  const { phase, filesDone: files, bytesDone: bytes, filesTotal } = progress;
  if (phase === 'looking' || phase === 'saving' || filesTotal === 0) {
    return null;
  }
  if (!before || files < before.files || bytes < before.bytes) {
    // The counts begin anew with each plan.
    return { at: now, since: now, files, bytes, filesPerSecond: null, bytesPerSecond: null };
  }
  const passed = now - before.at;
  if (passed < STEP) {
    return before;
  }
  const weight = 1 - Math.exp(-passed / MEMORY);
  const smooth = (rate: number | null, moved: number): number => {
    const latest = (1000 * moved) / passed;
    return rate === null ? latest : rate + weight * (latest - rate);
  };
  return {
    at: now,
    since: before.since,
    files,
    bytes,
    filesPerSecond: smooth(before.filesPerSecond, files - before.files),
    bytesPerSecond: smooth(before.bytesPerSecond, bytes - before.bytes)
  };
}

/** The progress with how fast it goes and how long it takes yet, where that can be told. */
export function withPace(progress: Progress, pace: Pace | null): Progress {
  if (!pace || pace.bytesPerSecond === null || pace.at - pace.since < EARLY) {
    return progress;
  }
  const bytesLeft = Math.max(0, progress.bytesTotal - progress.bytesDone);
  const filesLeft = Math.max(0, progress.filesTotal - progress.filesDone);
  // Many small files take long though they have few bytes.
  const secondsLeft = Math.max(
    timeFor(bytesLeft, pace.bytesPerSecond),
    timeFor(filesLeft, pace.filesPerSecond ?? 0)
  );
  return {
    ...progress,
    bytesPerSecond: Math.round(pace.bytesPerSecond),
    ...(Number.isFinite(secondsLeft) && { secondsLeft: Math.round(secondsLeft) })
  };
}

function timeFor(left: number, rate: number): number {
  return left === 0 ? 0 : rate > 0 ? left / rate : Infinity;
}
