import type { Contents, ServerConnection } from '@jupyterlab/services';

import { hashOf } from '../sync/content';
import type { Content } from '../sync/content';
import { nameOf, parentOf } from '../sync/path';
import { decodeBase64 } from './base64';
import { isNetworkError, statusOf } from './failures';
import { fetchRaw } from './raw-bytes';
import type { FetchOptions } from './raw-bytes';
import { saveBytes } from './save-bytes';
import type { Save } from './save-bytes';
import { trans } from '../sync/words';

/** How often a listing is asked for that fails although the directory is there. */
const LISTING_TRIES = 3;

/** What a file is at one moment. */
export interface FileState {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** As the server tells it; taken before the content was hashed. */
  readonly lastModified: string;
  /** Whether the server says that it may write to the file. */
  readonly isWritable: boolean;
}

export interface FetchedFile {
  readonly content: Content;
  readonly state: FileState;
}

/**
 * Files and directories by Jupyter's contents manager, as bytes. Paths are the manager's own: from the root of the
 * Jupyter server or of a drive.
 *
 * #### Notes
 * Errors are those of the contents manager. A method that tells absence as null does so only on proof: a 404, or a
 * listing of the parent.
 */
export class ContentsFiles {
  constructor(options: ContentsFiles.IOptions) {
    this.#contents = options.contents;
    this.#settings = options.serverSettings;
    this.#onRequest = options.onRequest ?? (() => undefined);
  }

  /** The directory with the models of its children, or null when there is no such directory. */
  async list(path: string): Promise<Contents.IModel | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        const model = await this.#get(path, { type: 'directory', content: true });
        return model.type === 'directory' ? model : null;
      } catch (error) {
        const status = statusOf(error);
        const isAnswer = status === 404 || status === 400 || status === null;
        if (!isAnswer || isNetworkError(error)) {
          throw error;
        }
        // The server answers 404 as well when a child goes while it looks at the children.
        const model = await this.stat(path);
        if (model?.type !== 'directory') {
          return null;
        }
        if (tries >= LISTING_TRIES) {
          throw error;
        }
      }
    }
  }

  /** The model without content, or null when nothing is there. */
  async stat(path: string): Promise<Contents.IModel | null> {
    try {
      return await this.#get(path, { content: false });
    } catch (error) {
      return this.#absent(path, error);
    }
  }

  /** The file's size and hash, 'directory' where one is, or null when nothing is there. */
  async state(path: string): Promise<FileState | 'directory' | null> {
    const hashed = await this.#hashed(path);
    if (hashed !== 'unsupported') {
      return hashed;
    }
    const fetched = await this.#fetchBase64(path);
    return fetched === null || fetched === 'directory' ? fetched : fetched.state;
  }

  /** The file with its content, 'directory' where one is, or null when nothing is there. */
  async fetch(path: string, options: FetchOptions = {}): Promise<FetchedFile | 'directory' | null> {
    const state = await this.#hashed(path);
    if (state === null || state === 'directory') {
      return state;
    }
    if (state !== 'unsupported') {
      const content = await this.#raw(path, state.size, options);
      if (content && (await hashOf(content)) === state.sha256) {
        return { content, state };
      }
    }
    return this.#fetchBase64(path);
  }

  /**
   * The file's content when it has this hash; else null. One raw request where the server gives raw bytes.
   *
   * #### Notes
   * Raw bytes that differ prove nothing: a page that keeps its files itself (JupyterLite) serves the site's version
   * under that address. So the contents API has the last word.
   */
  async fetchExpected(
    path: string,
    expected: { readonly size: number; readonly sha256: string | null },
    options: FetchOptions = {}
  ): Promise<Content | null> {
    const raw = await this.#raw(path, expected.size, options);
    if (raw && (await hashOf(raw)) === expected.sha256) {
      return raw;
    }
    const state = await this.#hashed(path);
    if (state === null || state === 'directory') {
      return null;
    }
    if (state !== 'unsupported' && state.sha256 !== expected.sha256) {
      return null;
    }
    const fetched = await this.#fetchBase64(path);
    if (fetched === null || fetched === 'directory') {
      return null;
    }
    return fetched.state.sha256 === expected.sha256 ? fetched.content : null;
  }

  /**
   * Writes the bytes as they are. Parents must be there. Large content goes in chunks.
   *
   * @param chunkSize - of what size, in bytes; left out: as large as a request should be
   */
  write(
    path: string,
    content: Content,
    onBytes: (bytes: number) => void = () => undefined,
    chunkSize?: number
  ): Promise<Contents.IModel> {
    const save: Save = model => {
      this.#onRequest();
      return this.#contents.save(path, model);
    };
    return saveBytes(save, content, onBytes, chunkSize);
  }

  /** Makes one directory; one that is there is left as it is. The parent must be there. */
  async makeDirectory(path: string): Promise<void> {
    this.#onRequest();
    try {
      await this.#contents.save(path, { type: 'directory' });
    } catch (error) {
      // Of two requests at once for one directory the server may refuse the second.
      if (isNetworkError(error) || (await this.stat(path))?.type !== 'directory') {
        throw error;
      }
    }
  }

  /** Removes a file or an empty directory; where the server is set up so, to the trash. */
  async remove(path: string): Promise<void> {
    this.#onRequest();
    await this.#contents.delete(path);
  }

  async rename(from: string, to: string): Promise<Contents.IModel> {
    this.#onRequest();
    return this.#contents.rename(from, to);
  }

  /** 'unsupported' where the server gives no sha256. */
  async #hashed(path: string): Promise<FileState | 'directory' | 'unsupported' | null> {
    if (this.#hashes === false) {
      return 'unsupported';
    }
    let model: Contents.IModel | null;
    try {
      model = await this.#get(path, { type: 'file', content: false, hash: true });
    } catch (error) {
      if (statusOf(error) === 400) {
        const there = await this.stat(path);
        if (there === null || there.type === 'directory') {
          return there && 'directory';
        }
      }
      model = await this.#absent(path, error);
    }
    if (model === null || model.type === 'directory') {
      return model && 'directory';
    }
    if (!model.hash || model.hash_algorithm !== 'sha256' || typeof model.size !== 'number') {
      this.#hashes = false;
      return 'unsupported';
    }
    this.#hashes = true;
    return {
      size: model.size,
      sha256: model.hash,
      lastModified: model.last_modified,
      isWritable: isWritable(model)
    };
  }

  async #fetchBase64(path: string): Promise<FetchedFile | 'directory' | null> {
    let model: Contents.IModel;
    try {
      model = await this.#get(path, { type: 'file', format: 'base64', content: true });
    } catch (error) {
      const there = await this.stat(path);
      if (there === null || there.type === 'directory') {
        return there && 'directory';
      }
      throw error;
    }
    if (model.type === 'directory') {
      return 'directory';
    }
    const content = bytesOf(model);
    const sha256 = await hashOf(content);
    const { last_modified: lastModified } = model;
    const state = { size: content.byteLength, sha256, lastModified, isWritable: isWritable(model) };
    return { content, state };
  }

  /** null when the error means that nothing is at the path; else throws the error. */
  async #absent(path: string, error: unknown): Promise<null> {
    const status = statusOf(error);
    if (status === 404) {
      return null;
    }
    // A drive without HTTP throws errors without a status: its listing tells.
    if (status === null && !isNetworkError(error) && path !== '') {
      const parent = await this.#get(parentOf(path), { type: 'directory', content: true });
      if (Array.isArray(parent.content) && !childrenOf(parent).some(isNamed(nameOf(path)))) {
        return null;
      }
    }
    throw error;
  }

  async #raw(path: string, size: number, options: FetchOptions): Promise<Content | null> {
    // A drive that can't name an address for the bytes has the contents API alone.
    const url = await this.#contents.getDownloadUrl(path).catch(() => '');
    if (!url.startsWith(this.#settings.baseUrl)) {
      return null;
    }
    this.#onRequest();
    return fetchRaw(this.#settings, url, size, options);
  }

  #get(path: string, options: Contents.IFetchOptions): Promise<Contents.IModel> {
    this.#onRequest();
    return this.#contents.get(path, options);
  }

  readonly #contents: Contents.IManager;
  readonly #settings: ServerConnection.ISettings;
  readonly #onRequest: () => void;
  /** Whether the server gives sha256 sums; null: not known yet. */
  #hashes: boolean | null = null;
}

export namespace ContentsFiles {
  export interface IOptions {
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** Called once for each request to the server. */
    readonly onRequest?: (() => void) | undefined;
  }
}

/** The models of what a listed directory holds. Throws when the model lists nothing at all. */
export function childrenOf(directory: Contents.IModel): readonly Contents.IModel[] {
  if (!Array.isArray(directory.content)) {
    throw new Error(trans.__('the answer holds no listing'));
  }
  return directory.content;
}

/** Not every drive tells. */
export function isWritable({ writable }: Contents.IModel): boolean {
  return writable !== false;
}

function isNamed(name: string): (model: Contents.IModel) => boolean {
  return model => model.name === name;
}

function bytesOf(model: Contents.IModel): Uint8Array<ArrayBuffer> {
  const content: unknown = model.content;
  if (model.format === 'base64' && typeof content === 'string') {
    return decodeBase64(content);
  }
  if (model.format === 'text' && typeof content === 'string') {
    return new TextEncoder().encode(content);
  }
  throw new Error(trans.__('the answer holds no bytes but "%1"', model.format));
}
