import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** How long a comparison of the clocks holds; ms. */
const LIFETIME = 10 * 60 * 1000;
/** How often a comparison that failed is made again at once. */
const TRIES = 3;
/** The page's clock was set, or the machine slept, where it and a stopwatch differ by more; ms. */
const JUMP = 500;

/**
 * The clock that gives files their time stamps: the Jupyter server's, or where no server runs, the page's own.
 */
export class ServerClock {
  constructor(settings: ServerConnection.ISettings, onRequest: () => void) {
    this.#settings = settings;
    this.#onRequest = onRequest;
  }

  /** Compares the clocks, at the cost of one small request, when that was not done of late. Never fails. */
  async adjust(): Promise<void> {
    if (this.#isAdjusted()) {
      return;
    }
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const told = await this.#ask();
      if (told !== null) {
        const page = Date.now();
        this.#adjusted = { server: told === 'page' ? page : told, page, stopwatch: elapsed() };
        return;
      }
    }
    this.#adjusted = null;
  }

  /** In ms since the epoch, up to a second early: HTTP tells whole seconds. Setting the page's clock does not change it. */
  now(): number {
    const then = this.#adjusted;
    return then ? then.server + elapsed() - then.stopwatch : Date.now();
  }

  #isAdjusted(): boolean {
    if (this.#adjusted === null) {
      return false;
    }
    const { page, stopwatch } = this.#adjusted;
    const passed = elapsed() - stopwatch;
    return passed <= LIFETIME && Math.abs(Date.now() - page - passed) <= JUMP;
  }

  /**
   * The server's time; 'page' when no Jupyter server answers: then the page itself keeps the files, as JupyterLite does.
   * null when that can't be told: a clock that is wrong for long would hide edits.
   */
  async #ask(): Promise<number | 'page' | null> {
    const url = URLExt.join(this.#settings.baseUrl, 'api');
    try {
      this.#onRequest();
      const response = await ServerConnection.makeRequest(
        url,
        { cache: 'no-store' },
        this.#settings
      );
      if (response.status >= 500) {
        return null;
      }
      const answer: unknown = response.ok ? await response.json() : null;
      const date = Date.parse(response.headers.get('Date') ?? '');
      const isJupyter = typeof answer === 'object' && answer !== null && 'version' in answer;
      return isJupyter && !Number.isNaN(date) ? date : 'page';
    } catch {
      // The requests that matter report failures.
      return null;
    }
  }

  readonly #settings: ServerConnection.ISettings;
  readonly #onRequest: () => void;
  /** One moment by three clocks. */
  #adjusted: { readonly server: number; readonly page: number; readonly stopwatch: number } | null =
    null;
}

/** Ms since some moment; nobody sets this clock. */
function elapsed(): number {
  return performance.now();
}
