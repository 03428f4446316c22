import type { Side } from './entry';
import type { Step } from './plan';
import type { Problem } from './problem';

export type RunState = 'synced' | 'conflicts' | 'stopped' | 'failed' | 'partial';

export type StopReason =
  | 'mass-delete'
  | 'root-missing'
  | 'root-emptied'
  | 'root-replaced'
  | 'all-changed'
  | 'cloud-restored'
  | 'signed-out'
  | 'offline';

export type ActionKind = 'create' | 'update' | 'delete' | 'move' | 'mkdir';

/** One change that was made, or in a preview would be made. */
export interface Action {
  /** Relative to the project's root. */
  readonly path: string;
  /** Where it was moved from. */
  readonly from?: string;
  /** The side that is changed. */
  readonly side: Side;
  readonly kind: ActionKind;
  /** The rule that caused it, in words. */
  readonly reason: string;
  /** Bytes that travel for it. */
  readonly bytes: number;
}

export interface ReportedConflict {
  readonly path: string;
  readonly copy: string | null;
  readonly reason: string;
}

/** What one run did and left, as a plain JSON value. */
export interface SyncReport {
  readonly projectId: string;
  readonly dryRun: boolean;
  readonly state: RunState;
  readonly stopReason: StopReason | null;
  readonly actions: readonly Action[];
  readonly conflicts: readonly ReportedConflict[];
  readonly problems: readonly Problem[];
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly requests: { readonly jupyter: number; readonly cloud: number };
  readonly durationMs: number;
}

/** The report's line for a step. */
export function actionOf(step: Step): Action {
  const { side, path, reason } = step;
  switch (step.kind) {
    case 'put': {
      const bytes = step.source.side === side ? 0 : step.source.entry.size;
      return { path, side, kind: step.expect ? 'update' : 'create', reason, bytes };
    }
    case 'move':
      return { path, from: step.from, side, kind: 'move', reason, bytes: 0 };
    case 'delete':
      return { path, side, kind: 'delete', reason, bytes: 0 };
    case 'mkdir':
      return { path, side, kind: 'mkdir', reason, bytes: 0 };
  }
}
