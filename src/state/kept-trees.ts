import type { Entry, Node, Side, Tree } from '../sync/entry';
import type { MemoryChange } from '../sync/memory';

/** What is remembered of the paths of one project. */
export interface Trees {
  readonly base: Tree;
  readonly local: Tree<Entry>;
  readonly cloud: Tree<Entry>;
}

/**
 * The projects' trees as they are saved, kept so that a run of a large project need not read them all to look at one file.
 *
 * #### Notes
 * Trees that were given are never changed afterwards: whoever has them goes on with them. A change counts once it is durable.
 */
export class KeptTrees {
  /**
   * null where none are kept.
   *
   * @param tie - the project's `linkedAt`: what was remembered of an earlier tie is not kept
   */
  get(projectId: string, tie: number | null): Trees | null {
    const kept = this.#kept.get(projectId);
    if (!kept || kept.tie !== tie) {
      return null;
    }
    if (kept.changes.length > 0) {
      kept.trees = changed(kept.trees, kept.changes.splice(0));
    }
    return kept.trees;
  }

  keep(projectId: string, tie: number | null, trees: Trees): void {
    this.#kept.set(projectId, { tie, trees, changes: [] });
  }

  /** A change was written to the database, which is not saved yet. */
  written(projectId: string, change: MemoryChange): void {
    this.#unsaved.push({ projectId, change });
  }

  /** All that was written is durable. */
  saved(): void {
    for (const { projectId, change } of this.#unsaved.splice(0)) {
      this.#kept.get(projectId)?.changes.push(change);
    }
  }

  /** What was written was taken back. */
  reverted(): void {
    this.#unsaved.length = 0;
  }

  /** Nothing is kept: the database is another one. */
  clear(): void {
    this.#kept.clear();
    this.#unsaved.length = 0;
  }

  readonly #kept = new Map<string, Kept>();
  readonly #unsaved: { readonly projectId: string; readonly change: MemoryChange }[] = [];
}

interface Kept {
  readonly tie: number | null;
  trees: Trees;
  /** In their order; not in the trees yet. */
  readonly changes: MemoryChange[];
}

function changed({ base, local, cloud }: Trees, changes: readonly MemoryChange[]): Trees {
  return {
    base: withChanges<Node>(
      base,
      changes.map(change => change.base)
    ),
    local: withChanges(local, entriesOf(changes, 'local')),
    cloud: withChanges(cloud, entriesOf(changes, 'cloud'))
  };
}

function entriesOf(changes: readonly MemoryChange[], side: Side) {
  return changes.map(change => change[side]);
}

function withChanges<T>(
  tree: ReadonlyMap<string, T>,
  changes: readonly (ReadonlyMap<string, T | null> | undefined)[]
): ReadonlyMap<string, T> {
  if (changes.every(change => !change?.size)) {
    return tree;
  }
  const after = new Map(tree);
  for (const change of changes) {
    for (const [path, value] of change ?? []) {
      if (value) {
        after.set(path, value);
      } else {
        after.delete(path);
      }
    }
  }
  return after;
}
