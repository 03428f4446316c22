import { z } from 'zod';

import { StateError, wordsOf } from '../state/state-error';
import type { StateStorage } from '../state/storage';
import { trans } from '../sync/words';

export const LEASE_FILE = 'lease.json';

const COUNT = z.number().nonnegative();

const RECORD = z.object({
  owner: z.string().nullable(),
  page: z.string(),
  sequence: z.number().int(),
  projectId: z.string().nullable(),
  progress: z
    .object({ filesDone: COUNT, filesTotal: COUNT, bytesDone: COUNT, bytesTotal: COUNT })
    .nullable()
});

/** What the lease's file says; a plain JSON value. */
export interface LeaseRecord {
  /** The browser (where pages have no locks: the page) that may write; null: none does. */
  readonly owner: string | null;
  /** The page that wrote this, which held it last. */
  readonly page: string;
  /** Grows with every write: a record that stays the same is one that nobody renews. */
  readonly sequence: number;
  /** What is synced; null where it is the state alone that is changed. */
  readonly projectId: string | null;
  readonly progress: LeaseProgress | null;
}

/** How far the holder is. */
export interface LeaseProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** The file as it was read. */
export interface LeaseText {
  readonly text: string;
  /** null where it says nothing: a write that goes on has it cut short, say. */
  readonly record: LeaseRecord | null;
}

/** The lease's file, beside the state's. Its methods reject with StateError `not-saved`. */
export class LeaseFile {
  constructor(storage: Pick<StateStorage, 'read' | 'write'>) {
    this.#storage = storage;
  }

  /** null when there is none. */
  async read(): Promise<LeaseText | null> {
    let bytes: Uint8Array | null;
    try {
      bytes = await this.#storage.read(LEASE_FILE);
    } catch (error) {
      throw failure(error);
    }
    const text = bytes && new TextDecoder().decode(bytes);
    return text === null ? null : { text, record: parse(text) };
  }

  async write(record: LeaseRecord): Promise<void> {
    try {
      const text = `${JSON.stringify(record)}\n`;
      await this.#storage.write(LEASE_FILE, new TextEncoder().encode(text));
    } catch (error) {
      throw failure(error);
    }
  }

  readonly #storage: Pick<StateStorage, 'read' | 'write'>;
}

function parse(text: string): LeaseRecord | null {
  try {
    return RECORD.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function failure(error: unknown): StateError {
  return new StateError(
    'not-saved',
    trans.__(
      'Whether another browser syncs is kept in %1, beside the saved state. That failed: %2',
      LEASE_FILE,
      wordsOf(error)
    ),
    { cause: error }
  );
}
