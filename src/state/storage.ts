/**
 * Where the state's files are kept: a flat folder of a few small files.
 *
 * #### Notes
 * `read` resolves with null only when the file is known not to be there. A file that could not be read is a
 * rejection: taking it for absent would start a fresh state over a good one.
 */
export interface StateStorage {
  /** The whole file `name` (no slash in it), or null when there is none. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Replaces the whole file. Durable when resolved; after a rejection the file may hold anything. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}
