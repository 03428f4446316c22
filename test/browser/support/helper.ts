import type { Page, Request } from '@playwright/test';

import type { Addresses } from './product';

/** A session that the Jupyter server has. */
interface Session {
  readonly name: string;
  readonly kernel: { readonly id: string } | null;
}

/** The helper kernels of a Jupyter server, as its REST API tells. */
export class HelperKernels {
  constructor({ lab }: Pick<Addresses, 'lab'>) {
    this.#lab = lab;
  }

  /** The ids of those that run. */
  async ids(): Promise<string[]> {
    const sessions = (await (await this.#call('GET', 'sessions')).json()) as Session[];
    return sessions
      .filter(({ name }) => name === 'Projects helper')
      .map(({ kernel }) => kernel?.id ?? 'none');
  }

  /** As a person's *Shut Down* in the list of running kernels. */
  async shutDown(id: string): Promise<void> {
    await this.#call('DELETE', `kernels/${id}`);
  }

  async interrupt(id: string): Promise<void> {
    await this.#call('POST', `kernels/${id}/interrupt`);
  }

  async #call(method: string, path: string): Promise<Response> {
    const headers = { Authorization: `token ${this.#lab.token}` };
    const answer = await fetch(`${this.#lab.url}api/${path}`, { method, headers });
    if (!answer.ok) {
      throw new Error(`${answer.status} ${method} ${path}: ${await answer.text()}`);
    }
    return answer;
  }

  readonly #lab: Addresses['lab'];
}

/** The HTTP requests of a page from now on, as `GET /api/contents/work`; what a websocket sends is none. */
export function recordRequests(page: Page): string[] {
  const seen: string[] = [];
  page.on('request', (request: Request) => {
    const { pathname, protocol } = new URL(request.url());
    if (protocol.startsWith('http')) {
      seen.push(`${request.method()} ${decodeURIComponent(pathname)}`);
    }
  });
  return seen;
}

declare global {
  interface Window {
    /** When this page was refused a websocket for events; ms since the page began. */
    refusedSockets: number[];
  }
}

/** Has the servers refuse the websockets that tell of events, for pages that open from now on. */
export async function refuseEvents(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const refused: number[] = [];
    window.refusedSockets = refused;
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        const { href } = new URL(url, location.href);
        const isRefused = /\/events(\/subscribe)?(\?|$)/.test(href);
        super(isRefused ? href.replace('/events', '/no-such-events') : href, protocols);
        if (isRefused) {
          refused.push(performance.now());
        }
      }
    };
  });
}

/** As when another tab comes before the page's; a browser without a screen shows all it has. */
export async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { get: () => true });
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('blur'));
  });
}
