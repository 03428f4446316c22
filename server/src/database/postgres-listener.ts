import { setTimeout as sleep } from 'node:timers/promises';

import { Client, type ClientConfig } from 'pg';

import type { Listener } from './open';

/** Between two proofs that the connection lives, and how long one may take; ms. */
const HEARTBEAT = 30_000;
const PATIENCE = 10_000;

/** After a failed attempt to connect again the first wait, which doubles, and the longest; ms. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 10_000;

/**
 * A connection of its own that listens to a channel, and is made anew when it breaks.
 *
 * #### Notes
 * What is notified while there is none is lost: the listener is told before and after. A connection may break without a word, so it is
 * asked now and then whether it lives.
 */
export class PostgresListener {
  readonly #config: ClientConfig;
  readonly #channel: string;
  readonly #listener: Listener;
  readonly #closing = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #client: Client | null = null;

  private constructor(
    config: ClientConfig,
    channel: string,
    listener: Listener,
    heartbeat: number,
    patience: number
  ) {
    this.#config = { ...config, keepAlive: true, query_timeout: patience };
    this.#channel = channel;
    this.#listener = listener;
    this.#timer = setInterval(() => this.#beat(), heartbeat);
    this.#timer.unref();
  }

  /** Listens from when it resolves; rejects where it can't connect this first time. */
  static async open(
    config: ClientConfig,
    channel: string,
    listener: Listener,
    { heartbeat = HEARTBEAT, patience = PATIENCE } = {}
  ): Promise<PostgresListener> {
    const opened = new PostgresListener(config, channel, listener, heartbeat, patience);
    try {
      opened.#client = await opened.#connect();
    } catch (error) {
      clearInterval(opened.#timer);
      throw error;
    }
    return opened;
  }

  /** Safe twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  async #connect(): Promise<Client> {
    const client = new Client(this.#config);
    client.on('error', error => this.#drop(client, error));
    client.on('end', () => this.#drop(client, new Error('The connection ended.')));
    client.on('notification', ({ payload }) => this.#listener.hear(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(this.#channel)}`);
      return client;
    } catch (error) {
      endQuietly(client);
      throw error;
    }
  }

  #beat(): void {
    const client = this.#client;
    client?.query('select 1').catch((error: unknown) => this.#drop(client, error));
  }

  #drop(client: Client, error: unknown): void {
    if (this.#client !== client) {
      return;
    }
    this.#client = null;
    console.error(`${new Date().toISOString()} events: the database's connection broke:`, error);
    endQuietly(client);
    this.#listener.lost();
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        const client = await this.#connect();
        if (signal.aborted) {
          endQuietly(client);
          return;
        }
        this.#client = client;
        this.#listener.restored();
        return;
      } catch (error) {
        console.error(`${new Date().toISOString()} events: can't listen yet:`, error);
        // It rejects when it is to end, which the loop asks for.
        await sleep(wait, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }
}

/** For a connection that is given up: an error in ending it leaves nothing to act on. */
function endQuietly(client: Client): void {
  client.end().catch(() => undefined);
}
