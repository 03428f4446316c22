import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Projects } from '../../src/model/projects';
import type { Settings } from '../../src/model/settings';
import type { JupyterOptions, JupyterServer } from './jupyter-server';
import { startJupyter } from './jupyter-server';
import { BrowserStorage, openPage } from './page';

/** One person's browser page on a Jupyter server of its own, both real but for the page. */
export class Device {
  private constructor(
    readonly jupyter: JupyterServer,
    readonly root: string,
    readonly cloudUrl: string,
    readonly settings: Partial<Settings>
  ) {
    this.projects = this.#openPage();
  }

  static async start(
    cloudUrl: string,
    { settings = {}, ...options }: JupyterOptions & { readonly settings?: Partial<Settings> } = {}
  ): Promise<Device> {
    const root = options.root ?? (await mkdtemp(join(tmpdir(), 'device-')));
    return new Device(await startJupyter({ ...options, root }), root, cloudUrl, settings);
  }

  projects: Projects;

  /** What went wrong and was told to nobody but the console. */
  readonly errors: unknown[] = [];

  /** As a reload of the page: the same browser, nothing else remembered. */
  reload(): void {
    this.projects.dispose();
    this.projects = this.#openPage();
  }

  /** @param path - relative to the Jupyter root */
  async write(path: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** As if all below the folder had last been written an hour ago. */
  async age(folder: string): Promise<void> {
    const then = new Date(Date.now() - 3_600_000);
    for (const name of await readdir(join(this.root, folder), { recursive: true })) {
      await utimes(join(this.root, folder, name), then, then);
    }
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.root, path), { recursive: true });
  }

  /** Every file below a folder by its path there, hidden ones left out; as latin1, so that every byte counts. */
  async files(folder: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    const top = join(this.root, folder);
    for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(top.length + 1);
      if (entry.isFile() && !/(^|\/)\./.test(path)) {
        found[path] = (await readFile(join(top, path))).toString('latin1');
      }
    }
    return found;
  }

  async stop(): Promise<void> {
    this.projects.dispose();
    await this.jupyter.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  #openPage(): Projects {
    const { contents, settings } = this.jupyter;
    return openPage({
      contents,
      serverSettings: settings,
      cloudUrl: this.cloudUrl,
      storage: this.#storage,
      settings: this.settings,
      onError: error => {
        this.errors.push(error);
      }
    });
  }

  readonly #storage = new BrowserStorage();
}
