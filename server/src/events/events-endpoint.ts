import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocketServer } from 'ws';

import { Refusal, notFound } from '../errors';
import type { Cors } from '../http/cors';
import { answerError } from '../http/error-answer';
import { BASE_PATH } from '../http/target';
import type { EventHub } from './event-hub';
import type { TicketHolder, TicketStore } from './ticket-store';
import { withoutUpgrade } from './without-upgrade';

/** Of a message from a client, in bytes; what they send is not read. */
const MAX_PAYLOAD = 1024;

/**
 * The websocket of the extension *events*: lets those in who bring a ticket.
 *
 * #### Notes
 * The URL holds a ticket: it never gets into the log.
 */
export class EventsEndpoint {
  readonly hub: EventHub;
  readonly #tickets: TicketStore;
  readonly #cors: Cors;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_PAYLOAD
  });

  constructor(hub: EventHub, tickets: TicketStore, cors: Cors) {
    this.hub = hub;
    this.#tickets = tickets;
    this.#cors = cors;
  }

  /** Takes the upgrades of a server. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        withoutUpgrade(server, request, socket, head);
        return;
      }
      const drop = () => socket.destroy();
      socket.on('error', drop);
      this.#admit(request)
        .then(holder => {
          this.#checkRoom(holder);
          socket.off('error', drop);
          this.#welcome(request, socket, head, holder);
        })
        .catch((error: unknown) => refuse(socket, error));
    });
  }

  async #admit({ method, url = '', headers }: IncomingMessage): Promise<TicketHolder> {
    const [path = '', query = ''] = url.replace(/^https?:\/\/[^/]*/, '').split('?', 2);
    if (method !== 'GET' || path.replace(/\/$/, '') !== `${BASE_PATH}/events`) {
      throw notFound('The websocket');
    }
    if (headers.origin !== undefined && !this.#cors.allows(headers.origin)) {
      throw new Refusal(403, 'forbidden', 'Pages of this origin may not call the API.');
    }
    return this.#tickets.redeem(new URLSearchParams(query).get('ticket') ?? '');
  }

  #checkRoom({ userId }: TicketHolder): void {
    const { obstacle } = this.hub;
    if (obstacle !== null) {
      throw new Refusal(503, 'unavailable', obstacle);
    }
    if (!this.hub.hasRoomFor(userId)) {
      throw new Refusal(429, 'too_many', 'You listen in too many places at once.');
    }
  }

  #welcome(request: IncomingMessage, socket: Duplex, head: Buffer, holder: TicketHolder): void {
    this.#sockets.handleUpgrade(request, socket, head, client => {
      const connection = this.hub.add(client, holder);
      client.on('pong', () => connection.heard());
      client.on('message', () => connection.heard());
      client.on('close', () => this.hub.remove(connection));
      // What breaks the protocol, or the line: `close` follows.
      client.on('error', () => client.terminate());
    });
  }
}

/** Answers as any call of the API is answered, on a socket that is no one's yet. */
function refuse(socket: Duplex, error: unknown): void {
  const answer = answerError(error, `GET ${BASE_PATH}/events`);
  answer.text().then(
    body => {
      const headers = new Headers(answer.headers);
      headers.set('Connection', 'close');
      headers.set('Content-Length', String(Buffer.byteLength(body)));
      const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${answer.status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    },
    () => socket.destroy()
  );
}
