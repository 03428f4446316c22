import type { IDisposable } from '@lumino/disposable';

import { isWithin } from '../sync/path';
import { Pending } from './pending';
import type { Scope } from './pending';

/** How long after its end what a run wrote here is taken for its own doing, in ms: its echo comes within this time. */
const ECHO = 1000;

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
   */
  here(paths: readonly string[] | null): void {
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
        this.#wake(project.id, lane => lane.add(below, Date.now()));
      }
    }
  }

  /** Something changed in the cloud's project, or may have. */
  inCloud(projectId: string): void {
    if (this.#options.projects().some(({ id }) => id === projectId)) {
      this.#wake(projectId, lane => lane.pending.addCloud(Date.now()));
    }
  }

  /** Anything may have changed anywhere. */
  everything(): void {
    this.here(null);
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
    if (this.#isDisposed) {
      return;
    }
    const lane = this.#lanes.get(projectId) ?? new Lane();
    this.#lanes.set(projectId, lane);
    note(lane);
    this.#arm(projectId, lane);
  }

  #arm(projectId: string, lane: Lane): void {
    clearTimeout(lane.timer);
    const due = lane.pending.due;
    if (!lane.isRunning && due !== null && !this.#isDisposed) {
      lane.timer = setTimeout(() => this.#start(projectId, lane), Math.max(0, due - Date.now()));
    }
  }

  #start(projectId: string, lane: Lane): void {
    const isStill = this.#options.projects().some(({ id }) => id === projectId);
    const scope = isStill ? lane.take(Date.now()) : null;
    if (!scope) {
      if (isStill) {
        this.#arm(projectId, lane);
      } else {
        this.#lanes.delete(projectId);
      }
      return;
    }
    lane.isRunning = true;
    this.#options
      .run(projectId, scope)
      .then(
        outcome => lane.ended(outcome, Date.now()),
        error => {
          lane.ended({ isTrusted: false, written: [] }, Date.now());
          this.#options.onError(error);
        }
      )
      .finally(() => {
        lane.isRunning = false;
        this.#arm(projectId, lane);
      });
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
    readonly run: (projectId: string, scope: Scope) => Promise<Outcome>;
    readonly onError: (error: unknown) => void;
  }

  export interface Outcome {
    /** The run saw all it wanted to: the next may look only where it is told. */
    readonly isTrusted: boolean;
    /** What it changed here, relative to the project's folder. */
    readonly written: readonly string[];
  }
}

/** One project's hints and run. */
class Lane {
  readonly pending = new Pending();
  isRunning = false;
  timer: ReturnType<typeof setTimeout> | undefined;

  add(paths: readonly string[], now: number): void {
    for (const path of paths) {
      if (now < this.#echoUntil && this.#written.has(path)) {
        this.#echoes.add(path);
      } else {
        this.pending.add(path, now);
      }
    }
  }

  take(now: number): Scope | null {
    const scope = this.pending.take(now);
    if (!scope) {
      return null;
    }
    // What seemed an echo is looked at too: somebody else may have written in the same moment.
    const only =
      scope.only && this.#isTrusted ? [...new Set([...scope.only, ...this.#echoes])] : null;
    this.#echoes.clear();
    return { ...scope, only };
  }

  ended({ isTrusted, written }: Scheduler.Outcome, now: number): void {
    this.#isTrusted = isTrusted;
    this.#written = new Set(written);
    this.#echoUntil = now + ECHO;
    for (const path of this.pending.withdraw(this.#written)) {
      this.#echoes.add(path);
    }
  }

  /** What the last run wrote, and until when a hint of it is taken for an echo. */
  #written: ReadonlySet<string> = new Set();
  #echoUntil = 0;
  readonly #echoes = new Set<string>();
  #isTrusted = false;
}
