import type { Side } from '../sync/entry';
import type { Conflict } from '../sync/memory';
import type { Sight } from '../sync/look';
import type { Step } from '../sync/plan';
import type { FileStatus, FileStatusWord } from '../tokens';
import { trans } from '../sync/words';

/** What has become of a look at both sides. */
export interface Seen {
  readonly sight: Sight;
  /** Those that are open. */
  readonly conflicts: readonly Conflict[];
  /** Steps that a run carries out at this moment; empty when none does. */
  readonly pending: ReadonlySet<Step>;
  /** Steps that were applied since. */
  readonly applied: ReadonlySet<Step>;
}

/**
 * Each file's status; folders only where something is to be said of them. By path.
 */
export function fileStatuses({ sight, conflicts, pending, applied }: Seen): FileStatus[] {
  const found = new Map<string, FileStatus>();
  const { local, cloud } = sight.situation;
  const set = (path: string, status: FileStatusWord, reason: string): void => {
    const [here, there] = [local.get(path), cloud.get(path)];
    const where = sideAlone(here !== undefined, there !== undefined);
    const { scans } = sight;
    const seen = here ?? there ?? scans.local.entries.get(path) ?? scans.cloud.entries.get(path);
    const isDirectory = seen?.kind === 'directory';
    found.set(path, {
      path,
      status,
      reason,
      ...(where && { where }),
      ...(isDirectory && { kind: 'directory' })
    });
  };
  for (const [path, { kind }] of [...local, ...cloud]) {
    if (kind === 'file' && !found.has(path)) {
      set(path, 'synced', '');
    }
  }
  for (const path of sight.ignored) {
    set(path, 'ignored', trans.__('matches an ignore rule'));
  }
  for (const step of [...sight.plan.steps, ...pending]) {
    if (!applied.has(step)) {
      const change = step.side === 'cloud' ? 'local-change' : 'cloud-change';
      rename(found, step);
      set(step.path, pending.has(step) ? 'syncing' : change, step.reason);
    }
  }
  for (const { path, copy, reason } of conflicts) {
    set(path, 'conflict', reason);
    if (copy !== null) {
      set(copy, 'conflict', trans.__('kept beside %1: %2', path, reason));
    }
  }
  for (const { path, message } of [...sight.problems, ...sight.plan.problems]) {
    set(path, 'problem', message);
  }
  for (const step of applied) {
    settle(found, step);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file that was moved is shown at its new name alone; so is what a folder took along. */
function rename(found: Map<string, FileStatus>, step: Step): void {
  if (step.kind !== 'move') {
    return;
  }
  found.delete(step.from);
  for (const { from, path } of step.carried) {
    found.delete(from);
    if (found.has(path)) {
      found.set(path, { path, status: 'synced', reason: '' });
    }
  }
}

/** After the step both sides hold the same. A conflict at the path, or a problem, stays what it is. */
function settle(found: Map<string, FileStatus>, step: Step): void {
  const { path, kind } = step;
  const told = found.get(path);
  rename(found, step);
  if (told?.status === 'conflict' || told?.status === 'problem') {
    return;
  }
  found.delete(path);
  if (kind === 'put' || (kind === 'move' && step.carried.length === 0)) {
    found.set(path, { path, status: 'synced', reason: '' });
  }
}

function sideAlone(here: boolean, there: boolean): Side | null {
  return here === there ? null : here ? 'local' : 'cloud';
}
