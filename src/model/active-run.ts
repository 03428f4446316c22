import type { Progress } from '../tokens';
import type { Outcome } from './errand';
import { paced, withPace } from './pace';
import type { Pace } from './pace';
import type { Tabs } from './tabs';

/** How often progress is told, in ms. */
const PROGRESS_INTERVAL = 200;
/** How often the other pages are told that the run goes on, in ms: one that was opened meanwhile knows nothing. */
const HEARTBEAT = 2000;

/** The run that goes on in this page; the browser's other pages are told of it. */
export class ActiveRun {
  constructor(options: ActiveRun.IOptions) {
    this.#options = options;
    this.#beat = setInterval(() => this.#goOn(), HEARTBEAT);
    this.#tellOthers();
  }

  get projectId(): string {
    return this.#options.projectId;
  }

  get progress(): Progress {
    return withPace(this.#progress, this.#pace);
  }

  /** @returns whether it is time to tell it here, as it was told to the others */
  tell(progress: Progress): boolean {
    const turned = (this.#progress.phase === 'waiting') !== (progress.phase === 'waiting');
    this.#progress = progress;
    const now = this.#options.now();
    this.#pace = paced(this.#pace, progress, now);
    if (!turned && now - this.#told < PROGRESS_INTERVAL) {
      return false;
    }
    this.#told = now;
    this.#tellOthers();
    return true;
  }

  end(outcome: Outcome | null): void {
    clearInterval(this.#beat);
    const { tabs, projectId } = this.#options;
    tabs.tell({ kind: 'ended', page: tabs.page, projectId, outcome });
  }

  /** Nothing may have moved: then it goes slower than was told. */
  #goOn(): void {
    const { now, onPace } = this.#options;
    this.#pace = paced(this.#pace, this.#progress, now());
    this.#tellOthers();
    onPace?.();
  }

  #tellOthers(): void {
    const { tabs, projectId } = this.#options;
    tabs.tell({ kind: 'running', page: tabs.page, projectId, progress: this.progress });
  }

  readonly #options: ActiveRun.IOptions;
  readonly #beat: ReturnType<typeof setInterval>;
  #progress: Progress = {
    phase: 'looking',
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0
  };
  #pace: Pace | null = null;
  #told = 0;
}

export namespace ActiveRun {
  export interface IOptions {
    readonly tabs: Tabs;
    readonly projectId: string;
    /** A clock in ms. */
    readonly now: () => number;
    /** Called now and then while the run goes on, though nothing moves. */
    readonly onPace?: () => void;
  }
}
