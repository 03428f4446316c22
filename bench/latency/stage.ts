import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';

import { findChromium } from '../../scripts/lib/chromium.mjs';
import type { SyncReport } from '../../src/tokens';
import { CHROMIUM_ARGS } from '../../test/browser/support/chromium-args';
import { execute, openLab } from '../../test/browser/support/lab-page';
import type { LabServer } from '../../test/browser/support/lab-server';
import { startLab } from '../../test/browser/support/lab-server';
import { changeSettings } from '../../test/browser/support/person';
import type { CloudServer } from '../../test/support/cloud-server';
import { startCloud } from '../../test/support/cloud-server';
import { Folder } from '../../test/support/folder';
import { hashOf, OtherClient } from './other-client';
import { whenSeen } from './wait';

/** How long JupyterLab may take to open, and a first sync of many files; ms. */
const SLOW = 600_000;

/** A folder that is synced with a project. */
export interface Synced {
  readonly id: string;
  /** Relative to the Jupyter root. */
  readonly path: string;
  readonly folder: Folder;
  readonly cloud: OtherClient;
}

export interface Ways {
  readonly autoSync: boolean;
  readonly helperKernel: 'auto' | 'off';
}

/** A cloud, a JupyterLab and a page of it in a browser, with somebody who is signed in. */
export class Stage {
  private constructor(
    readonly cloud: CloudServer,
    readonly server: LabServer,
    readonly browser: Browser,
    page: Page
  ) {
    this.#page = page;
    page.setDefaultTimeout(SLOW);
  }

  static async start(): Promise<Stage> {
    const executablePath = findChromium();
    if (executablePath === null) {
      throw new Error('There is no Chromium: install one, or say where it is by CHROMIUM_PATH.');
    }
    const cloud = await startCloud();
    const server = await startLab({ cloudUrl: cloud.url });
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const stage = new Stage(cloud, server, browser, await context.newPage());
    await openLab(stage.page, server);
    await execute(stage.page, 'projects:sign-in', { apiKey: cloud.keys.alice });
    return stage;
  }

  get page(): Page {
    return this.#page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.cloud.stop();
  }

  /** The page as it is after a person has set this, the helper kernel at work where it may be. */
  async go(ways: Ways): Promise<void> {
    await changeSettings(this.server, { ...ways });
    await openLab(this.page, this.server);
    if (ways.helperKernel === 'auto' && this.#projects.size > 0) {
      await this.#whenHelped();
    }
  }

  /** A folder of some files, or the one that was made before. */
  async project(path: string, fill: (folder: Folder) => Promise<unknown>): Promise<Synced> {
    const made = this.#projects.get(path);
    if (made) {
      return made;
    }
    const folder = new Folder(join(this.server.lab.root, path));
    await fill(folder);
    // A report of all that was done would take the page longer to hand over than anything that is measured.
    const id = await this.page.evaluate(
      async args => {
        const report: unknown = await window.jupyterapp.commands.execute('projects:create', args);
        return (report as SyncReport).projectId;
      },
      { path, title: path }
    );
    const project = {
      id,
      path,
      folder,
      cloud: new OtherClient(this.cloud.url, this.cloud.keys.alice, id)
    };
    this.#projects.set(path, project);
    await this.#whenHelped();
    return project;
  }

  /** Syncs, and gives how long the command took, in ms, beside its report. */
  async sync({ id }: Synced): Promise<{ report: SyncReport; took: number }> {
    return this.page.evaluate(async projectId => {
      const began = performance.now();
      const report: unknown = await window.jupyterapp.commands.execute('projects:sync', {
        projectId
      });
      return { report: report as SyncReport, took: performance.now() - began };
    }, id);
  }

  /** Counts the runs that the page does of a project from now on: each asks the cloud once for its changes. */
  countRuns({ id }: Synced): () => number {
    let count = 0;
    this.page.on('request', request => {
      count += new URL(request.url()).pathname.endsWith(`/${id}/changes`) ? 1 : 0;
    });
    return () => count;
  }

  /** Resolves with the moment at which the cloud holds what the folder does; hidden files are left out. */
  whenEqual({ folder, cloud, path }: Synced, pause = 500): Promise<number> {
    return whenSeen(
      async () => {
        const there = await cloud.hashes();
        const here = await localHashes(folder);
        return (
          there.size === here.size && [...here].every(([name, hash]) => there.get(name) === hash)
        );
      },
      pause,
      `All of "${path}" in the cloud`
    );
  }

  async #whenHelped(): Promise<void> {
    const [first] = this.#projects.values();
    if (first && (await this.#usesHelper())) {
      // The commands come a moment after the page.
      await this.page.waitForFunction(() =>
        window.jupyterapp.commands.hasCommand('projects:preview')
      );
      // By the contents API each directory is a request.
      await whenSeen(
        async () => {
          const args = { projectId: first.id };
          const { requests } = await execute<SyncReport>(this.page, 'projects:preview', args);
          return requests.jupyter <= 2;
        },
        300,
        'The helper kernel'
      );
    }
  }

  async #usesHelper(): Promise<boolean> {
    const url = `${this.server.lab.url}lab/api/settings/jupyterlab-projects:plugin`;
    const answer = await fetch(url, {
      headers: { Authorization: `token ${this.server.lab.token}` }
    });
    const { raw } = (await answer.json()) as { raw: string };
    return !/"helperKernel":\s*"off"/.test(raw);
  }

  readonly #page: Page;
  readonly #projects = new Map<string, Synced>();
}

async function localHashes(folder: Folder): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const path of await folder.paths()) {
    if (!/(^|\/)\./.test(path)) {
      hashes.set(path, hashOf(await readFile(join(folder.path, path))));
    }
  }
  return hashes;
}
