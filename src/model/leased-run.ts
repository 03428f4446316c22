import { run } from '../sync/run';
import type { RunOptions, RunResult } from '../sync/run';
import type { Progress, SyncReport } from '../tokens';
import { joined } from './joined';
import type { Lease } from './lease';
import type { LeaseRecord } from './lease-file';
import type { LeaseHold } from './lease-hold';
import { WriteGate } from './write-gate';

/** A run with its two sides as they are at its start. */
export type Prepared = Omit<RunOptions, 'projectId' | 'signal' | 'onProgress'> & {
  /** Takes up the state that another browser saved. */
  readonly catchUp: () => Promise<void>;
  /** Whether the run was prepared with what is the state now. */
  readonly isCurrent: () => boolean;
  /** Whether the run ended since what it began with no longer holds: it is to begin anew. */
  readonly isOvertaken: (result: RunResult) => boolean;
  /** Told of the result, and of the report of the run before, before anyone else is; the lease is still held, if it was. */
  readonly onEnd: (result: RunResult, previous: SyncReport | null) => Promise<void>;
};

/** How often a run begins anew for what it began with. */
const OFTEN = 3;

/**
 * Runs the engine with the lease, taken right before the first write. While another browser has it nothing is changed: the
 * run waits, takes up the state that the other saved, and begins anew.
 *
 * @returns null when it was cancelled before it changed anything
 */
export async function leasedRun(options: {
  readonly projectId: string;
  readonly lease: Lease;
  readonly prepare: () => Promise<Prepared>;
  readonly signal: AbortSignal;
  readonly onStart: (prepared: Prepared) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onEnd: (prepared: Prepared, result: RunResult) => Promise<void>;
}): Promise<RunResult | null> {
  const { projectId, lease, prepare, signal, onStart, onProgress, onEnd } = options;
  let hold: LeaseHold | null = null;
  let overtaken = 0;
  let done: SyncReport | null = null;
  try {
    for (;;) {
      const prepared = await prepare();
      if (signal.aborted) {
        return null;
      }
      onStart(prepared);
      const { catchUp, isCurrent, isOvertaken } = prepared;
      const gate: WriteGate = new WriteGate({ lease, hold, signal, catchUp, isCurrent });
      const result = await run({
        ...prepared,
        projectId,
        replicas: gate.replicas(prepared.replicas),
        journal: gate.journal(prepared.journal),
        signal: AbortSignal.any([signal, gate.signal]),
        onProgress: progress => {
          gate.tell(projectId, progress);
          onProgress(progress);
        }
      });
      hold = gate.hold;
      if (isOvertaken(result) && overtaken < OFTEN && !signal.aborted) {
        overtaken += 1;
        done = done ? joined(done, result.report) : result.report;
        continue;
      }
      if (!gate.isShut || signal.aborted) {
        const whole = done ? { ...result, report: joined(done, result.report) } : result;
        await onEnd(prepared, whole);
        return whole;
      }
      hold ??= await waitFor(lease, gate.other);
      if (!hold) {
        return null;
      }
      if (lease.hadOthers) {
        await catchUp();
        lease.caughtUp();
      }
    }
  } finally {
    await hold?.release();
  }

  /** null when it was cancelled meanwhile. */
  async function waitFor(of: Lease, other: LeaseRecord | null): Promise<LeaseHold | null> {
    onProgress(waiting(projectId, other));
    try {
      const onWait = (their: LeaseRecord | null) => onProgress(waiting(projectId, their));
      return await of.take({ isTurn: true, signal, onWait });
    } catch (error) {
      if (signal.aborted) {
        return null;
      }
      throw error;
    }
  }
}

/** With how far the other is, where it syncs the same project. */
function waiting(projectId: string, other: LeaseRecord | null): Progress {
  const { filesDone, filesTotal, bytesDone, bytesTotal } =
    (other?.projectId === projectId && other.progress) || NOTHING;
  return { phase: 'waiting', filesDone, filesTotal, bytesDone, bytesTotal };
}

const NOTHING = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
