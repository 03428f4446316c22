import type { Conflict } from '../sync/memory';

/** The open conflict of a file, told by its name or by that of the copy. */
export function conflictAt(conflicts: readonly Conflict[], path: string): Conflict | undefined {
  return conflicts.find(each => each.path === path) ?? conflicts.find(each => each.copy === path);
}
