import type { ServerConnection, Contents } from '@jupyterlab/services';

import { hashOf, sizeOf, sliceOf } from '../../sync/content';
import type { Content } from '../../sync/content';
import { joinPath } from '../../sync/path';
import type { Located, ReadResult, TransferOptions } from '../../sync/replica';
import { mapBounded } from '../bounded';
import { fetchRaw } from '../raw-bytes';
import { whyNotVisible } from '../visible-names';
import { HelperError, unlessHelperFailed } from './helper-error';
import type { HelperKernel } from './kernel';
import { unreadable } from './problems';

/** Bytes of one message. */
const MESSAGE = 4 * 1024 * 1024;
/** Bytes of one pack file, and files in it. */
const PACK = 8 * 1024 * 1024;
const FILES = 4000;
/** From so many bytes on packs are faster than messages: a browser takes half as long again for 2.5 MB by websocket. */
const PACKS_FROM = 1024 * 1024;
/** How many requests are under way at once. */
const WINDOW = 2;

const CHANGED: ReadResult = { status: 'changed' };

/** Files' contents: small ones by messages or pack files, large ones straight from the server. */
export class HelperRead {
  constructor(options: HelperRead.IOptions) {
    this.#options = options;
  }

  async run(wanted: readonly Located[]): Promise<ReadResult[]> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const results = wanted.map(() => CHANGED);
    const small: Wanted[] = [];
    const large: Wanted[] = [];
    wanted.forEach((located, at) => {
      if (located.entry.kind === 'file') {
        (located.entry.size > MESSAGE ? large : small).push({ ...located, at });
      }
    });
    const total = small.reduce((sum, { entry }) => sum + entry.size, 0);
    const isPacked = total >= PACKS_FROM;
    await mapBounded(batchesOf(small, isPacked ? PACK : MESSAGE), WINDOW, async batch => {
      signal.throwIfAborted();
      const read = (isPacked ? await this.#pack(batch) : null) ?? (await this.#messages(batch));
      batch.forEach(({ at }, index) => {
        results[at] = read[index] ?? CHANGED;
      });
    });
    await mapBounded(large, WINDOW, async each => {
      signal.throwIfAborted();
      results[each.at] = await this.#large(each);
    });
    return results;
  }

  /** By one request of the server's for a file that holds them all; null where that fails. */
  async #pack(batch: readonly Wanted[]): Promise<ReadResult[] | null> {
    const { helper, root, signal } = this.#options;
    const args = { root, wanted: batch.map(wholeOf) };
    let name: string;
    let told: readonly Told[];
    try {
      const { result } = await helper.request<Packed>('pack', args, { signal });
      ({ name, results: told } = result);
    } catch (error) {
      // The disk is full, say.
      if (error instanceof HelperError && helper.isReady) {
        return null;
      }
      throw error;
    }
    let content: Uint8Array<ArrayBuffer> | null;
    try {
      content = await this.#fetchPack(batch, told, name);
    } catch (error) {
      await this.#removePack(name);
      throw error;
    }
    const [read] = await Promise.all([
      content && this.#unfold(batch, told, content),
      this.#removePack(name)
    ]);
    return read;
  }

  async #fetchPack(
    batch: readonly Wanted[],
    told: readonly Told[],
    name: string
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const size = batch.reduce((sum, { entry }, at) => sum + (isFile(told[at]) ? entry.size : 0), 0);
    const content = await this.#fetch(joinPath(this.#options.stateFolder, name), size);
    return content && sizeOf(content) === size ? sliceOf(content) : null;
  }

  /** Without it the next program removes the file. */
  async #removePack(name: string): Promise<void> {
    await this.#options.helper.request('unpack', { name }).catch(unlessHelperFailed);
  }

  async #messages(batch: readonly Wanted[]): Promise<ReadResult[]> {
    const results: ReadResult[] = [];
    for (const part of batchesOf(batch, MESSAGE)) {
      const { helper, root, signal } = this.#options;
      const args = { root, wanted: part.map(wholeOf) };
      const { result, buffers } = await helper.request<Results>('read', args, { signal });
      const bytes = buffers[0] ?? new Uint8Array();
      results.push(...(await this.#unfold(part, result.results, bytes)));
    }
    return results;
  }

  /** The bytes of all that could be read lie one after the other. */
  #unfold(
    batch: readonly Wanted[],
    told: readonly Told[],
    bytes: Uint8Array<ArrayBuffer>
  ): Promise<ReadResult[]> {
    let start = 0;
    const pieces = batch.map(({ entry }, at) => {
      const end = start + (isFile(told[at]) ? entry.size : 0);
      const piece = bytes.subarray(start, end);
      start = end;
      return piece;
    });
    return mapBounded([...batch.keys()], 16, async at => {
      const [each, result, content] = [batch[at], told[at], pieces[at]];
      if (!each || !result || !content) {
        return CHANGED;
      }
      if (result[0] === 'failed') {
        return { status: 'failed', problem: unreadable(each.path, result[1]) };
      }
      return result[0] === 'file' ? this.#checked(each, content, true) : CHANGED;
    });
  }

  async #large(each: Wanted): Promise<ReadResult> {
    const { root } = this.#options;
    const full = joinPath(root, each.path);
    if (whyNotVisible(full) === null) {
      const content = await this.#fetch(full, each.entry.size, this.#options.onBytes);
      if (content) {
        const result = await this.#checked(each, content, false);
        if (result.status === 'read') {
          return result;
        }
      }
    }
    return this.#ranges(each);
  }

  async #ranges(each: Wanted): Promise<ReadResult> {
    const { helper, root, signal } = this.#options;
    const { path, entry } = each;
    const starts = Array.from({ length: Math.ceil(entry.size / MESSAGE) }, (_, at) => at * MESSAGE);
    const parts: (Blob | ReadResult)[] = await mapBounded(starts, WINDOW, async start => {
      signal.throwIfAborted();
      const wanted = [[path, start, Math.min(MESSAGE, entry.size - start)]];
      const { result, buffers } = await helper.request<Results>(
        'read',
        { root, wanted },
        { signal }
      );
      const told = result.results[0];
      if (told?.[0] === 'failed') {
        return { status: 'failed', problem: unreadable(path, told[1]) };
      }
      return isFile(told) ? new Blob([...buffers]) : CHANGED;
    });
    const blobs: Blob[] = [];
    for (const part of parts) {
      if (!(part instanceof Blob)) {
        return part;
      }
      blobs.push(part);
    }
    return this.#checked(each, new Blob(blobs), true);
  }

  /** @param isCounted - whether the bytes are told now, and were not as they came */
  async #checked(each: Wanted, content: Content, isCounted: boolean): Promise<ReadResult> {
    const isIt =
      sizeOf(content) === each.entry.size && (await hashOf(content)) === each.entry.sha256;
    if (isIt && isCounted) {
      this.#options.onBytes?.(each.entry.size);
    }
    return isIt ? { status: 'read', content, entry: each.entry } : CHANGED;
  }

  async #fetch(
    path: string,
    size: number,
    onBytes?: (bytes: number) => void
  ): Promise<Content | null> {
    const { contents, serverSettings, signal, onRequest } = this.#options;
    const url = await contents.getDownloadUrl(path).catch(() => '');
    if (!url.startsWith(serverSettings.baseUrl)) {
      return null;
    }
    onRequest?.();
    return fetchRaw(serverSettings, url, size, { signal, onBytes });
  }

  readonly #options: HelperRead.IOptions;
}

export namespace HelperRead {
  export interface IOptions extends TransferOptions {
    readonly helper: HelperKernel;
    readonly root: string;
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    readonly stateFolder: string;
    readonly onRequest?: (() => void) | undefined;
  }
}

interface Wanted extends Located {
  /** Its place in the answer. */
  readonly at: number;
}

type Told =
  | readonly ['file', ...unknown[]]
  | readonly ['gone' | 'changed']
  | readonly ['failed', code: string, message: string];

interface Results {
  readonly results: readonly Told[];
}

interface Packed extends Results {
  readonly name: string;
}

function isFile(told: Told | undefined): boolean {
  return told?.[0] === 'file';
}

/** What the program is asked for: the path, where to start and how many bytes. */
function wholeOf({ path, entry }: Wanted): [string, number, number] {
  return [path, 0, entry.size];
}

function batchesOf(wanted: readonly Wanted[], limit: number): Wanted[][] {
  const batches: Wanted[][] = [];
  let batch: Wanted[] = [];
  let bytes = 0;
  for (const each of wanted) {
    if (batch.length >= FILES || (batch.length > 0 && bytes + each.entry.size > limit)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(each);
    bytes += each.entry.size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
