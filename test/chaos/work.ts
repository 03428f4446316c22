import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Random } from '../simulation/random';
import type { RawProject } from '../support/raw-project';
import { bytesFrom, sha256 } from './bytes';

/**
 * What people do on both sides of one project, beside Jupyter and beside the page; and what must not be lost of it.
 */
export class Work {
  constructor(options: Work.IOptions) {
    this.#random = options.random;
    this.#root = options.root;
    this.path = options.path;
    this.raw = options.raw;
  }

  readonly raw: RawProject;

  /** The project's folder, relative to the Jupyter root. */
  readonly path: string;

  /** Every content that somebody wrote, by its sha256: where. Nothing else may ever be in a file. */
  readonly written = new Map<string, string>();

  /** The project's folder on disk, as this process sees it. */
  get folder(): string {
    return join(this.#root(), this.path);
  }

  /** The contents that must be somewhere: what nobody replaced before it could be synced. */
  get kept(): ReadonlyMap<string, string> {
    return new Map([...this.written].filter(([sha]) => !this.#givenUp.has(sha)));
  }

  /** Writes new content of so many bytes here, in one step. Rejects where the disk has no room, and writes nothing then. */
  async here(path: string, size: number): Promise<void> {
    const bytes = bytesFrom(this.#random, size);
    const beside = join(this.#root(), `.beside-${this.written.size}`);
    try {
      await writeFile(beside, bytes);
      await mkdir(dirname(join(this.folder, path)), { recursive: true });
      await rename(beside, join(this.folder, path));
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    this.#replaced(path);
    this.#note(bytes, `${path} here`, path);
  }

  /** Writes new content of so many bytes in the cloud. */
  async there(path: string, size: number): Promise<void> {
    const bytes = bytesFrom(this.#random, size);
    await this.raw.write(path, bytes);
    this.#note(bytes, `${path} in the cloud`, null);
  }

  async removeHere(path: string): Promise<void> {
    await rm(join(this.folder, path), { force: true });
    this.#replaced(path);
  }

  /** Does nothing where there is no such file any more. */
  async renameHere(from: string, to: string): Promise<void> {
    if ((await this.sizeHere(from)) === null) {
      return;
    }
    await mkdir(dirname(join(this.folder, to)), { recursive: true });
    await rename(join(this.folder, from), join(this.folder, to));
    const sha = this.#here.get(from);
    this.#here.delete(from);
    if (sha !== undefined) {
      this.#here.set(to, sha);
    }
  }

  /** All that was written until now is agreed on, so the cloud has it as a version whatever comes. */
  agreed(): void {
    this.#here.clear();
  }

  /** The size of a file here in bytes; null where there is none. */
  async sizeHere(path: string): Promise<number | null> {
    try {
      return (await stat(join(this.folder, path))).size;
    } catch {
      return null;
    }
  }

  /** Every file here by its path, but hidden ones. */
  async filesHere(): Promise<Map<string, Buffer>> {
    const files = new Map<string, Buffer>();
    for (const entry of await readdir(this.folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(this.folder.length + 1);
      if (entry.isFile() && !/(^|\/)\./.test(path)) {
        files.set(path, await readFile(join(this.folder, path)));
      }
    }
    return files;
  }

  #note(bytes: Buffer, where: string, path: string | null): void {
    const sha = sha256(bytes);
    this.written.set(sha, where);
    if (path !== null) {
      this.#here.set(path, sha);
    }
  }

  /** A person who replaces what they wrote gives it up, if no sync had it yet. */
  #replaced(path: string): void {
    const before = this.#here.get(path);
    if (before !== undefined) {
      this.#givenUp.add(before);
      this.#here.delete(path);
    }
  }

  readonly #random: Random;
  readonly #root: () => string;
  /** What people wrote here since all was agreed, by path. */
  readonly #here = new Map<string, string>();
  readonly #givenUp = new Set<string>();
}

export namespace Work {
  export interface IOptions {
    readonly random: Random;
    /** The Jupyter root on disk as this process sees it now. */
    readonly root: () => string;
    readonly path: string;
    /** The project, behind no proxy. */
    readonly raw: RawProject;
  }
}
