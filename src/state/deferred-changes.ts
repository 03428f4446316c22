import type { Activity } from '../tokens';
import { ACTIVITY_LIMIT } from './activity-rows';
import type { LocalProject, LocalProjectPatch } from './local-project';

/** What is not saved yet. */
export interface Deferred {
  /** In the order in which they happened. */
  readonly activities: readonly Activity[];
  /** By the project's id. */
  readonly patches: ReadonlyMap<string, LocalProjectPatch>;
}

/**
 * The changes that may be lost: they are saved along with the next one that may not.
 *
 * #### Notes
 * They stay small however long nothing is saved: one patch a project, and no more activities than are ever shown.
 */
export class DeferredChanges {
  get isEmpty(): boolean {
    return this.#activities.length === 0 && this.#patches.size === 0;
  }

  addActivities(activities: readonly Activity[]): void {
    this.#activities = [...this.#activities, ...activities].slice(-ACTIVITY_LIMIT);
  }

  patch(id: string, patch: LocalProjectPatch): void {
    this.#patches.set(id, { ...this.#patches.get(id), ...patch });
  }

  /** Leaves nothing to be patched of the project. */
  forget(id: string): void {
    this.#patches.delete(id);
  }

  /** All of them, which are no longer here then. */
  take(): Deferred {
    const taken = { activities: this.#activities, patches: this.#patches };
    this.#activities = [];
    this.#patches = new Map();
    return taken;
  }

  /** What was taken could not be saved. */
  putBack({ activities, patches }: Deferred): void {
    this.#activities = [...activities, ...this.#activities].slice(-ACTIVITY_LIMIT);
    for (const [id, patch] of patches) {
      this.#patches.set(id, { ...patch, ...this.#patches.get(id) });
    }
  }

  /** Newest first. */
  get activities(): Activity[] {
    return [...this.#activities].reverse();
  }

  /** The projects as they are with these changes. */
  over(projects: readonly LocalProject[]): LocalProject[] {
    return projects.map(project => ({ ...project, ...this.#patches.get(project.id) }));
  }

  #activities: readonly Activity[] = [];
  #patches = new Map<string, LocalProjectPatch>();
}
