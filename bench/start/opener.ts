import type { Browser, BrowserContext, Page } from '@playwright/test';

import type { LabServer } from '../../test/browser/support/lab-server';
import type { Script } from './script';

declare global {
  interface Window {
    /** Ms since the page was asked for, when its layout was restored. */
    restoredAt?: number;
  }
}

/** Where the extension's files are. */
const EXTENSION = '/extensions/jupyterlab-projects/';

/** One start of JupyterLab. */
export interface Opened {
  /** Ms from the request for the page until the layout is restored. */
  readonly took: number;
  /** The extension's, loaded by then. */
  readonly scripts: readonly Script[];
  /** The extension's, loaded after that. */
  readonly later: readonly Script[];
}

/** Opens one JupyterLab, again and again, as a browser that has its files already. */
export class Opener {
  private constructor(
    readonly context: BrowserContext,
    readonly lab: LabServer['lab']
  ) {}

  static async on(browser: Browser, { lab }: Pick<LabServer, 'lab'>): Promise<Opener> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(noteRestored);
    return new Opener(context, lab);
  }

  async open(): Promise<Opened> {
    const page = await this.context.newPage();
    const texts = new Map<string, Promise<string>>();
    page.on('response', response => {
      if (response.url().includes(EXTENSION)) {
        texts.set(response.url(), response.text());
      }
    });
    await page.goto(`${this.lab.url}lab?token=${this.lab.token}&reset`);
    await page.waitForFunction(() => window.restoredAt !== undefined);
    // The model follows the page, and asks for nothing more once the network is still.
    await page.waitForLoadState('networkidle');
    const took = await page.evaluate(() => window.restoredAt ?? NaN);
    const scripts: Script[] = [];
    const later: Script[] = [];
    for (const { url, end } of await loadedBy(page)) {
      const name = new URL(url).pathname.split('/').at(-1) ?? '';
      (end <= took ? scripts : later).push({ name, text: (await texts.get(url)) ?? '' });
    }
    await page.close();
    return { took, scripts, later };
  }
}

/** The extension's scripts, each with when it had arrived. */
function loadedBy(page: Page): Promise<{ url: string; end: number }[]> {
  return page.evaluate(
    part =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes(part) && new URL(name).pathname.endsWith('.js'))
        .map(entry => ({ url: entry.name, end: entry.startTime + entry.duration })),
    EXTENSION
  );
}

/** Runs in the page before anything else; JupyterLab exposes its application before it starts it. */
function noteRestored(): void {
  performance.setResourceTimingBufferSize(5000);
  let app: Window['jupyterapp'] | undefined;
  Object.defineProperty(window, 'jupyterapp', {
    get: () => app,
    set: (value: Window['jupyterapp']) => {
      app = value;
      void value.restored.then(() => {
        window.restoredAt = performance.now();
      });
    }
  });
}
