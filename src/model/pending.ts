/** Where a run has to look. */
export interface Scope {
  /** The only paths here that may have changed, relative to the project's folder; null: all of it. */
  readonly only: readonly string[] | null;
  /** Files that somebody is writing at this moment: to be left for now. */
  readonly busy: readonly string[];
}

/** How long it must have been quiet before a run, in ms. */
const QUIET = 150;
/** The same for what the cloud tells: it is whole when it is told. */
const CLOUD_QUIET = 40;
/** How long hints that keep coming can put a run off, in ms. */
const LONGEST = 1500;
/** How long a file that is being written all the time is left, in ms. */
const PATIENCE = 10_000;
/** From so many paths on the whole tree is looked at. */
const MANY = 500;

/** The hints for one project that no run has taken up yet. Times are in ms, of one clock. */
export class Pending {
  /** A path changed, relative to the project's folder. */
  add(path: string, now: number): void {
    this.#paths.set(path, { first: this.#paths.get(path)?.first ?? now, last: now });
    this.#note(now, QUIET);
  }

  /** Anything may have changed here. */
  addWhole(now: number): void {
    this.#isWhole = true;
    this.#note(now, QUIET);
  }

  addCloud(now: number): void {
    this.#isCloud = true;
    this.#note(now, CLOUD_QUIET);
  }

  /** When a run is due; null while there is nothing to run for. */
  get due(): number | null {
    return this.#due;
  }

  /** Takes what a run is to look at; null when all there is has to wait, till `due`. */
  take(now: number): Scope | null {
    const busy = [...this.#paths]
      .filter(([, { first, last }]) => now - last < QUIET && now - first < PATIENCE)
      .map(([path]) => path);
    const isBusy = new Set(busy);
    const quiet = [...this.#paths.keys()].filter(path => !isBusy.has(path));
    const hasWork = this.#isWhole || this.#isCloud || quiet.length > 0;
    const only = this.#isWhole || quiet.length > MANY ? null : quiet;
    quiet.forEach(path => this.#paths.delete(path));
    this.#isWhole = false;
    this.#isCloud = false;
    this.#first = null;
    this.#due = null;
    if (busy.length > 0) {
      this.#note(now, QUIET);
    }
    return hasWork ? { only, busy } : null;
  }

  /** Takes back those of the paths that wait, and gives them. */
  withdraw(paths: ReadonlySet<string>): string[] {
    const taken = [...this.#paths.keys()].filter(path => paths.has(path));
    taken.forEach(path => this.#paths.delete(path));
    if (this.#paths.size === 0 && !this.#isWhole && !this.#isCloud) {
      this.#first = null;
      this.#due = null;
    }
    return taken;
  }

  #note(now: number, quiet: number): void {
    this.#first ??= now;
    this.#due = Math.min(Math.max(this.#due ?? 0, now + quiet), this.#first + LONGEST);
  }

  readonly #paths = new Map<string, { readonly first: number; readonly last: number }>();
  #isWhole = false;
  #isCloud = false;
  /** When the oldest of what waits came. */
  #first: number | null = null;
  #due: number | null = null;
}
