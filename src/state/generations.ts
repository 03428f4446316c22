import type { Breathe } from '../sync/breathe';
import { seal, unseal } from './trailer';
import type { Sealed } from './trailer';
import type { StateStorage } from './storage';
import { StateError, wordsOf } from './state-error';
import { trans } from '../sync/words';

export const STATE_FILES = ['state-a.sqlite3', 'state-b.sqlite3'] as const;
export type StateFile = (typeof STATE_FILES)[number];

/** One whole saved state. */
export interface Generation extends Sealed {
  readonly file: StateFile;
  /** The file's bytes, with what follows the database. */
  readonly whole: Uint8Array<ArrayBuffer>;
}

/** A file that is there and holds no whole state. */
export interface Damage {
  readonly file: StateFile;
  /** In words, as `its content does not match its checksum`. */
  readonly reason: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The two files the state is saved in, by turns: a save replaces the older one, so that a save cut short by a crash
 * leaves the newer one whole. A failed save is made again in the same file: the good one is never the target.
 *
 * #### Notes
 * A damaged file that is about to be replaced is first copied beside it, as `state-a.damaged.sqlite3`.
 */
export class Generations {
  /** @param breathe - awaited between the pieces of a save. Default: nothing comes in between */
  constructor(storage: StateStorage, breathe?: Breathe) {
    this.#storage = storage;
    this.#breathe = breathe;
  }

  /**
   * Reads both files. `found` is newest first.
   *
   * @throws StateError `unreadable` when a file could not be read, which says nothing about what is in it.
   */
  async read(): Promise<{ found: Generation[]; damaged: Damage[] }> {
    const found: Generation[] = [];
    const damaged: Damage[] = [];
    for (const file of STATE_FILES) {
      const bytes = await this.#readFile(file);
      if (bytes === null) {
        continue;
      }
      const sealed = await unseal(bytes);
      if (typeof sealed === 'string') {
        damaged.push({ file, reason: sealed, bytes });
      } else {
        found.push({ file, whole: bytes, ...sealed });
      }
    }
    found.sort((a, b) => b.number - a.number);
    return { found, damaged };
  }

  /**
   * Takes what `read` found, less what turned out not to open, as where things stand.
   *
   * @param current the generation that is in use; null when a fresh state is begun
   */
  adopt(current: Generation | null, damaged: readonly Damage[]): void {
    this.#current = current;
    this.#damaged = new Map(
      damaged.filter(({ bytes }) => bytes.length > 0).map(({ file, bytes }) => [file, bytes])
    );
  }

  /** Whether another page saved this after what is in use here. */
  isNews(generation: Generation): boolean {
    const current = this.#current;
    return (
      current === null ||
      (generation.number >= current.number && generation.checksum !== current.checksum)
    );
  }

  /**
   * Saves a database as the next generation.
   *
   * @returns what tells it from every other generation
   * @throws StateError `not-saved`; the generation in use is untouched then.
   */
  async save(database: Uint8Array): Promise<string> {
    const file = this.#current?.file === STATE_FILES[0] ? STATE_FILES[1] : STATE_FILES[0];
    const number = (this.#current?.number ?? 0) + 1;
    try {
      await this.#keepDamaged(file);
      const sealed = await seal(database, number, this.#breathe);
      await this.#breathe?.();
      await this.#storage.write(file, sealed.file);
      this.#current = { file, number, checksum: sealed.checksum };
      return `${number} ${sealed.checksum}`;
    } catch (error) {
      throw new StateError(
        'not-saved',
        trans.__('What was synced could not be saved in %1: %2', file, wordsOf(error)),
        { cause: error }
      );
    }
  }

  async #readFile(file: StateFile): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      return await this.#storage.read(file);
    } catch (error) {
      throw new StateError(
        'unreadable',
        trans.__('The saved state (%1) could not be read: %2', file, wordsOf(error)),
        { cause: error }
      );
    }
  }

  async #keepDamaged(file: StateFile): Promise<void> {
    const bytes = this.#damaged.get(file);
    if (bytes) {
      await this.#storage.write(file.replace('.sqlite3', '.damaged.sqlite3'), bytes);
      this.#damaged.delete(file);
    }
  }

  readonly #storage: StateStorage;
  readonly #breathe: Breathe | undefined;
  #current: Omit<Generation, 'bytes' | 'whole'> | null = null;
  #damaged = new Map<StateFile, Uint8Array<ArrayBuffer>>();
}
