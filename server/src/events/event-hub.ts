import type { Kysely } from 'kysely';

import { EventsClose } from '../../../src/cloud/schemas';
import type { Listen } from '../database/open';
import type { Database } from '../database/tables';
import { CHANNEL, Notice } from './announce';
import { audienceOf, goodKeys } from './audience';
import { Connection, type Socket } from './connection';
import type { TicketHolder } from './ticket-store';

/** Of notices that wait for the database: more than these, and everybody has to ask for changes. */
const MAX_QUEUED = 10_000;

/** A websocket's registered codes: the server goes away; it failed. */
const GOING_AWAY = 1001;
const FAILED = 1011;

/**
 * Hears what any server process changed, and tells those clients of this one that may know.
 *
 * #### Notes
 * Who may know is asked of the database for each event just before it is sent. When that can't be asked, or something may
 * have been missed, the sockets are closed: clients ask for changes after they connect again.
 */
export class EventHub {
  readonly #db: Kysely<Database>;
  readonly #maxSockets: number;
  readonly #connections = new Set<Connection>();
  readonly #queue: Delivery[] = [];
  readonly #timer: NodeJS.Timeout;
  #stopListening: (() => Promise<void>) | null = null;
  #isBusy = false;
  #isClosed = false;
  /** Changes are made that this process is not told of. */
  #isDeaf = false;

  private constructor(db: Kysely<Database>, { pingInterval, maxSockets }: EventHub.Options) {
    this.#db = db;
    this.#maxSockets = maxSockets;
    this.#timer = setInterval(() => void this.round(), pingInterval);
    this.#timer.unref();
  }

  /** Listens from when it resolves. */
  static async open(
    db: Kysely<Database>,
    listen: Listen,
    options: EventHub.Options
  ): Promise<EventHub> {
    const hub = new EventHub(db, options);
    hub.#stopListening = await listen(CHANNEL, {
      hear: payload => hub.#hear(payload),
      lost: () => hub.#lose(),
      restored: () => {
        hub.#isDeaf = false;
      }
    });
    return hub;
  }

  /** Why nobody may connect now; null: they may. */
  get obstacle(): string | null {
    if (this.#isClosed) {
      return 'The server stops.';
    }
    return this.#isDeaf ? 'The server is not told of changes for the moment.' : null;
  }

  /** Clients that listen here. */
  get size(): number {
    return this.#connections.size;
  }

  hasRoomFor(userId: string): boolean {
    const theirs = [...this.#connections].filter(({ holder }) => holder.userId === userId);
    return theirs.length < this.#maxSockets;
  }

  /** The socket has to say when its client answers (`heard`), and when it is closed (`remove`). */
  add(socket: Socket, holder: TicketHolder): Connection {
    const connection = new Connection(socket, holder, (slow, notices) =>
      this.#enqueue(...notices.map(notice => ({ notice, to: [slow] })))
    );
    this.#connections.add(connection);
    return connection;
  }

  remove(connection: Connection): void {
    connection.ended();
    this.#connections.delete(connection);
  }

  /** What is done at each interval: cuts off who did not answer the last ping, pings the others, and looks at their keys. */
  async round(): Promise<void> {
    for (const connection of this.#connections) {
      connection.ping();
    }
    try {
      await this.#checkKeys();
    } catch (error) {
      this.#fail('check keys', error);
    }
  }

  /** Tells the clients to go, and takes none any more. */
  disconnect(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#closeAll(GOING_AWAY, 'The server stops.');
  }

  /** Hears no more. Safe twice. */
  async close(): Promise<void> {
    this.disconnect();
    const stop = this.#stopListening;
    this.#stopListening = null;
    await stop?.();
  }

  #hear(payload: string): void {
    if (this.#connections.size === 0) {
      return;
    }
    try {
      this.#enqueue({ notice: Notice.parse(JSON.parse(payload)), to: null });
    } catch (error) {
      this.#fail('hear', error);
    }
  }

  #lose(): void {
    this.#isDeaf = true;
    this.#sendAway();
  }

  #enqueue(...deliveries: readonly Delivery[]): void {
    if (this.#isClosed) {
      return;
    }
    if (this.#queue.length + deliveries.length > MAX_QUEUED) {
      this.#fail('keep up', new Error(`More than ${MAX_QUEUED} events wait to be told.`));
      return;
    }
    this.#queue.push(...deliveries);
    if (!this.#isBusy) {
      this.#isBusy = true;
      void this.#work();
    }
  }

  async #work(): Promise<void> {
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        await this.#deliver(next);
      }
    } catch (error) {
      this.#fail('tell', error);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Takes what a later notice of the same change makes needless with it. */
  #next(): Delivery | undefined {
    let next = this.#queue.shift();
    while (next && isSuperseded(next, this.#queue[0])) {
      next = this.#queue.shift();
    }
    return next;
  }

  async #deliver({ notice, to }: Delivery): Promise<void> {
    const keys = new Set([...(to ?? this.#connections)].map(({ holder }) => holder.keyId));
    if (keys.size === 0) {
      return;
    }
    const audience = await audienceOf(this.#db, notice, [...keys]);
    // Those who connected while the database was asked, with a key that was asked for, may be told as well.
    for (const connection of to ?? this.#connections) {
      if (audience.has(connection.holder.keyId)) {
        connection.tell(notice);
      }
    }
  }

  async #checkKeys(): Promise<void> {
    const connections = [...this.#connections];
    if (connections.length === 0) {
      return;
    }
    const keys = new Set(connections.map(({ holder }) => holder.keyId));
    const good = await goodKeys(this.#db, [...keys]);
    for (const connection of connections) {
      if (!good.has(connection.holder.keyId)) {
        connection.close(EventsClose.keyRefused, 'The API key is not good any more: sign in.');
      }
    }
  }

  #fail(what: string, error: unknown): void {
    if (!this.#isClosed) {
      console.error(`${new Date().toISOString()} events: could not ${what}:`, error);
    }
    this.#sendAway();
  }

  #sendAway(): void {
    this.#queue.length = 0;
    this.#closeAll(FAILED, 'Something may not have been told: connect again.');
  }

  #closeAll(code: number, reason: string): void {
    for (const connection of this.#connections) {
      connection.close(code, reason);
    }
  }
}

export namespace EventHub {
  export interface Options {
    /** ms. */
    readonly pingInterval: number;
    /** Of one user. */
    readonly maxSockets: number;
  }
}

/** To whom a notice may go; null: to all that are connected. */
interface Delivery {
  readonly notice: Notice;
  readonly to: readonly Connection[] | null;
}

/** True where the next one tells all that this one does: a project that changed again. */
function isSuperseded(delivery: Delivery, next: Delivery | undefined): boolean {
  const [earlier, later] = [delivery.notice.event, next?.notice.event];
  return (
    next?.to === null &&
    earlier.type === 'project.changed' &&
    later?.type === 'project.changed' &&
    earlier.project_id === later.project_id &&
    (later.revision ?? 0) >= (earlier.revision ?? 0)
  );
}
