import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** How long a comparison of the clocks holds; ms. */
const LIFETIME = 10 * 60 * 1000;
/** How often a comparison that failed is made again at once. */
const TRIES = 3;

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
    if (this.#adjusted === null || Math.abs(Date.now() - this.#adjusted) > LIFETIME) {
      for (let attempt = 1; attempt <= TRIES; attempt += 1) {
        const offset = await this.#compare();
        if (offset !== null) {
          this.#offset = offset;
          this.#adjusted = Date.now();
          return;
        }
      }
    }
  }

  /** In ms since the epoch, up to a second early: HTTP tells whole seconds. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /**
   * 0 when no Jupyter server answers: then the page itself keeps the files, as JupyterLite does. null when that can't be
   * told: a clock that is wrong for long would hide edits.
   */
  async #compare(): Promise<number | null> {
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
      return isJupyter && !Number.isNaN(date) ? date - Date.now() : 0;
    } catch {
      // The requests that matter report failures.
      return null;
    }
  }

  readonly #settings: ServerConnection.ISettings;
  readonly #onRequest: () => void;
  #adjusted: number | null = null;
  #offset = 0;
}
