import type { Conflict, Intent, Journal, Memory, MemoryChange } from '../../src/sync/memory';
import { EMPTY_MEMORY } from '../../src/sync/memory';

/** A journal that keeps its memory in the page, and counts its saves. */
export class MemoryJournal implements Journal {
  memory: Memory = EMPTY_MEMORY;
  commits = 0;
  readonly intended: Intent[][] = [];
  /** Called before each save: what it throws fails the save. */
  before: ((save: 'intend' | 'commit') => void) | null = null;

  load(): Promise<Memory> {
    return Promise.resolve(this.memory);
  }

  async intend(intents: readonly Intent[]): Promise<void> {
    await Promise.resolve();
    this.before?.('intend');
    this.intended.push([...intents]);
    const paths = new Set(intents.map(intent => intent.path));
    const others = this.memory.intents.filter(intent => !paths.has(intent.path));
    this.memory = { ...this.memory, intents: [...others, ...intents] };
  }

  async commit(change: MemoryChange): Promise<void> {
    await Promise.resolve();
    this.before?.('commit');
    this.commits += 1;
    const { base, local, cloud, intents, conflicts } = this.memory;
    const settled = new Set(change.settled);
    this.memory = {
      base: changed(base, change.base),
      local: {
        entries: changed(local.entries, change.local),
        cursor: change.cursor?.local === undefined ? local.cursor : change.cursor.local
      },
      cloud: {
        entries: changed(cloud.entries, change.cloud),
        cursor: change.cursor?.cloud === undefined ? cloud.cursor : change.cursor.cloud
      },
      intents: intents.filter(intent => !settled.has(intent.path)),
      conflicts: change.conflicts ?? (conflicts satisfies readonly Conflict[])
    };
  }
}

function changed<T>(
  known: ReadonlyMap<string, T>,
  changes: ReadonlyMap<string, T | null> = new Map()
): Map<string, T> {
  const next = new Map(known);
  for (const [path, value] of changes) {
    if (value === null) {
      next.delete(path);
    } else {
      next.set(path, value);
    }
  }
  return next;
}
