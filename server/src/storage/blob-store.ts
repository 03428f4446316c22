import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { systemCode } from '../errors';

/** Bytes in order, from the network or a disk. */
export type ByteSource = AsyncIterable<Uint8Array>;

export interface StoredBytes {
  readonly size: number;
  readonly sha256: string;
}

/** More bytes came than may. */
export class TooManyBytes extends Error {}

/** The bytes are not those that were announced. */
export class WrongBytes extends Error {}

/**
 * Contents on disk, each named by its sha256, and the parts of contents that are still arriving.
 *
 * #### Notes
 * A blob is whole or absent: it is written under a temporary name, flushed, and renamed, before any row names it.
 */
export class BlobStore {
  readonly #blobs: string;
  readonly #parts: string;
  readonly #temporary: string;

  constructor(folder: string) {
    this.#blobs = join(folder, 'blobs');
    this.#parts = join(folder, 'parts');
    this.#temporary = join(folder, 'tmp');
  }

  /**
   * Makes the folders, and removes what a killed process left half-written.
   *
   * @param settled - what was written to in the last so many ms may be another process's, and stays.
   */
  async open(settled = 0): Promise<void> {
    for (const folder of [this.#blobs, this.#parts, this.#temporary]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    for (const name of await readdir(this.#temporary)) {
      await removeSettled(join(this.#temporary, name), settled);
    }
  }

  /**
   * Stores a content while it arrives; memory holds a chunk of it at a time.
   *
   * @param limit - bytes; more throw `TooManyBytes`.
   * @param accepts - told what arrived before it is stored; what it throws leaves nothing behind.
   */
  async write(
    source: ByteSource,
    limit: number,
    accepts: (stored: StoredBytes) => void
  ): Promise<StoredBytes> {
    const temporary = this.#temporaryName();
    try {
      const stored = await writeTo(temporary, source, limit);
      accepts(stored);
      await this.#keep(temporary, this.#pathOf(stored.sha256));
      return stored;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Stores one part of a content; a part that was there is replaced. Throws `WrongBytes` unless it has `size` bytes. */
  async writePart(
    version: string,
    number: number,
    source: ByteSource,
    size: number
  ): Promise<void> {
    const temporary = this.#temporaryName();
    try {
      const stored = await writeTo(temporary, source, size);
      if (stored.size !== size) {
        throw new WrongBytes(`The part has ${stored.size} bytes and should have ${size}.`);
      }
      await this.#keep(temporary, this.#partOf(version, number));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Joins the parts, in order, to one content. Throws `WrongBytes` unless they are what was announced. */
  async join(version: string, numbers: readonly number[], announced: StoredBytes): Promise<void> {
    const parts = numbers.map(number => this.#partOf(version, number));
    await this.write(concatenate(parts), announced.size, ({ size, sha256 }) => {
      if (size !== announced.size || sha256 !== announced.sha256) {
        throw new WrongBytes('The parts together are not the content that was announced.');
      }
    });
  }

  async removeParts(version: string): Promise<void> {
    await rm(join(this.#parts, version), { recursive: true, force: true });
  }

  async has({ sha256, size }: StoredBytes): Promise<boolean> {
    try {
      return (await stat(this.#pathOf(sha256))).size === size;
    } catch {
      return false;
    }
  }

  /** The bytes from `start` up to and including `end`. The file is open when this resolves. */
  async read(sha256: string, start: number, end: number): Promise<ReadableStream<Uint8Array>> {
    const handle = await open(this.#pathOf(sha256), 'r');
    return streamOf(handle, start, end);
  }

  #pathOf(sha256: string): string {
    return join(this.#blobs, sha256.slice(0, 2), sha256);
  }

  #partOf(version: string, number: number): string {
    return join(this.#parts, version, String(number));
  }

  #temporaryName(): string {
    return join(this.#temporary, randomUUID());
  }

  async #keep(temporary: string, target: string): Promise<void> {
    const made = await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(temporary, target);
    await flushFolder(dirname(target));
    if (made !== undefined) {
      await flushFolder(dirname(made));
    }
  }

  /** @param settled - what was stored, or stored again, in the last so many ms stays. */
  async remove(sha256: string, settled = 0): Promise<void> {
    await removeSettled(this.#pathOf(sha256), settled);
  }

  /** The versions of which parts are stored; for maintenance. */
  async listParts(): Promise<string[]> {
    return readdir(this.#parts);
  }

  /** Whether no content is here. */
  async isEmpty(): Promise<boolean> {
    for await (const _ of this.list()) {
      return false;
    }
    return true;
  }

  /** The names of all contents; for maintenance. */
  async *list(): AsyncGenerator<string> {
    for (const group of await readdir(this.#blobs)) {
      yield* await readdir(join(this.#blobs, group));
    }
  }
}

async function removeSettled(file: string, settled: number): Promise<void> {
  try {
    if (settled === 0 || (await stat(file)).mtimeMs < Date.now() - settled) {
      await rm(file, { force: true, recursive: true });
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      throw error;
    }
  }
}

async function writeTo(file: string, source: ByteSource, limit: number): Promise<StoredBytes> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > limit) {
        throw new TooManyBytes(`More than ${limit} bytes came.`);
      }
      hash.update(chunk);
      await writeAll(handle, chunk);
    }
    await handle.sync();
    return { size, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    offset += (await handle.write(chunk, offset)).bytesWritten;
  }
}

/** Throws `WrongBytes` where one is gone. */
async function* concatenate(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    try {
      for await (const chunk of createReadStream(file)) {
        yield chunk as Uint8Array;
      }
    } catch (error) {
      throw systemCode(error) === 'ENOENT' ? new WrongBytes('A part is gone.') : error;
    }
  }
}

const READ_CHUNK = 256 * 1024;

function streamOf(handle: FileHandle, start: number, end: number): ReadableStream<Uint8Array> {
  let position = start;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const length = Math.min(READ_CHUNK, end + 1 - position);
          const { bytesRead, buffer } =
            length > 0
              ? await handle.read(new Uint8Array(length), 0, length, position)
              : { bytesRead: 0, buffer: new Uint8Array() };
          position += bytesRead;
          if (bytesRead > 0) {
            controller.enqueue(buffer.subarray(0, bytesRead));
          }
          if (bytesRead === 0 && position <= end) {
            throw new Error('A stored content is shorter than its row says.');
          }
          if (position > end) {
            await handle.close();
            controller.close();
          }
        } catch (error) {
          await handle.close();
          throw error;
        }
      },
      async cancel() {
        await handle.close();
      }
    },
    { highWaterMark: 0 }
  );
}

/** A rename outlives a power cut only when its folder is flushed; where folders can't be opened there is no such step. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') {
    return;
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
