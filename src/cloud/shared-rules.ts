import { SyncMetadata } from './schemas';
import type { CloudProject } from './schemas';
import { trans } from '../sync/words';

/**
 * The ignore rules that all devices of a project share, as they were last learned from its metadata.
 *
 * #### Notes
 * Each change of a project takes a revision, and the feed tells those of files. Where one is missing it may have been the
 * metadata that changed (or a file that changed twice): then, and where there is no feed, the project must be asked.
 */
export class SharedRules {
  /** In .gitignore syntax. */
  get patterns(): readonly string[] {
    return this.#patterns;
  }

  /** Whether the patterns are those of the cloud as it was last looked at. */
  get isCurrent(): boolean {
    return this.#isCurrent;
  }

  /** The cloud is about to be looked at. */
  doubt(): void {
    this.#isCurrent = false;
  }

  /** Takes the rules of a project that was just read; tells whether they are others than before. */
  learn({ metadata, revision }: CloudProject): boolean {
    const before = this.#patterns;
    this.#patterns = SyncMetadata.safeParse(metadata?.sync).data?.ignore ?? [];
    this.#revision = revision ?? null;
    this.#isCurrent = true;
    return JSON.stringify(before) !== JSON.stringify(this.#patterns);
  }

  /** Takes note of the revisions that a feed told, from one revision to another. */
  follow(from: number, to: number, told: ReadonlySet<number>): void {
    if (this.#revision !== null && this.#revision >= from && told.size >= to - from) {
      this.#revision = Math.max(this.#revision, to);
      this.#isCurrent = true;
    }
  }

  #patterns: readonly string[] = [];
  #isCurrent = false;
  /** Of the project when the rules were certain; null while nothing proves them. */
  #revision: number | null = null;
}

/** The shared ignore rules are not those that the look at both sides began with: it must begin anew. */
export class RulesChanged extends Error {
  override readonly name = 'RulesChanged';

  constructor() {
    super(trans.__('The ignore rules of the project were changed meanwhile. Sync again.'));
  }
}
