import { randomBytes } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ContentsManager, ServerConnection } from '@jupyterlab/services';

import type { Projects } from '../../src/model/projects';
import type { SyncReport } from '../../src/tokens';
import type { Random } from '../simulation/random';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import type { Fault } from '../support/fault-proxy';
import { FaultProxy } from '../support/fault-proxy';
import { freePort, startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';
import { seenBy } from '../support/mounted-disk';
import { BrowserStorage, openPage } from '../support/page';
import { RawProject } from '../support/raw-project';
import { prove } from './proof';
import type { Proven } from './proof';
import type { Scenario } from './scenario';
import { Work } from './work';

const DROP: Fault = { kind: 'drop' };

/** What a page that is tried answers, or why it did not. */
export type Attempt = SyncReport | Error;

/**
 * A real Jupyter server and a real cloud, both of which can be killed and come back, a page on them, and a proxy before each.
 */
export class Stage {
  private constructor(
    readonly folder: string,
    readonly wrapper: readonly string[] | null,
    cloud: CloudServer
  ) {
    this.#cloud = cloud;
  }

  /**
   * @param folder - a new one, for all that the servers keep
   * @param wrapper - starts the Jupyter server, say with a disk of its own at `root`
   */
  static async start(folder: string, wrapper: readonly string[] | null = null): Promise<Stage> {
    await mkdir(join(folder, 'root'), { recursive: true });
    const port = await freePort();
    const cloud = await startCloud({ dataDir: join(folder, 'cloud'), port });
    const stage = new Stage(folder, wrapper, cloud);
    try {
      await stage.restartJupyter();
      stage.#jupyterProxy = await FaultProxy.start(() => stage.jupyter.url);
      stage.#cloudProxy = await FaultProxy.start(() => stage.cloud.url);
      await stage.openPage();
    } catch (error) {
      await stage.stop();
      throw error;
    }
    return stage;
  }

  get jupyter(): JupyterServer {
    return present(this.#jupyter);
  }

  get cloud(): CloudServer {
    return this.#cloud;
  }

  get jupyterProxy(): FaultProxy {
    return present(this.#jupyterProxy);
  }

  get cloudProxy(): FaultProxy {
    return present(this.#cloudProxy);
  }

  /** The Jupyter root, as this process sees it. */
  get root(): string {
    const root = join(this.folder, 'root');
    return this.wrapper === null ? root : seenBy(this.jupyter.process.pid ?? 0, root);
  }

  /** A new project, and the people who will work on it here and in the cloud. Nothing is synced yet. */
  async work(name: string, random: Random): Promise<Work> {
    const raw = await RawProject.create(this.cloud.url, this.cloud.keys.alice, name);
    return new Work({ random, raw, path: join('Projects', name), root: () => this.root });
  }

  /** Ties the project to its folder, with a first sync. */
  async link({ raw, path }: Work): Promise<SyncReport> {
    return present(this.#page).link(raw.id, path);
  }

  sync({ raw }: Work): Promise<SyncReport> {
    return present(this.#page).sync({ projectId: raw.id });
  }

  /** A sync that may fail. */
  async attempt(work: Work): Promise<Attempt> {
    try {
      return await this.sync(work);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /**
   * The page goes as a closed tab does: nothing of it reaches a server any more. Another one is not opened yet.
   *
   * @param under - what it was doing
   */
  async vanish(under: Promise<unknown>): Promise<void> {
    this.jupyterProxy.faultFor = () => DROP;
    this.cloudProxy.faultFor = () => DROP;
    this.#page?.dispose();
    this.#page = null;
    await under;
    this.heal();
  }

  /** Both proxies let everything pass. */
  heal(): void {
    this.jupyterProxy.faultFor = () => ({ kind: 'none' });
    this.cloudProxy.faultFor = () => ({ kind: 'none' });
  }

  async openPageAtNeed(): Promise<void> {
    if (this.#page === null) {
      await this.openPage();
    }
  }

  /** A page of the same browser. */
  async openPage(): Promise<void> {
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: this.jupyterProxy.url,
      token: this.#token,
      fetch,
      Request,
      Headers
    });
    this.#page = openPage({
      contents: new ContentsManager({ serverSettings }),
      serverSettings,
      cloudUrl: this.cloudProxy.url,
      storage: this.#storage,
      onError: error => this.note(String(error))
    });
    await this.#page.signIn(this.cloud.keys.alice);
  }

  /** Starts it anew on the same files, when it was killed. */
  async restartJupyter(): Promise<void> {
    if (this.#jupyter) {
      this.note(this.#jupyter.log());
      await this.#jupyter.stop();
    }
    this.#jupyter = await startJupyter({
      root: join(this.folder, 'root'),
      token: this.#token,
      ...(this.wrapper && { wrapper: this.wrapper })
    });
  }

  /** Starts it anew on the same data and port, when it was killed. */
  async restartCloud(): Promise<void> {
    this.note(this.#cloud.output());
    const { dataDir, url } = this.#cloud;
    this.#cloud = await startCloud({ dataDir, port: Number(new URL(url).port) });
  }

  /** Keeps a line for whoever looks into a failed round. */
  note(text: string): void {
    this.#notes.push(text);
  }

  /** Writes what the servers said, and what would end with them, into the folder. */
  async saveLogs(): Promise<void> {
    if (this.wrapper !== null) {
      await cp(this.root, join(this.folder, 'disk'), { recursive: true });
    }
    const write = (name: string, text: string) => writeFile(join(this.folder, name), text);
    await write('notes.log', this.#notes.join('\n'));
    await write('jupyter.log', this.#jupyter?.log() ?? '');
    await write('cloud.log', this.#cloud.output());
  }

  async stop(): Promise<void> {
    this.#page?.dispose();
    await Promise.all([this.#jupyterProxy?.stop(), this.#cloudProxy?.stop()]);
    await this.#jupyter?.stop();
    await this.#cloud.stop();
  }

  readonly #token = randomBytes(16).toString('hex');
  readonly #storage = new BrowserStorage();
  readonly #notes: string[] = [];
  #page: Projects | null = null;
  #jupyter: JupyterServer | null = null;
  #cloud: CloudServer;
  #jupyterProxy: FaultProxy | null = null;
  #cloudProxy: FaultProxy | null = null;
}

/** Rounds on one stage. */
export function onStage(stage: Stage, play: Scenario['play']): Scenario {
  return {
    folder: stage.folder,
    play,
    saveLogs: () => stage.saveLogs(),
    stop: () => stage.stop()
  };
}

export function proveOn(stage: Stage, work: Work): Promise<Proven> {
  return prove(
    work,
    () => stage.sync(work),
    () => stage.jupyter
  );
}

function present<T>(value: T | null): T {
  if (value === null) {
    throw new Error('the stage is not set');
  }
  return value;
}
