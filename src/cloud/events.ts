import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Backoff } from './backoff';
import { delayBefore, sleep } from './backoff';
import type { CloudClient } from './client';
import { CloudError } from './errors';
import type { EventSocket } from './event-socket';
import { listenTo, parseEvent, socketUrl } from './event-socket';
import type { ProjectEvent } from './schemas';

/** Tries without end, at most about a minute apart; a cloud may ask for more. */
const BACKOFF: Backoff = { tries: Infinity, first: 1000, cap: 60_000, patience: Infinity };

/** The longest wait that a cloud may ask for, in ms. */
const MAX_ASKED_WAIT = 600_000;

/** A connection that lasted so long was good: the next failure is the first; ms. */
const STABLE = 30_000;

/** A connection on which nothing came for so long may be dead, or never come to be; ms. */
const SUSPECT_AFTER = { visible: 60_000, online: 2000 } as const;

/**
 * Hears from the cloud at once when something changes in the projects that the person can see.
 *
 * #### Notes
 * What it tells are hints. Each time `connected` fires, changes may have been missed before: ask the cloud for them.
 *
 * A browser shows no pings to a page, and the wire has no message that says nothing. So a line that died without a word (a laptop
 * that slept, a network that was changed) is noticed in two ways: the server, which pings, cuts its end off, and the page
 * calls `wake` when it comes online or is looked at again. What is left, a line that dies under a page that stays visible
 * and online, is found by the owner's slow poll.
 *
 * @example
 * const events = new CloudEvents({ client });
 * events.connected.connect(() => syncAll());
 * events.changed.connect((_, { projectId }) => sync(projectId));
 * window.addEventListener('online', () => events.wake('online'));
 * events.start();
 */
export class CloudEvents implements IDisposable {
  constructor(options: CloudEvents.IOptions) {
    this.#client = options.client;
    this.#webSocket = options.webSocket;
    this.#sleep = options.sleep ?? sleep;
    this.#random = options.random ?? Math.random;
    this.#now = options.now ?? Date.now;
  }

  /** Fires for each event. */
  get changed(): ISignal<this, CloudEvents.IChange> {
    return this.#changed;
  }

  /** Fires after each connect and reconnect, before any event of that connection. */
  get connected(): ISignal<this, void> {
    return this.#connected;
  }

  /** Fires with the new state. */
  get stateChanged(): ISignal<this, CloudEvents.State> {
    return this.#stateChanged;
  }

  get state(): CloudEvents.State {
    return this.#state;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Connects, and stays connected; where it does already, nothing. To be called again after a sign-in. */
  start(): void {
    if (this.#isDisposed || this.#running) {
      return;
    }
    const running = new AbortController();
    this.#running = running;
    void this.#run(running.signal);
  }

  /** Closes the connection, and makes no other. Safe twice. */
  stop(): void {
    this.#end('off');
  }

  /**
   * Ends a wait for the next try; and a connection that may be dead, to make another.
   *
   * @param why - `online`: the network is back, or is another one; `visible`: the page is looked at again.
   */
  wake(why: 'online' | 'visible'): void {
    if (this.#state === 'waiting' || this.#now() - this.#lastHeard >= SUSPECT_AFTER[why]) {
      this.#phase?.abort();
    }
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.stop();
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      for (let failures = 0; !signal.aborted;) {
        this.#lastHeard = this.#now();
        this.#setState('connecting');
        const outcome = await this.#interruptible(signal, phase => this.#session(phase));
        if (signal.aborted) {
          return;
        }
        if (outcome === null) {
          continue;
        }
        if (typeof outcome === 'string') {
          this.#end(outcome);
          return;
        }
        failures = outcome.wasOpenFor >= STABLE ? 1 : failures + 1;
        const { retryAfter } = outcome;
        const delay = delayBefore(failures + 1, retryAfter, this.#random(), BACKOFF);
        this.#setState('waiting');
        await this.#interruptible(signal, phase => this.#sleep(delay ?? BACKOFF.cap, phase));
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#end('off');
        throw error;
      }
    }
  }

  /** One connection, from asking for a ticket to its end; or why there was none. */
  async #session(phase: AbortSignal): Promise<Outcome> {
    try {
      const capabilities = await this.#client.capabilities(phase);
      if (!capabilities?.features.includes('events')) {
        return 'unsupported';
      }
      const { ticket } = await this.#client.eventTicket(phase);
      return { wasOpenFor: await this.#listen(ticket, phase), retryAfter: null };
    } catch (error) {
      if (!(error instanceof CloudError)) {
        throw error;
      }
      if (error.code === 'signed-out') {
        return 'off';
      }
      if (error.status === 404 || error.status === 405) {
        return 'unsupported';
      }
      const asked = error.retryAfter;
      return {
        wasOpenFor: 0,
        retryAfter: asked === null ? null : Math.min(asked, MAX_ASKED_WAIT)
      };
    }
  }

  /** How long the connection was open, in ms; 0 when it never was. */
  async #listen(ticket: string, phase: AbortSignal): Promise<number> {
    let openedAt: number | null = null;
    await listenTo(socketUrl(this.#client.baseUrl, ticket), phase, {
      webSocket: this.#webSocket,
      sleep: this.#sleep,
      onOpen: () => {
        openedAt = this.#lastHeard = this.#now();
        this.#setState('open');
        this.#connected.emit();
      },
      onMessage: data => this.#hear(data)
    });
    return openedAt === null ? 0 : this.#now() - openedAt;
  }

  /** Does what `wake` may end, and `stop`; answers null where one of them did. */
  async #interruptible<T>(
    signal: AbortSignal,
    work: (phase: AbortSignal) => Promise<T>
  ): Promise<T | null> {
    const phase = new AbortController();
    const abort = () => phase.abort();
    signal.addEventListener('abort', abort);
    if (signal.aborted) {
      abort();
    }
    this.#phase = phase;
    try {
      const done = await work(phase.signal);
      return phase.signal.aborted ? null : done;
    } catch (error) {
      if (phase.signal.aborted) {
        return null;
      }
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      if (this.#phase === phase) {
        this.#phase = null;
      }
    }
  }

  #hear(data: unknown): void {
    this.#lastHeard = this.#now();
    const event = parseEvent(data);
    if (event) {
      const { type, project_id: projectId, revision } = event;
      this.#changed.emit(revision == null ? { type, projectId } : { type, projectId, revision });
    }
  }

  #end(state: 'off' | 'unsupported'): void {
    const running = this.#running;
    this.#running = null;
    running?.abort();
    this.#setState(state);
  }

  #setState(state: CloudEvents.State): void {
    if (this.#state !== state && !this.#isDisposed) {
      this.#state = state;
      this.#stateChanged.emit(state);
    }
  }

  readonly #client: CloudEvents.IClient;
  readonly #webSocket: ((url: string) => EventSocket) | undefined;
  readonly #sleep: typeof sleep;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #changed = new Signal<this, CloudEvents.IChange>(this);
  readonly #connected = new Signal<this, void>(this);
  readonly #stateChanged = new Signal<this, CloudEvents.State>(this);
  #state: CloudEvents.State = 'off';
  /** Aborts on `stop`. */
  #running: AbortController | null = null;
  /** Aborts the connection, the making of it, or the wait for the next. */
  #phase: AbortController | null = null;
  #lastHeard = 0;
  #isDisposed = false;
}

export namespace CloudEvents {
  /**
   * - `off`: not started, stopped, or the key was not accepted: `start` it after a sign-in.
   * - `waiting`: for the next try.
   * - `unsupported`: this cloud tells no events; `start` asks it again.
   */
  export type State = 'off' | 'connecting' | 'open' | 'waiting' | 'unsupported';

  export interface IChange {
    readonly type: ProjectEvent['type'];
    readonly projectId: string;
    /** The project's, after the change; where the cloud told it. */
    readonly revision?: number;
  }

  export type IClient = Pick<CloudClient, 'baseUrl' | 'capabilities' | 'eventTicket'>;

  export interface IOptions {
    readonly client: IClient;
    /** Opens a websocket. Default: the browser's. */
    readonly webSocket?: (url: string) => EventSocket;
    /** Ms. */
    readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
    /** In [0, 1). */
    readonly random?: () => number;
    /** Ms since a fixed moment, the machine's sleep included. Default: the clock. */
    readonly now?: () => number;
  }
}

type Outcome = IEnded | 'off' | 'unsupported';

/** A connection that ended, or failed to be made. */
interface IEnded {
  /** Ms. */
  readonly wasOpenFor: number;
  /** As the cloud asked, in ms; null when it did not. */
  readonly retryAfter: number | null;
}
