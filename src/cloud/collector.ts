import type { Content } from '../sync/content';

/** Up to this, in bytes, content is kept in memory; above, as a Blob, which a browser may keep on disk. */
export const MAX_IN_MEMORY = 8 * 1024 * 1024;

/** Puts together the bytes of one answer, over several requests where it broke off. */
export class Collector {
  /** What the bytes are of, as the cloud names it for certain; null: the rest of them can't be asked for. */
  etag: string | null = null;

  /** Bytes that came. */
  get size(): number {
    return this.#size;
  }

  add(chunk: Uint8Array<ArrayBuffer>): void {
    this.#pending.push(chunk);
    this.#pendingSize += chunk.byteLength;
    this.#size += chunk.byteLength;
    if (this.#pendingSize > MAX_IN_MEMORY) {
      this.#blobs.push(new Blob(this.#pending));
      this.#pending = [];
      this.#pendingSize = 0;
    }
  }

  /** Forgets what came. */
  reset(): void {
    this.etag = null;
    this.#blobs = [];
    this.#pending = [];
    this.#pendingSize = 0;
    this.#size = 0;
  }

  content(): Content {
    if (this.#blobs.length > 0) {
      return new Blob([...this.#blobs, ...this.#pending]);
    }
    const bytes = new Uint8Array(this.#size);
    let offset = 0;
    for (const chunk of this.#pending) {
      bytes.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return bytes;
  }

  #blobs: Blob[] = [];
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingSize = 0;
  #size = 0;
}
