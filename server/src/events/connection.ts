import { EventsClose } from '../../../src/cloud/schemas';
import type { Notice } from './announce';
import type { TicketHolder } from './ticket-store';

/** What a connection needs of a websocket. */
export interface Socket {
  /** Bytes that were sent and did not leave this process yet. */
  readonly bufferedAmount: number;
  /** @param onSent - called when it left this process, or with an error where it never will. */
  send(text: string, onSent: (error?: Error | null) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** From this many unsent bytes on nothing more is sent. */
const MAX_BUFFERED = 64 * 1024;

/** Of notices that wait for a slow client, one a project and type. */
const MAX_WAITING = 500;

/** How long a client has to answer that a socket closes; ms. */
const FAREWELL = 2000;

/**
 * One client that listens. What it is slow to read is bounded: notices of one project become one, and when too many
 * are left it is closed, so that it comes back and asks for changes.
 */
export class Connection {
  readonly holder: TicketHolder;
  readonly #socket: Socket;
  readonly #resume: (connection: Connection, notices: readonly Notice[]) => void;
  readonly #waiting = new Map<string, Notice>();
  #isAlive = true;
  #isClosed = false;
  #farewell: NodeJS.Timeout | undefined;

  /**
   * @param resume - called with notices that waited and that there is room for now: whether their holder may know of them
   * has to be asked again.
   */
  constructor(
    socket: Socket,
    holder: TicketHolder,
    resume: (connection: Connection, notices: readonly Notice[]) => void
  ) {
    this.#socket = socket;
    this.holder = holder;
    this.#resume = resume;
  }

  /** Sends the event, or keeps its notice where the client is slow. The holder must have been found to be let know. */
  tell(notice: Notice): void {
    if (this.#isClosed) {
      return;
    }
    if (this.#waiting.size === 0 && this.#socket.bufferedAmount < MAX_BUFFERED) {
      this.#socket.send(JSON.stringify(notice.event), error => {
        if (!error) {
          this.#makeUseOfRoom();
        }
      });
      return;
    }
    const { key, merged } = this.#mergedWithWaiting(notice);
    this.#waiting.set(key, merged);
    if (this.#waiting.size > MAX_WAITING) {
      this.close(EventsClose.tooSlow, 'You read too slowly: connect again and ask for changes.');
    }
  }

  /** It answered, so it lives. */
  heard(): void {
    this.#isAlive = true;
  }

  /** Cuts it off where it did not answer the last one. */
  ping(): void {
    if (this.#isClosed) {
      return;
    }
    if (!this.#isAlive) {
      this.#isClosed = true;
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  /** Safe twice. */
  close(code: number, reason: string): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#waiting.clear();
    this.#socket.close(code, reason);
    this.#farewell = setTimeout(() => this.#socket.terminate(), FAREWELL);
    this.#farewell.unref();
  }

  /** The socket is closed for good. */
  ended(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    clearTimeout(this.#farewell);
  }

  #makeUseOfRoom(): void {
    if (this.#waiting.size > 0 && this.#socket.bufferedAmount < MAX_BUFFERED / 2) {
      const notices = [...this.#waiting.values()];
      this.#waiting.clear();
      this.#resume(this, notices);
    }
  }

  #mergedWithWaiting(notice: Notice): { key: string; merged: Notice } {
    const { type, project_id } = notice.event;
    const key = `${type} ${project_id}`;
    const earlier = this.#waiting.get(key);
    const revision = Math.max(notice.event.revision ?? 0, earlier?.event.revision ?? 0);
    // They all were for this holder: whom the last one names beside suffices for asking again.
    const also = notice.also.length > 0 ? notice.also : (earlier?.also ?? []);
    const event = type === 'project.changed' ? { ...notice.event, revision } : notice.event;
    return { key, merged: { event, also } };
  }
}
