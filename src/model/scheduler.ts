import type { IDisposable } from '@lumino/disposable';

import { isWithin } from '../sync/path';
import { Lane } from './lane';
import type { Echo } from './lane';
import type { Scope } from './pending';

/**
 * When to run without being told: gathers what hints say, waits a moment for more, and starts one run a project at a time.
 *
 * #### Notes
 * Hints only wake; what a run does follows from its own look. A lost hint costs time, never a change: whoever owns this says
 * `everything` from time to time.
 */
export class Scheduler implements IDisposable {
  constructor(options: Scheduler.IOptions) {
    this.#options = options;
  }

  /**
   * Something changed in Jupyter.
   *
   * @param paths - relative to the Jupyter root; null where it may be anywhere
   * @param echo - whether and when the one who tells it tells of what runs write, too
   */
  here(paths: readonly string[] | null, echo: Echo = 'late'): void {
    for (const project of this.#options.projects()) {
      if (paths === null) {
        this.#wake(project.id, lane => lane.pending.addWhole(Date.now()));
        continue;
      }
      const below = paths
        .filter(path => isWithin(path, project.path))
        .map(path => (project.path === '' ? path : path.slice(project.path.length + 1)))
        .filter(path => !this.#options.isLeftOut(project.id, path));
      if (below.length > 0) {
        this.#wake(project.id, lane => lane.add(below, Date.now(), echo));
      }
    }
  }

  /** Something changed in the cloud's project, or may have. */
  inCloud(projectId: string): void {
    if (this.#isWatched(projectId)) {
      this.#wake(projectId, lane => lane.pending.addCloud(Date.now()));
    }
  }

  /** Anything may have changed anywhere. */
  everything(): void {
    this.here(null);
  }

  /** A run of the project has begun, whoever asked for it, in whatever page. */
  began(projectId: string): void {
    this.#lane(projectId).began();
  }

  /** It has ended: what came meanwhile is due now. */
  ended(projectId: string, outcome: Scheduler.Outcome): void {
    const lane = this.#lane(projectId);
    lane.ended(outcome, Date.now());
    this.#arm(projectId, lane);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const lane of this.#lanes.values()) {
      clearTimeout(lane.timer);
    }
    this.#lanes.clear();
  }

  #wake(projectId: string, note: (lane: Lane) => void): void {
    if (!this.#isDisposed) {
      const lane = this.#lane(projectId);
      note(lane);
      this.#arm(projectId, lane);
    }
  }

  #arm(projectId: string, lane: Lane): void {
    clearTimeout(lane.timer);
    const { due } = lane.pending;
    if (due !== null && !lane.isBusy && !this.#isDisposed) {
      const wait = due + this.#options.delay() - Date.now();
      lane.timer = setTimeout(() => this.#start(projectId, lane), Math.max(0, wait));
    }
  }

  #start(projectId: string, lane: Lane): void {
    if (!this.#isWatched(projectId)) {
      this.#lanes.delete(projectId);
      return;
    }
    const scope = lane.take(Date.now());
    if (!scope) {
      this.#arm(projectId, lane);
      return;
    }
    lane.isStarting = true;
    this.#options
      .run(projectId, scope)
      .catch(error => {
        lane.distrust();
        this.#options.onError(error);
      })
      .finally(() => {
        lane.isStarting = false;
        this.#arm(projectId, lane);
      });
  }

  #lane(projectId: string): Lane {
    const lane = this.#lanes.get(projectId) ?? new Lane();
    this.#lanes.set(projectId, lane);
    return lane;
  }

  #isWatched(projectId: string): boolean {
    return this.#options.projects().some(({ id }) => id === projectId);
  }

  readonly #options: Scheduler.IOptions;
  /** By the project's id. */
  readonly #lanes = new Map<string, Lane>();
  #isDisposed = false;
}

export namespace Scheduler {
  export interface IOptions {
    /** Those that are synced by themselves now, and their folders, relative to the Jupyter root. */
    readonly projects: () => readonly { readonly id: string; readonly path: string }[];
    /** Whether nothing that happens at the path, relative to the project's folder, matters. */
    readonly isLeftOut: (projectId: string, path: string) => boolean;
    /** Resolves when the run is over; what came of it is told by `ended`. */
    readonly run: (projectId: string, scope: Scope) => Promise<void>;
    /** How much longer to wait than hints ask for, in ms: so that another page comes first. */
    readonly delay: () => number;
    readonly onError: (error: unknown) => void;
  }

  export interface Outcome {
    /** The run saw all it wanted to: the next may look only where it is told. */
    readonly isTrusted: boolean;
    /** What it changed here, relative to the project's folder. */
    readonly written: readonly string[];
  }
}
