import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Progress } from '../tokens';
import type { Outcome } from './errand';
import type { TabMessage } from './tab-message';
import type { Tabs } from './tabs';

/** After how long without a word, in ms, a page is taken for dead where there are no locks to tell. */
const SILENCE = 10_000;
/** How long after its turn a page's last word may be on its way, in ms. */
const GRACE = 500;

/** The runs that go on in other pages of this browser, as those tell. */
export class RunsElsewhere implements IDisposable {
  constructor(tabs: Tabs) {
    this.#tabs = tabs;
    tabs.heard.connect(this.#onHeard, this);
  }

  /** Fires with the project's id when a run of it begins or ends. */
  get changed(): ISignal<this, string> {
    return this.#changed;
  }

  get progressChanged(): ISignal<this, string> {
    return this.#progressChanged;
  }

  /** Fires with what came of a run, before `changed` does. */
  get ended(): ISignal<this, RunsElsewhere.Ended> {
    return this.#ended;
  }

  /** null when none runs. */
  progress(projectId: string): Progress | null {
    return this.#runs.get(projectId)?.progress ?? null;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#runs.forEach(({ timer }) => clearTimeout(timer));
    this.#runs.clear();
    Signal.clearData(this);
  }

  #onHeard(_: Tabs, message: TabMessage): void {
    if (message.kind === 'running') {
      this.#goesOn(message.page, message.projectId, message.progress);
    } else if (message.kind === 'ended') {
      const { page, projectId, outcome } = message;
      if (outcome) {
        this.#ended.emit({ projectId, outcome });
      }
      this.#end(page, projectId);
      this.#changed.emit(projectId);
    }
  }

  #goesOn(page: string, projectId: string, progress: Progress): void {
    const known = this.#runs.get(projectId);
    if (known && known.page !== page && progress.phase === 'waiting') {
      return;
    }
    clearTimeout(known?.timer);
    const isNew = known?.page !== page;
    this.#runs.set(projectId, { page, progress });
    if (isNew) {
      this.#changed.emit(projectId);
    } else {
      this.#progressChanged.emit(projectId);
    }
    if (!this.#tabs.hasTurns) {
      this.#endIn(SILENCE, page, projectId);
    } else if (isNew) {
      // Granted when the page's turn has ended, be it by its death.
      void this.#tabs.turn(() => Promise.resolve(this.#endIn(GRACE, page, projectId)));
    }
  }

  #endIn(ms: number, page: string, projectId: string): void {
    const known = this.#runs.get(projectId);
    if (known?.page === page) {
      known.timer = setTimeout(() => this.#died(page, projectId), ms);
    }
  }

  #died(page: string, projectId: string): void {
    if (this.#end(page, projectId)) {
      this.#changed.emit(projectId);
    }
  }

  #end(page: string, projectId: string): boolean {
    const known = this.#runs.get(projectId);
    if (known?.page !== page) {
      return false;
    }
    clearTimeout(known.timer);
    return this.#runs.delete(projectId);
  }

  readonly #tabs: Tabs;
  /** By the project's id. */
  readonly #runs = new Map<string, RunElsewhere>();
  readonly #changed = new Signal<this, string>(this);
  readonly #progressChanged = new Signal<this, string>(this);
  readonly #ended = new Signal<this, RunsElsewhere.Ended>(this);
  #isDisposed = false;
}

export namespace RunsElsewhere {
  export interface Ended {
    readonly projectId: string;
    readonly outcome: Outcome;
  }
}

interface RunElsewhere {
  readonly page: string;
  readonly progress: Progress;
  timer?: ReturnType<typeof setTimeout>;
}
