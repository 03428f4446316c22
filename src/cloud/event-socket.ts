import { sleep } from './backoff';
import { ProjectEvent } from './schemas';

/** Characters of a message that is read. */
const MAX_MESSAGE = 4096;

/** What is needed of a websocket. */
export interface EventSocket {
  addEventListener(
    type: 'open' | 'message' | 'error' | 'close',
    listener: (event: { readonly type: string; readonly data?: unknown }) => void
  ): void;
  close(): void;
}

export interface ListenOptions {
  /** Default: the browser's. */
  readonly webSocket?: (url: string) => EventSocket;
  /** Ms. */
  readonly sleep?: typeof sleep;
  /** How long it may take to open, in ms. Default 20,000. */
  readonly openTimeout?: number;
  readonly onOpen: () => void;
  readonly onMessage: (data: unknown) => void;
}

/**
 * Opens a websocket; resolves when it is closed, by whomever, or could not be opened.
 *
 * #### Notes
 * It never rejects: what a failing websocket tells holds its URL, and that is a secret.
 *
 * @param signal - closes it; nothing is called after that.
 */
export function listenTo(url: string, signal: AbortSignal, options: ListenOptions): Promise<void> {
  const { onOpen, onMessage, openTimeout = 20_000 } = options;
  const socket = signal.aborted ? null : opened(url, options.webSocket);
  if (!socket) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const opening = new AbortController();
    let isOver = false;
    const finish = () => {
      if (!isOver) {
        isOver = true;
        opening.abort();
        signal.removeEventListener('abort', finish);
        socket.close();
        resolve();
      }
    };
    signal.addEventListener('abort', finish);
    socket.addEventListener('error', finish);
    socket.addEventListener('close', finish);
    socket.addEventListener('open', () => {
      if (!isOver) {
        opening.abort();
        onOpen();
      }
    });
    socket.addEventListener('message', ({ data }) => {
      if (!isOver) {
        onMessage(data);
      }
    });
    // Aborted: it did open, or it is over.
    (options.sleep ?? sleep)(openTimeout, opening.signal).then(finish, () => undefined);
  });
}

/** null where the browser refuses to try, as it does on an https page for an address without TLS. */
function opened(
  url: string,
  webSocket: (url: string) => EventSocket = address => new WebSocket(address)
): EventSocket | null {
  try {
    return webSocket(url);
  } catch {
    return null;
  }
}

/** Where events come from: a secret, as it holds the ticket. */
export function socketUrl(baseUrl: string, ticket: string): string {
  const url = new URL(`${baseUrl}/events`);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('ticket', ticket);
  return url.href;
}

/** null for what is no event that is known. */
export function parseEvent(data: unknown): ProjectEvent | null {
  if (typeof data !== 'string' || data.length > MAX_MESSAGE) {
    return null;
  }
  try {
    return ProjectEvent.safeParse(JSON.parse(data)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}
