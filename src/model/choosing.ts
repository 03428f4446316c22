import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { LocalProject } from '../state/local-project';
import type { ProjectChoice, SyncReport } from '../tokens';
import type { Linking } from './linking';
import type { Registry } from './registry';

/**
 * Which tied projects a call means, at the folders where they are now: one that was renamed in Jupyter is followed
 * first.
 */
export class Choosing implements IDisposable {
  constructor(options: Choosing.IOptions) {
    this.#options = options;
    options.contents.fileChanged.connect(this.#onFileChanged, this);
  }

  /** @throws ProjectsError as `Registry.require` */
  async one(choice: ProjectChoice): Promise<LocalProject> {
    const { registry } = this.#options;
    await registry.requireStore();
    await this.#followed;
    return registry.require(choice);
  }

  /** Does the work for each, one after the other. */
  async each(work: (project: LocalProject) => Promise<SyncReport>): Promise<SyncReport[]> {
    const { registry } = this.#options;
    await registry.requireStore();
    const reports: SyncReport[] = [];
    for (const project of registry.linked()) {
      try {
        reports.push(await work(project));
      } catch (error) {
        // It was unlinked meanwhile.
        if (registry.tied(project.id)) {
          throw error;
        }
      }
    }
    return reports;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  #onFileChanged(_: Contents.IManager, { type, oldValue, newValue }: Contents.IChangedArgs): void {
    if (type === 'rename' && oldValue?.path && newValue?.path) {
      const [from, to] = [oldValue.path, newValue.path];
      const { linking, onMoved, onError } = this.#options;
      this.#followed = this.#followed.then(() => linking.follow(from, to)).then(onMoved, onError);
    }
  }

  readonly #options: Choosing.IOptions;
  /** Renamed folders that are being followed. */
  #followed: Promise<void> = Promise.resolve();
  #isDisposed = false;
}

export namespace Choosing {
  export interface IOptions {
    readonly registry: Registry;
    readonly linking: Linking;
    readonly contents: Contents.IManager;
    /** A folder was followed. */
    readonly onMoved: () => void;
    readonly onError: (error: unknown) => void;
  }
}
