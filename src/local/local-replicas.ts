import type { Contents, ServerConnection } from '@jupyterlab/services';

import type { Replica } from '../sync/replica';
import { ContentsFiles } from './contents-files';
import { ContentsReplica } from './contents-replica';
import type { HelperKernel } from './helper/kernel';
import { HelperReplica } from './helper/replica';
import { ServerClock } from './server-clock';

/**
 * Makes the replicas of a page's projects. What was learned of the server (its clock, whether it hashes) holds for all of
 * them, and need not be asked again by each run; of a project only which links were seen in it is kept.
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
    const { helper, stateFolder, projects, ...options } = this.#options;
    const sightings = this.#sightingsIn(root);
    const kernel = helper();
    if (kernel?.covers(root)) {
      return new HelperReplica({ ...options, helper: kernel, root, stateFolder, sightings });
    }
    const foreign = [stateFolder, ...projects().filter(other => other !== root)];
    return new ContentsReplica({
      ...options,
      root,
      sightings,
      foreign,
      server: this.#serverOf(root)
    });
  }

  #sightingsIn(root: string): Map<string, string> {
    const known = this.#sightings.get(root) ?? new Map<string, string>();
    this.#sightings.set(root, known);
    return known;
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
  /** Links that were seen in a project by this page, by the project's root. */
  readonly #sightings = new Map<string, Map<string, string>>();
}

export namespace LocalReplicas {
  export interface IOptions extends Omit<
    ContentsReplica.IOptions,
    'root' | 'server' | 'foreign' | 'sightings'
  > {
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** Where the extension keeps its own files, relative to the Jupyter root. */
    readonly stateFolder: string;
    /** The folders of all projects, relative to the Jupyter root: none is part of another. */
    readonly projects: () => readonly string[];
    /** null while it can't be used. */
    readonly helper: () => HelperKernel | null;
  }
}
