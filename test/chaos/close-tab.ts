import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ServerConnection } from '@jupyterlab/services';
import type { Browser, BrowserContext, BrowserServer, Page } from '@playwright/test';
import { chromium } from '@playwright/test';

import { findChromium } from '../../scripts/lib/chromium.mjs';
import type { SyncReport } from '../../src/tokens';
import { CHROMIUM_ARGS } from '../browser/support/chromium-args';
import { execute } from '../browser/support/lab-page';
import type { LabServer } from '../browser/support/lab-server';
import { startLab } from '../browser/support/lab-server';
import { changeSettings } from '../browser/support/person';
import type { Random } from '../simulation/random';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import type { Fault, Passing, StrikeMoment } from '../support/fault-proxy';
import { FaultProxy } from '../support/fault-proxy';
import { RawProject } from '../support/raw-project';
import { MB } from './bytes';
import { prove } from './proof';
import type { RoundResult, Scenario } from './scenario';
import { agreedTree, edit } from './tree';
import { Violation } from './violation';
import { Work } from './work';

/** How long JupyterLab may take to open, in ms. */
const SLOW = 120_000;

const LARGE = 'large file.bin';

/** What the tab is doing when it goes, and which request of it is hit at the latest. */
const ERRANDS = {
  'a chunk of a large file': { nth: 2, isMeant: isWriteOf(/large%20file\.bin/) },
  'a file': { nth: 2, isMeant: isWriteOf(/\/api\/contents\/Projects\/round-/) },
  'the state': { nth: 2, isMeant: isWriteOf(/\/_state\//) },
  'an upload': { nth: 1, isMeant: ({ path }: Passing) => /\/uploads\/|\/packs$/.test(path) },
  'a commit': { nth: 1, isMeant: ({ path }: Passing) => path.endsWith('/commits') }
} as const;

/** How it goes. */
const WAYS = {
  'the tab was closed': 2,
  'its process was killed': 1,
  'the browser was killed': 1
} as const;

type Way = keyof typeof WAYS;

/** A tab of a real browser, with the real extension in a real JupyterLab, goes in the middle of a sync. */
export async function closeTab(folder: string): Promise<Scenario | string> {
  const executable = findChromium();
  if (executable === null) {
    return 'no Chromium was found';
  }
  return CloseTab.start(folder, executable);
}

class CloseTab implements Scenario {
  private constructor(
    readonly folder: string,
    executable: string,
    parts: { readonly cloud: CloudServer; readonly lab: LabServer; readonly proxies: Proxies }
  ) {
    this.#executable = executable;
    this.#cloud = parts.cloud;
    this.#lab = parts.lab;
    this.#proxies = parts.proxies;
  }

  static async start(folder: string, executable: string): Promise<CloseTab> {
    const root = join(folder, 'root');
    await mkdir(root);
    const cloud = await startCloud({ dataDir: join(folder, 'cloud') });
    const cloudProxy = await FaultProxy.start(() => cloud.url);
    const lab = await startLab({ cloudUrl: cloudProxy.url, root });
    const proxies = { cloud: cloudProxy, lab: await FaultProxy.start(() => lab.lab.url) };
    await changeSettings(lab, { autoSync: false });
    return new CloseTab(folder, executable, { cloud, lab, proxies });
  }

  async play(random: Random, name: string): Promise<RoundResult> {
    const { url, keys } = this.#cloud;
    const raw = await RawProject.create(url, keys.alice, name);
    const path = `Projects/${name}`;
    const work = new Work({ random, raw, path, root: () => this.#lab.lab.root });
    let page = await this.#openPage();
    const sync = () => execute<SyncReport>(page, 'projects:sync', { projectId: raw.id });
    await agreedTree(work, random, () =>
      execute<SyncReport>(page, 'projects:link', { projectId: raw.id, path })
    );
    await edit(work, random);
    await work.there(LARGE, 17 * MB + random.below(10 * MB));
    await work.here('for the cloud.bin', MB + random.below(4 * MB));

    const errands = Object.keys(ERRANDS) as (keyof typeof ERRANDS)[];
    const errand = random.pick(errands);
    const moment = random.weighted({ begun: 1, sent: 1, answered: 1 });
    const way = random.weighted(WAYS);
    const hit = this.#strikeAt(errand, moment, () => this.#end(page, way));
    const end = await sync().catch((error: unknown) => error);
    if (hit.gone === null) {
      const words = end instanceof Error ? end.message : JSON.stringify(end);
      throw new Violation(`the sync ended before it came to ${errand}: ${words}`);
    }
    await hit.gone;
    this.#heal();
    page = await this.#openPage();
    const { lab } = this.#lab;
    const settings = ServerConnection.makeSettings({
      ...{ baseUrl: lab.url, token: lab.token },
      ...{ fetch, Request, Headers }
    });
    const proven = await prove(work, sync, () => ({ settings }));
    await page.close();
    return { ...proven, hit: `${way} when ${errand} was ${moment}` };
  }

  saveLogs(): Promise<void> {
    return writeFile(join(this.folder, 'servers.log'), this.#lab.log() + this.#cloud.output());
  }

  async stop(): Promise<void> {
    await this.#browser?.server.close();
    await Promise.all([this.#proxies.lab.stop(), this.#proxies.cloud.stop()]);
    await this.#lab.stop();
    await this.#cloud.stop();
  }

  /** What happens to the request that the errand's is; `gone` resolves when the page is, and is null before. */
  #strikeAt(
    errand: keyof typeof ERRANDS,
    moment: StrikeMoment,
    end: () => Promise<void>
  ): { gone: Promise<void> | null } {
    const { isMeant, nth } = ERRANDS[errand];
    const hit: { gone: Promise<void> | null } = { gone: null };
    let count = 0;
    const faultFor = (passing: Passing): Fault => {
      if (!isMeant(passing) || !/PUT|POST/.test(passing.method) || (count += 1) !== nth) {
        return { kind: 'none' };
      }
      return { kind: 'strike', moment, strike: () => (hit.gone = end()) };
    };
    this.#proxies.lab.faultFor = faultFor;
    this.#proxies.cloud.faultFor = faultFor;
    return hit;
  }

  #heal(): void {
    this.#proxies.lab.faultFor = () => ({ kind: 'none' });
    this.#proxies.cloud.faultFor = () => ({ kind: 'none' });
  }

  async #end(page: Page, way: Way): Promise<void> {
    const running = this.#browser;
    if (way === 'the tab was closed' || !running) {
      await page.close();
      return;
    }
    if (way === 'the browser was killed') {
      this.#browser = null;
      await running.server.kill();
      return;
    }
    const session = await running.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const crashed = new Promise<void>(done => page.once('crash', () => done()));
    processInfo
      .filter(({ type }) => type === 'renderer')
      .forEach(({ id }) => process.kill(id, 'SIGKILL'));
    await crashed;
    await page.close();
  }

  /** A page of the browser, which is started and signed in at need. */
  async #openPage(): Promise<Page> {
    const isNew = this.#browser === null;
    this.#browser ??= await startBrowser(this.#executable);
    const page = await this.#browser.context.newPage();
    await page.goto(`${this.#proxies.lab.url}lab?token=${this.#lab.lab.token}`);
    await page.waitForFunction(() => window.jupyterapp !== undefined);
    await page.evaluate(async () => {
      await window.jupyterapp.restored;
    });
    if (isNew) {
      await execute(page, 'projects:sign-in', { apiKey: this.#cloud.keys.alice });
    }
    return page;
  }

  readonly #executable: string;
  readonly #cloud: CloudServer;
  readonly #lab: LabServer;
  readonly #proxies: Proxies;
  #browser: RunningBrowser | null = null;
}

interface Proxies {
  readonly cloud: FaultProxy;
  readonly lab: FaultProxy;
}

interface RunningBrowser {
  readonly server: BrowserServer;
  readonly browser: Browser;
  readonly context: BrowserContext;
}

async function startBrowser(executablePath: string): Promise<RunningBrowser> {
  const server = await chromium.launchServer({ executablePath, args: [...CHROMIUM_ARGS] });
  const browser = await chromium.connect(server.wsEndpoint());
  const context = await browser.newContext();
  context.setDefaultTimeout(SLOW);
  return { server, browser, context };
}

function isWriteOf(path: RegExp): (passing: Passing) => boolean {
  return passing => passing.method === 'PUT' && path.test(passing.path);
}
