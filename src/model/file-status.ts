import type { Conflict } from '../sync/memory';
import type { Sight } from '../sync/look';
import type { FileStatus, FileStatusWord } from '../tokens';

/**
 * Each file's status, from a look at both sides; folders only where something is to be said of them. By path.
 */
export function fileStatuses(sight: Sight, conflicts: readonly Conflict[]): FileStatus[] {
  const found = new Map<string, FileStatus>();
  const set = (path: string, status: FileStatusWord, reason: string) => {
    found.set(path, { path, status, reason });
  };
  const { local, cloud } = sight.situation;
  for (const [path, { kind }] of [...local, ...cloud]) {
    if (kind === 'file') {
      set(path, 'synced', '');
    }
  }
  for (const path of sight.ignored) {
    set(path, 'ignored', 'matches an ignore rule');
  }
  for (const step of sight.plan.steps) {
    const change = step.side === 'cloud' ? 'local-change' : 'cloud-change';
    set(step.path, change, step.reason);
  }
  for (const { path, copy, reason } of conflicts) {
    set(path, 'conflict', reason);
    if (copy !== null) {
      set(copy, 'conflict', `kept beside ${path}: ${reason}`);
    }
  }
  for (const { path, message } of [...sight.problems, ...sight.plan.problems]) {
    set(path, 'problem', message);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
