import type { Activity } from '../tokens';
import type { LocalProject, LocalProjectPatch } from './local-project';

/** A change that may be lost: it is saved along with the next one that may not. */
export type DeferredChange =
  | { readonly kind: 'activity'; readonly activity: Activity }
  | { readonly kind: 'patch'; readonly id: string; readonly patch: LocalProjectPatch };

/** The deferred changes that are not saved yet, in the order in which they came. */
export class DeferredChanges {
  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  add(...changes: readonly DeferredChange[]): void {
    this.#changes.push(...changes);
  }

  /** All of them, which are no longer here then. */
  take(): DeferredChange[] {
    return this.#changes.splice(0);
  }

  /** What was taken could not be saved. */
  putBack(changes: readonly DeferredChange[]): void {
    this.#changes.unshift(...changes);
  }

  /** Newest first. */
  get activities(): Activity[] {
    return activitiesIn(this.#changes).reverse();
  }

  /** The projects as they are with these changes. */
  over(projects: readonly LocalProject[]): LocalProject[] {
    return projects.map(project =>
      this.#changes.reduce(
        (patched, change) =>
          change.kind === 'patch' && change.id === project.id
            ? { ...patched, ...change.patch }
            : patched,
        project
      )
    );
  }

  readonly #changes: DeferredChange[] = [];
}

/** In the order in which they happened. */
export function activitiesIn(changes: readonly DeferredChange[]): Activity[] {
  return changes.flatMap(change => (change.kind === 'activity' ? [change.activity] : []));
}
