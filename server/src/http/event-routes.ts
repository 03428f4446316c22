import { EventTicket, ProjectEvent } from '../../../src/cloud/schemas';
import { Refusal } from '../errors';
import type { Services } from '../services';
import { json } from './answer';
import { EventsQuery } from './queries';
import type { Router } from './router';
import { BASE_PATH } from './target';

/** The extension *events*, but for the websocket itself, which is no request to this router. */
export function addEventRoutes(router: Router, { tickets, options }: Services): void {
  router.add(
    {
      method: 'post',
      path: `${BASE_PATH}/events/tickets`,
      feature: 'events',
      summary: 'A ticket for the websocket of events: good for one connection, and for a moment.',
      status: 200,
      answer: EventTicket
    },
    async ({ actor }) =>
      json({
        ticket: await tickets.issue(actor.keyId),
        expires_in: options.ticketLifetime / 1000
      })
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/events`,
      feature: 'events',
      summary: 'A websocket that tells at once what changes in the projects that you can see.',
      anonymous: true,
      query: EventsQuery,
      status: 101,
      answer: { messages: ProjectEvent }
    },
    () => {
      throw new Refusal(
        426,
        'upgrade_required',
        'This is a websocket: connect to it as one.',
        {},
        { Upgrade: 'websocket' }
      );
    }
  );
}
