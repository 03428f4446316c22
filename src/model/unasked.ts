import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';

import { AutoSync } from './auto-sync';
import type { Overview } from './overview';
import type { Registry } from './registry';
import type { Runs } from './runs';
import type { SettingsSource } from './settings';
import type { Syncing } from './syncing';

/** The syncs that nobody asked for: which projects, and only while the cloud answers. */
export class Unasked implements IDisposable {
  constructor(options: Unasked.IOptions) {
    this.#options = options;
    const { registry, runs, contents, settings, onError } = options;
    this.#auto = new AutoSync({
      contents,
      settings,
      folders: () => registry.linked().filter(({ paused }) => !paused),
      isRunning: id => runs.isRunningHere(id),
      sync: id => this.#sync(id),
      syncAll: () => this.#syncAll(),
      onError
    });
    registry.ready.then(() => this.#auto.start()).catch(onError);
  }

  get isDisposed(): boolean {
    return this.#auto.isDisposed;
  }

  dispose(): void {
    this.#auto.dispose();
  }

  async #sync(projectId: string): Promise<void> {
    const { registry, syncing, overview } = this.#options;
    const project = registry.tied(projectId);
    if (project && overview.connection === 'online') {
      await syncing.syncUnasked(project);
    }
  }

  async #syncAll(): Promise<void> {
    const { registry, overview } = this.#options;
    await registry.requireStore();
    if (overview.connection === 'offline' || overview.connection === 'error') {
      await registry.refresh();
    }
    for (const { id, paused } of registry.linked()) {
      if (!paused) {
        await this.#sync(id);
      }
    }
  }

  readonly #options: Unasked.IOptions;
  readonly #auto: AutoSync;
}

export namespace Unasked {
  export interface IOptions {
    readonly registry: Registry;
    readonly runs: Runs;
    readonly syncing: Syncing;
    readonly overview: Overview;
    readonly settings: SettingsSource;
    readonly contents: Contents.IManager;
    readonly onError: (error: unknown) => void;
  }
}
