import type { Contents, ServerConnection } from '@jupyterlab/services';

import type { Replica } from '../sync/replica';
import { ContentsFiles } from './contents-files';
import { ContentsReplica } from './contents-replica';
import type { HelperKernel } from './helper/kernel';
import { HelperReplica } from './helper/replica';
import { ServerClock } from './server-clock';

/**
 * Makes the replicas of a page's projects. What was learned of the server (its clock, whether it hashes) holds for all of
 * them, and need not be asked again by each run; of a project nothing is kept.
 */
export class LocalReplicas {
  constructor(options: LocalReplicas.IOptions) {
    this.#options = options;
    this.#clock = new ServerClock(options.serverSettings, options.onRequest ?? (() => undefined));
  }

  /**
   * By the helper kernel where it can be used now, else by the contents API.
   *
   * @param root - the project's folder, relative to the Jupyter root
   */
  at(root: string): Replica {
    const { helper, stateFolder, ...options } = this.#options;
    const kernel = helper();
    return kernel?.covers(root)
      ? new HelperReplica({ ...options, helper: kernel, root, stateFolder })
      : new ContentsReplica({ ...options, root, server: this.#serverOf(root) });
  }

  /** Drives differ in what they can do. */
  #serverOf(root: string): ContentsReplica.IServer {
    const { contents, serverSettings, onRequest } = this.#options;
    const drive = contents.driveName(root);
    let files = this.#files.get(drive);
    if (!files) {
      files = new ContentsFiles({ contents, serverSettings, onRequest });
      this.#files.set(drive, files);
    }
    return { files, clock: this.#clock };
  }

  readonly #options: LocalReplicas.IOptions;
  readonly #clock: ServerClock;
  readonly #files = new Map<string, ContentsFiles>();
}

export namespace LocalReplicas {
  export interface IOptions extends Omit<ContentsReplica.IOptions, 'root' | 'server'> {
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** Where the extension keeps its own files, relative to the Jupyter root. */
    readonly stateFolder: string;
    /** null while it can't be used. */
    readonly helper: () => HelperKernel | null;
  }
}
