import { Random } from './random';
import { Violation } from './violation';

/** What can befall one request. */
export type Fault =
  | { readonly kind: 'lost-request' }
  | { readonly kind: 'lost-answer' }
  | { readonly kind: 'status'; readonly status: number }
  /** No answer ever comes. */
  | { readonly kind: 'silence' }
  /** The answer's body ends early: the reader is told so, or not. */
  | { readonly kind: 'cut'; readonly told: boolean }
  /** A page of a list comes without its last items. */
  | { readonly kind: 'short-page' }
  /** The page goes away before the request is done, or after. */
  | { readonly kind: 'crash'; readonly after: boolean }
  /** The Jupyter server is killed while it serves the request, and is back at once. */
  | { readonly kind: 'kill' }
  | { readonly kind: 'disk-full'; readonly requests: number }
  /** Ms; of the clock of the request's server. */
  | { readonly kind: 'clock'; readonly shift: number };

/** A page in a browser: what it asks for after it is gone is never answered. */
export interface Page {
  readonly name: string;
  readonly isGone: boolean;
  leave(): void;
}

export interface Request<T> {
  readonly page: Page;
  readonly to: 'jupyter' | 'cloud';
  /** For the trace. */
  readonly label: string;
  /** What the request does, in phases between which others may act; the last one's value is the answer. */
  readonly phases: readonly (() => T | Promise<T>)[];
  /** True for faults that can befall this request. */
  readonly suffers: (fault: Fault) => boolean;
  /** The answer under a fault of its server's own; not called for those that the world sees to. */
  readonly suffer: (fault: Fault) => T | Promise<T>;
  readonly networkError: () => unknown;
}

interface Waiting {
  readonly request: Request<unknown>;
  phase: number;
  settle(outcome: { readonly value: unknown } | { readonly error: unknown }): void;
}

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly run: () => void;
}

/** What is to happen at the world's next requests. */
export interface Script {
  /** Called before each request is served; `count` numbers them. */
  before(count: number): void | Promise<void>;
  /** The fault that befalls this request; null: none. */
  faultFor(count: number, request: Request<unknown>): Fault | null;
}

/** Turns of the event loop after which nothing but time can go on. */
const TURNS = 4;

const QUIET: Script = { before: () => undefined, faultFor: () => null };
const nativeImmediate = setImmediate;

/**
 * All that the engine's pages ask of servers goes through here, one request at a time in an order that follows from a
 * seed, in a time that passes only when something happens.
 */
export class World {
  constructor(seed: number) {
    this.random = new Random(seed);
  }

  readonly random: Random;
  /** Ms since the epoch. */
  now = Date.UTC(2026, 0, 5, 8);
  /** True while the cloud takes no content. */
  isCloudFull = false;
  /** How far the pages' clock is off; ms. */
  pageSkew = 0;
  readonly trace: string[] = [];
  /** Called after each phase of a request, before its answer is known. */
  afterPhase: () => void | Promise<void> = () => undefined;
  /** How many requests were served. */
  served = 0;

  log(line: string): void {
    this.trace.push(line);
  }

  request<T>(request: Request<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (request.page.isGone) {
        return;
      }
      this.#waiting.push({
        request,
        phase: 0,
        settle: outcome => {
          if (!request.page.isGone) {
            if ('error' in outcome) {
              reject(outcome.error as Error);
            } else {
              resolve(outcome.value as T);
            }
          }
        }
      });
    });
  }

  /** Serves requests until all of `goals` have settled. Throws what the script or a check throws. */
  async drive(goals: readonly Promise<unknown>[], script: Script = QUIET): Promise<void> {
    let open = goals.length;
    for (const goal of goals) {
      goal.then(
        () => (open -= 1),
        () => (open -= 1)
      );
    }
    const limit = this.served + 20_000;
    for (;;) {
      // Some of what the engine does takes a few turns of the event loop, and no request.
      for (
        let turn = 0;
        turn < TURNS && open > 0 && (turn === 0 || this.#waiting.length === 0);
        turn += 1
      ) {
        await settled();
      }
      if (open === 0) {
        return;
      }
      if (this.#waiting.length > 0) {
        await this.#serveNext(script);
      } else if (!this.#ring()) {
        throw new Violation('termination', 'a run waits for something that never comes');
      }
      if (this.served > limit) {
        throw new Violation('termination', 'a run goes on and on');
      }
    }
  }

  /** Lets what servers were still doing for pages that are gone come to an end. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#serveNext(QUIET);
      await settled();
    }
    this.#timers.clear();
  }

  readonly setTimeout = (run: () => void, ms = 0): number => {
    this.#lastTimer += 1;
    this.#timers.set(this.#lastTimer, { id: this.#lastTimer, at: this.now + ms, run });
    return this.#lastTimer;
  };

  readonly clearTimeout = (id: unknown): void => {
    this.#timers.delete(id as number);
  };

  /** What goes on at a server ends there, half done; those who asked learn that the connection broke. */
  breakRequests(server: Page): void {
    for (const each of this.#waiting.filter(({ request: { page } }) => page === server)) {
      if (each.request.to === 'jupyter') {
        this.#waiting.splice(this.#waiting.indexOf(each), 1);
        each.settle({ error: each.request.networkError() });
      }
    }
  }

  /** The page goes away: of what it asked for, the servers may have got some. */
  close(page: Page): void {
    page.leave();
    for (const each of this.#waiting.filter(({ request }) => request.page === page)) {
      if (each.phase === 0 && this.random.chance(0.5)) {
        this.#waiting.splice(this.#waiting.indexOf(each), 1);
      }
    }
  }

  async #serveNext(script: Script): Promise<void> {
    const count = this.served;
    this.served += 1;
    await script.before(count);
    if (this.#waiting.length === 0) {
      return;
    }
    const waiting = this.random.pick(this.#waiting);
    this.now += 1 + this.random.below(40);
    const isFresh = waiting.phase === 0 && !waiting.request.page.isGone;
    const fault = isFresh ? script.faultFor(count, waiting.request) : null;
    const { page, label } = waiting.request;
    const phases = waiting.request.phases.length;
    this.log(
      `${count} ${page.name}${page.isGone ? ' (gone)' : ''} ${label}` +
        (phases > 1 ? ` ${waiting.phase + 1}/${phases}` : '') +
        (fault ? ` !! ${JSON.stringify(fault)}` : '')
    );
    await (fault ? this.#befall(waiting, fault) : this.#serve(waiting));
    await this.afterPhase();
  }

  async #serve(waiting: Waiting): Promise<void> {
    const { request, phase } = waiting;
    const perform = request.phases[phase];
    try {
      const value = await perform?.();
      waiting.phase += 1;
      if (waiting.phase >= request.phases.length) {
        this.#end(waiting, { value });
      }
    } catch (error) {
      this.#end(waiting, { error });
    }
  }

  async #befall(waiting: Waiting, fault: Fault): Promise<void> {
    const { request } = waiting;
    switch (fault.kind) {
      case 'lost-request':
        this.#end(waiting, { error: request.networkError() });
        return;
      case 'silence':
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        return;
      case 'lost-answer':
        await this.#finish(request);
        this.#end(waiting, { error: request.networkError() });
        return;
      case 'crash':
        if (fault.after) {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
          await this.#finish(request);
        }
        this.close(request.page);
        return;
      case 'kill':
        await this.#serve(waiting);
        this.breakRequests(request.page);
        return;
      default:
        try {
          this.#end(waiting, { value: await request.suffer(fault) });
        } catch (error) {
          this.#end(waiting, { error });
        }
    }
  }

  async #finish(request: Request<unknown>): Promise<void> {
    try {
      for (const perform of request.phases) {
        await perform();
      }
    } catch (error) {
      if (error instanceof Violation) {
        throw error;
      }
      // The refusal is the answer, which nobody hears.
    }
  }

  #end(waiting: Waiting, outcome: { readonly value: unknown } | { readonly error: unknown }): void {
    const at = this.#waiting.indexOf(waiting);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
    }
    if ('error' in outcome && outcome.error instanceof Violation) {
      throw outcome.error;
    }
    waiting.settle(outcome);
  }

  /** Time goes on to the next timer. */
  #ring(): boolean {
    let next: Timer | null = null;
    for (const timer of this.#timers.values()) {
      if (!next || timer.at < next.at) {
        next = timer;
      }
    }
    if (!next) {
      return false;
    }
    this.#timers.delete(next.id);
    this.now = Math.max(this.now, next.at);
    next.run();
    return true;
  }

  readonly #waiting: Waiting[] = [];
  readonly #timers = new Map<number, Timer>();
  #lastTimer = 0;
}

/** Resolves when all that only waits for promises has gone as far as it goes. */
export function settled(): Promise<void> {
  return new Promise(resolve => nativeImmediate(resolve));
}
