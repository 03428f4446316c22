import { Pending } from './pending';
import type { Scope } from './pending';

/** How long after its end what a run wrote here is taken for its own doing, in ms: its echo comes within this time. */
const ECHO = 1000;

/** When a source of hints tells of what a run itself wrote: never, while it writes, or also for a while after its end. */
export type Echo = 'never' | 'at-once' | 'late';

/** One project's hints, and what its last run leads them to mean. Times are in ms, of one clock. */
export class Lane {
  readonly pending = new Pending();
  timer: ReturnType<typeof setTimeout> | undefined;
  /** A run was asked for that may not have begun. */
  isStarting = false;

  get isBusy(): boolean {
    return this.isStarting || this.#isRunning;
  }

  add(paths: readonly string[], now: number, echo: Echo): void {
    for (const path of paths) {
      if (echo === 'late' && now < this.#echoUntil && this.#written.has(path)) {
        this.#echoes.add(path);
        continue;
      }
      if (echo === 'never') {
        this.#foreign.add(path);
      }
      this.pending.add(path, now);
    }
  }

  /** What a run is to look at; null while all there is has to wait. */
  take(now: number): Scope | null {
    const scope = this.pending.take(now);
    if (!scope) {
      return null;
    }
    // What seemed an echo is looked at too: somebody else may have written in the same moment.
    const only =
      scope.only && this.#isTrusted ? [...new Set([...scope.only, ...this.#echoes])] : null;
    this.#echoes.clear();
    this.#foreign = new Set(scope.busy.filter(path => this.#foreign.has(path)));
    return { ...scope, only };
  }

  began(): void {
    this.#isRunning = true;
  }

  ended(
    outcome: { readonly isTrusted: boolean; readonly written: readonly string[] },
    now: number
  ): void {
    this.#isRunning = false;
    this.#isTrusted = outcome.isTrusted;
    this.#written = new Set(outcome.written);
    this.#echoUntil = now + ECHO;
    const own = outcome.written.filter(path => !this.#foreign.has(path));
    for (const path of this.pending.withdraw(new Set(own))) {
      this.#echoes.add(path);
    }
  }

  /** What a run would build on is not certain: the next looks at everything. */
  distrust(): void {
    this.#isTrusted = false;
  }

  #isRunning = false;
  /** What the last run wrote, and until when a hint of it is taken for an echo. */
  #written: ReadonlySet<string> = new Set();
  #echoUntil = 0;
  readonly #echoes = new Set<string>();
  /** Of what waits, that which surely another wrote. */
  #foreign = new Set<string>();
  #isTrusted = false;
}
