import { hashOfText } from '../property/support/trees';

/** Every text that a person wrote, or that was merged from such by the rules. */
export class Writings {
  has(text: string): boolean {
    return this.#byHash.has(hashOfText(text));
  }

  add(text: string): void {
    this.#byHash.set(hashOfText(text), text);
  }

  /** The text of the sha256. */
  get(sha256: string): string | undefined {
    return this.#byHash.get(sha256);
  }

  /** Whether it is where one of them starts. */
  isStart(start: string): boolean {
    return [...this.#byHash.values()].some(text => text.startsWith(start));
  }

  readonly #byHash = new Map<string, string>();
}
