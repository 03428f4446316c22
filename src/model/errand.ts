import type { Side } from '../sync/entry';
import type { Conflict } from '../sync/memory';
import type { Resolution } from '../sync/resolve';
import type { RunResult } from '../sync/run';
import { takingsOf } from '../sync/word';
import type { Word } from '../sync/word';
import type { SyncReport } from '../tokens';

/** What a run of a project differs in; plain data, which another page can be given. */
export interface Errand {
  readonly dryRun?: boolean;
  /** A conflict at this path is kept as two files, whatever the policy. */
  readonly keepBoth?: string;
  readonly resolution?: Resolution;
  /** Hash everything again. */
  readonly verify?: boolean;
  /** The only side that may be changed. */
  readonly changes?: Side;
  readonly word?: Word;
  /** The only paths here that may have changed; and those that are being written. Relative to the project's folder. */
  readonly only?: readonly string[];
  readonly busy?: readonly string[];
  /** Nobody asked for it, and nobody may look at what comes of it. */
  readonly unasked?: boolean;
}

/** What came of an errand, for who asked for it; plain data. */
export interface Answer {
  readonly report: SyncReport;
  /** Those that are open. */
  readonly conflicts: readonly Conflict[];
}

/** What came of a run, for every page; plain data. */
export interface Outcome extends Answer {
  /** What a run that was stopped would have taken away; null where it saw too little to tell. */
  readonly takings: ReadonlySet<string> | null;
  readonly unasked: boolean;
}

export function outcomeOf(
  { report, conflicts, sight }: RunResult,
  { unasked = false }: Errand
): Outcome {
  const isStopped = report.state === 'stopped' && sight !== null;
  return { report, conflicts, takings: isStopped ? takingsOf(sight.plan) : null, unasked };
}
