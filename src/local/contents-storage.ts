import type { Contents, ServerConnection } from '@jupyterlab/services';

import { sliceOf } from '../sync/content';
import { joinPath } from '../sync/path';
import { ContentsFiles } from './contents-files';
import { isDiskFull, problemOf, statusOf } from './failures';
import { makeDirectories } from './make-directories';
import { trans } from '../sync/words';

/**
 * What goes in one request; bytes. The contents manager makes a text of it in one go, during which the page stands still: of all that
 * is saved of 10,000 files, for a tenth of a second.
 */
const CHUNK_SIZE = 1024 * 1024;

/**
 * A few named files in one folder of the Jupyter server, read and written whole.
 */
export class ContentsStorage {
  constructor(options: ContentsStorage.IOptions) {
    this.#files = new ContentsFiles(options);
    this.#folder = options.folder;
  }

  /** The file's bytes, or null when there is no such file. Rejects when that can't be told. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const path = joinPath(this.#folder, name);
    const fetched = await this.#files.fetch(path);
    if (fetched === 'directory') {
      throw new Error(trans.__('"%1" is a directory where a file was expected.', path));
    }
    return fetched && sliceOf(fetched.content);
  }

  /** Writes the whole file, making the folder at need. Not atomic: a crash can leave the file empty or cut short. */
  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const path = joinPath(this.#folder, name);
    try {
      await this.#write(path, bytes);
    } catch (error) {
      throw isDiskFull(error) ? new Error(problemOf(path, error).message, { cause: error }) : error;
    }
  }

  async #write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#takesChunks && bytes.byteLength > CHUNK_SIZE) {
      const model = await this.#save(path, bytes, CHUNK_SIZE);
      if (isWhole(model, bytes)) {
        return;
      }
      // A contents manager that knows of no chunks keeps the last one for the whole.
      this.#takesChunks = false;
    }
    const model = await this.#save(path, bytes);
    if (!isWhole(model, bytes)) {
      throw new Error(
        trans.__('"%1" was written with %2 of %3 bytes.', path, model.size, bytes.byteLength)
      );
    }
  }

  async #save(
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    chunkSize?: number
  ): Promise<Contents.IModel> {
    const write = () => this.#files.write(path, bytes, undefined, chunkSize);
    return write().catch(async (error: unknown) => {
      const status = statusOf(error);
      if (status !== 500 && status !== 404 && status !== null) {
        throw error;
      }
      if ((await this.#files.stat(this.#folder)) !== null) {
        throw error;
      }
      await makeDirectories(this.#files, '', this.#folder);
      return write();
    });
  }

  readonly #files: ContentsFiles;
  readonly #folder: string;
  #takesChunks = true;
}

export namespace ContentsStorage {
  export interface IOptions {
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** Relative to the Jupyter root, `/` between segments. */
    readonly folder: string;
    /** Called once for each request to the server. */
    readonly onRequest?: () => void;
  }
}

/** Not every drive tells the size. */
function isWhole({ size }: Contents.IModel, { byteLength }: Uint8Array): boolean {
  return typeof size !== 'number' || size === byteLength;
}
