import { once } from 'node:events';

import { type ClientOptions, WebSocket } from 'ws';

import { EventTicket, ProjectEvent } from '../../src/cloud/schemas';

/** A client of the events socket, which keeps what it is told. */
export class EventSocket {
  readonly told: ProjectEvent[] = [];
  /** Resolves with the code of its close. */
  readonly closed: Promise<number>;

  constructor(readonly socket: WebSocket) {
    socket.on('message', data => {
      this.told.push(ProjectEvent.parse(JSON.parse((data as Buffer).toString())));
      this.#wake();
    });
    socket.on('error', () => this.#wake());
    this.closed = new Promise(resolve => socket.on('close', resolve));
  }

  /** Resolves when it is connected. */
  static async open(
    base: string,
    ticket: string,
    options: ClientOptions = {}
  ): Promise<EventSocket> {
    const opened = new EventSocket(new WebSocket(socketUrl(base, ticket), options));
    await once(opened.socket, 'open');
    return opened;
  }

  /** Resolves with the next message not taken yet. */
  async next(): Promise<ProjectEvent> {
    while (this.told.length === 0) {
      await new Promise<void>(resolve => (this.#wake = resolve));
    }
    const [event] = this.told.splice(0, 1);
    if (!event) {
      throw new Error('Another one took it.');
    }
    return event;
  }

  close(): void {
    this.socket.terminate();
  }

  #wake: () => void = () => undefined;
}

/** The status that an upgrade is refused with; 101 where it is not. */
export async function upgradeStatus(
  base: string,
  ticket: string,
  options: ClientOptions = {}
): Promise<number | undefined> {
  const socket = new WebSocket(socketUrl(base, ticket), options);
  socket.on('error', () => undefined);
  return new Promise(resolve => {
    socket.once('unexpected-response', (request, answer) => {
      resolve(answer.statusCode);
      request.destroy();
    });
    socket.once('open', () => {
      resolve(101);
      socket.terminate();
    });
  });
}

export async function ticketFrom(base: string, key: string): Promise<string> {
  const answer = await fetch(`${base}/events/tickets`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` }
  });
  return EventTicket.parse(await answer.json()).ticket;
}

function socketUrl(base: string, ticket: string): string {
  return `${base.replace(/^http/, 'ws')}/events?ticket=${encodeURIComponent(ticket)}`;
}
