import type { StateStorage } from '../../src/state/storage';

/** A storage in memory that can be told to fail, to stop half-way, and to wait. */
export class MemoryStorage implements StateStorage {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** The names that were written, in order; failed writes too. */
  readonly writes: string[] = [];
  /** Reject each read of these names. */
  readonly unreadable = new Set<string>();
  /** What the next writes do, one each; 'write' when it has run out. */
  readonly plan: ('write' | 'refuse' | 'half' | 'lose-answer')[] = [];

  read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.unreadable.has(name)) {
      return Promise.reject(new Error('the server is away'));
    }
    return Promise.resolve(this.files.get(name)?.slice() ?? null);
  }

  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.writes.push(name);
    await this.#gate;
    switch (this.plan.shift() ?? 'write') {
      case 'refuse':
        throw new Error('no space left');
      case 'half':
        this.files.set(name, bytes.slice(0, bytes.length / 2));
        throw new Error('the connection broke');
      case 'lose-answer':
        this.files.set(name, bytes.slice());
        throw new Error('the answer was lost');
      case 'write':
        this.files.set(name, bytes.slice());
    }
  }

  /** Lets writes wait until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#gate = new Promise(resolve => (release = resolve));
    return release;
  }

  /** As it would be for a page that opens now. */
  copy(): MemoryStorage {
    const copy = new MemoryStorage();
    this.files.forEach((bytes, name) => copy.files.set(name, bytes.slice()));
    return copy;
  }

  #gate: Promise<void> = Promise.resolve();
}
