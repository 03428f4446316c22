import { ancestorsOf } from '../../sync/path';
import type { Problem } from '../../sync/problem';

/** Paths of which a scan learned nothing, nor of what is below them. */
export class Unknowns {
  /** Without a problem: it went while the scan looked. */
  add(path: string, problem?: Problem): void {
    this.#paths.add(path);
    if (problem) {
      this.#problems.set(path, problem);
    }
  }

  holds(path: string): boolean {
    return this.#paths.size > 0 && (this.#paths.has(path) || this.isBelow(path));
  }

  isBelow(path: string): boolean {
    return this.#paths.size > 0 && ancestorsOf(path).some(above => this.#paths.has(above));
  }

  /** The topmost ones. */
  get paths(): string[] {
    return [...this.#paths].filter(path => !this.isBelow(path));
  }

  get problems(): Problem[] {
    return [...this.#problems.values()].filter(({ path }) => !this.isBelow(path));
  }

  readonly #paths = new Set<string>();
  readonly #problems = new Map<string, Problem>();
}
