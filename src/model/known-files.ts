import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Step } from '../sync/plan';
import type { Carried, RunResult } from '../sync/run';
import type { FileStatus } from '../tokens';
import { fileStatuses } from './file-status';
import type { Seen } from './file-status';

/** How often the files of a project that is synced are told anew, in ms. */
const INTERVAL = 1000;

const NONE: ReadonlySet<Step> = new Set();

/** What is known of the files of each project: by the last look at both sides, and by what a run has done since. */
export class KnownFiles implements IDisposable {
  /** Fires with the project's id. */
  get changed(): ISignal<this, string> {
    return this.#changed;
  }

  /** null while nothing was looked at; the same array until something is told. */
  of(projectId: string): readonly FileStatus[] | null {
    const known = this.#known.get(projectId);
    if (!known) {
      return null;
    }
    known.files ??= fileStatuses(known);
    return known.files;
  }

  /** Whether a run is carrying out what it has planned. */
  isCarriedOut(projectId: string): boolean {
    return (this.#known.get(projectId)?.pending.size ?? 0) > 0;
  }

  /** A run begins to carry out a plan. */
  planned(projectId: string, { sight, plan, conflicts }: Carried): void {
    const pending = new Set(plan.steps);
    this.#tell(projectId, { sight, conflicts, pending, applied: new Set() });
  }

  /** It has done a step. */
  applied(projectId: string, step: Step): void {
    const known = this.#known.get(projectId);
    if (!known) {
      return;
    }
    known.applied.add(step);
    known.files = null;
    this.#dirty.add(projectId);
    this.#timer ??= setTimeout(() => this.#tellDirty(), INTERVAL);
  }

  /** A look, or a run, came to its end. */
  ended(projectId: string, { sight, conflicts }: Pick<RunResult, 'sight' | 'conflicts'>): void {
    const known = this.#known.get(projectId);
    if (sight) {
      const applied = known?.sight === sight ? known.applied : new Set<Step>();
      this.#tell(projectId, { sight, conflicts, pending: NONE, applied });
    }
  }

  /** No run of the project is under way any more, however it ended. */
  rest(projectId: string): void {
    const known = this.#known.get(projectId);
    if (known && known.pending.size > 0) {
      this.#tell(projectId, { ...known, pending: NONE });
    }
  }

  forget(projectId: string): void {
    if (this.#known.delete(projectId)) {
      this.#changed.emit(projectId);
    }
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
    Signal.clearData(this);
  }

  #tell(projectId: string, seen: Omit<Known, 'files'>): void {
    this.#dirty.delete(projectId);
    this.#known.set(projectId, { ...seen, files: null });
    this.#changed.emit(projectId);
  }

  #tellDirty(): void {
    this.#timer = null;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    dirty.forEach(projectId => this.#changed.emit(projectId));
  }

  readonly #known = new Map<string, Known>();
  /** Projects whose files are to be told anew. */
  readonly #dirty = new Set<string>();
  readonly #changed = new Signal<this, string>(this);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isDisposed = false;
}

interface Known extends Seen {
  readonly applied: Set<Step>;
  /** null until they are asked for. */
  files: readonly FileStatus[] | null;
}
