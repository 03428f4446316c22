import { createHash, randomBytes } from 'node:crypto';

import { type Kysely, sql } from 'kysely';

import { authRequired } from '../accounts/account-store';
import type { Database } from '../database/tables';

/** Who came with a ticket. */
export interface TicketHolder {
  readonly userId: string;
  /** The API key that the ticket was asked for with. */
  readonly keyId: string;
}

/**
 * Tickets for the events socket: a page can give its websocket no key but in the URL, where a key must not be.
 *
 * #### Notes
 * They are in the database, so that any server process takes what another one gave.
 */
export class TicketStore {
  readonly #db: Kysely<Database>;
  readonly #lifetime: number;

  /** @param lifetime - ms. */
  constructor(db: Kysely<Database>, lifetime: number) {
    this.#db = db;
    this.#lifetime = lifetime;
  }

  /** Answers the ticket, which can't be read again. Those that were never used go. */
  async issue(keyId: string): Promise<string> {
    const ticket = randomBytes(32).toString('base64url');
    await this.#db
      .deleteFrom('event_tickets')
      .where('expires_at', '<=', sql<Date>`now()`)
      .execute();
    await this.#db
      .insertInto('event_tickets')
      .values({
        hash: hashOf(ticket),
        key_id: keyId,
        expires_at: sql<Date>`now() + ${this.#lifetime} * interval '1 millisecond'`
      })
      .execute();
    return ticket;
  }

  /** Whose ticket this is: told once. Throws 401 where it is nobody's, was used, or is too old. */
  async redeem(ticket: string): Promise<TicketHolder> {
    const { rows } = await sql<TicketHolder & { fresh: boolean }>`
      delete from event_tickets using api_keys
      where event_tickets.hash = ${hashOf(ticket)} and api_keys.id = event_tickets.key_id
      returning
        api_keys.id as "keyId",
        api_keys.user_id as "userId",
        event_tickets.expires_at > now()
          and api_keys.revoked_at is null
          and (api_keys.expires_at is null or api_keys.expires_at > now()) as fresh
    `.execute(this.#db);
    const [row] = rows;
    if (!row?.fresh) {
      throw authRequired(
        'This ticket is not known, was used, or is too old: ask for one.',
        'ticket'
      );
    }
    return { userId: row.userId, keyId: row.keyId };
  }
}

/** What is stored. A plain hash suffices: there is nothing to guess in 256 random bits. */
function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}
