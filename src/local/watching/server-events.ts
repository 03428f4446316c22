import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { trans } from '../../sync/words';

const CONTENTS_EVENTS = 'https://events.jupyter.org/jupyter_server/contents_service/v1';
/** A look at a file or a listing: one for each child, thousands while a tree is scanned. */
const LOOKS = /"action":\s*"get"/;
/** The pauses before the connection is tried again, in ms. */
const RECONNECT = { interval: 1000, backoff: true, max: 5 * 60 * 1000 };

/**
 * What the Jupyter server tells of changes that any client makes through its contents API.
 *
 * #### Notes
 * What a terminal, a kernel or git changes is not told. Nothing is told again: whoever listens looks at everything after
 * `connected`. A server that refuses the connection is asked ever more rarely.
 */
export class ServerEvents implements IDisposable {
  constructor(options: ServerEvents.IOptions) {
    this.#settings = options.serverSettings;
    this.#poll = new Poll<void, unknown, 'server-events'>({
      name: 'jupyterlab-projects:server-events',
      auto: false,
      standby: 'when-hidden',
      frequency: RECONNECT,
      factory: () => this.#listen()
    });
  }

  /** Fires with paths that changed, relative to the Jupyter root. */
  get changed(): ISignal<this, readonly string[]> {
    return this.#changed;
  }

  /** Fires when the server listens again: anything may have been missed. */
  get connected(): ISignal<this, void> {
    return this.#connected;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === 1;
  }

  async start(): Promise<void> {
    await this.#poll.start();
  }

  async stop(): Promise<void> {
    const stopped = this.#poll.stop();
    this.#close();
    await stopped;
  }

  get isDisposed(): boolean {
    return this.#poll.isDisposed;
  }

  dispose(): void {
    this.#poll.dispose();
    this.#close();
    Signal.clearData(this);
  }

  /** Ends, by a rejection, when the connection does. */
  #listen(): Promise<never> {
    const { WebSocket, wsUrl, token, appendToken } = this.#settings;
    const query = appendToken && token !== '' ? `?token=${encodeURIComponent(token)}` : '';
    const socket = new WebSocket(URLExt.join(wsUrl, 'api/events/subscribe') + query);
    this.#socket = socket;
    return new Promise((_, reject) => {
      socket.onopen = () => this.#connected.emit();
      socket.onmessage = ({ data }: MessageEvent) => this.#take(data);
      // The close that follows says it.
      socket.onerror = () => undefined;
      socket.onclose = () => {
        if (this.#socket === socket) {
          this.#socket = null;
        }
        reject(
          new Error(trans.__('The connection to the events of the Jupyter server has ended.'))
        );
      };
    });
  }

  #take(data: unknown): void {
    if (typeof data !== 'string' || LOOKS.test(data)) {
      return;
    }
    const paths = changedPaths(data);
    if (paths.length > 0) {
      this.#changed.emit(paths);
    }
  }

  #close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  readonly #settings: ServerConnection.ISettings;
  readonly #poll: Poll<void, unknown, 'server-events'>;
  readonly #changed = new Signal<this, readonly string[]>(this);
  readonly #connected = new Signal<this, void>(this);
  #socket: WebSocket | null = null;
}

export namespace ServerEvents {
  export interface IOptions {
    readonly serverSettings: ServerConnection.ISettings;
  }
}

/** Nothing for what is no event of the contents: the server tells of much else. */
function changedPaths(text: string): string[] {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isRecord(event) || event['schema_id'] !== CONTENTS_EVENTS) {
    return [];
  }
  return [event['path'], event['source_path']]
    .filter(path => typeof path === 'string')
    .map(path => path.replace(/^\/+/, ''))
    .filter(path => path !== '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
