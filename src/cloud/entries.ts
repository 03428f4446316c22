import type { Entry, EntryKind } from '../sync/entry';
import { ancestorsOf, invalidPath, isWithin, parentOf } from '../sync/path';
import type { Problem } from '../sync/problem';
import type { CloudFile } from './schemas';
import { trans } from '../sync/words';

/** What a listing came to: entries that can be used, and what could not. */
export interface Listed {
  readonly entries: Map<string, Entry>;
  readonly problems: Problem[];
  readonly unknown: string[];
}

export function entryOf(file: CloudFile): Entry {
  return {
    kind: file.kind,
    size: file.kind === 'file' ? file.size : 0,
    sha256: file.kind === 'file' ? file.sha256 : null,
    version: file.file_version_id,
    id: file.file_id,
    seenAt: Date.parse(file.updated_at)
  };
}

/** The known entry where the cloud still says the same, so that who compares by identity sees no change. */
export function sameOr(known: Entry | undefined, entry: Entry): Entry {
  return known &&
    known.version === entry.version &&
    known.kind === entry.kind &&
    known.sha256 === entry.sha256 &&
    known.size === entry.size &&
    known.id === entry.id
    ? known
    : entry;
}

/** Takes in what the cloud lists, path by path. Names that lead astray, and names listed twice, never become entries. */
export class Listing {
  constructor(known: ReadonlyMap<string, Entry>) {
    this.#known = known;
  }

  add(path: string, entry: Entry): void {
    const reason = invalidPath(path);
    if (reason !== null) {
      this.#problems.push(invalidName(path, reason));
      return;
    }
    if (this.#entries.has(path)) {
      this.#doubt(path, trans.__('The cloud lists two files under this name.'));
      return;
    }
    this.#entries.set(path, sameOr(this.#known.get(path), entry));
  }

  /** The path is there, and what it holds could not be learned. */
  addUnknown(path: string, problem: Problem | null): void {
    this.#unknown.add(path);
    if (problem) {
      this.#problems.push(problem);
    }
  }

  /** What came together; every entry's parents are directories in it. */
  finish(): Listed {
    for (const path of this.#entries.keys()) {
      const odd = ancestorsOf(path).find(above => this.#entries.get(above)?.kind !== 'directory');
      if (odd !== undefined) {
        this.#doubt(
          odd,
          trans.__('The cloud lists files below this name, and no folder of this name.')
        );
      }
    }
    const unknown = [...this.#unknown];
    if (unknown.length > 0) {
      for (const path of [...this.#entries.keys()]) {
        if (unknown.some(top => isWithin(path, top))) {
          this.#entries.delete(path);
        }
      }
    }
    return { entries: this.#entries, problems: this.#problems, unknown };
  }

  #doubt(path: string, what: string): void {
    if (this.#unknown.has(path)) {
      return;
    }
    this.#unknown.add(path);
    this.#problems.push({
      path,
      code: 'corrupt',
      message: trans.__('%1 It is left alone; tell whoever runs the cloud.', what)
    });
  }

  readonly #known: ReadonlyMap<string, Entry>;
  readonly #entries = new Map<string, Entry>();
  readonly #problems: Problem[] = [];
  readonly #unknown = new Set<string>();
}

/** A problem for a path that is not valid in a project. */
export function invalidName(path: string, reason: string): Problem {
  return {
    path,
    code: 'invalid-name',
    message: trans.__("This name can't be held in a project: %1. Give it another name.", reason)
  };
}

/**
 * The entries that are neither ignored nor below what is. Asks once a path, and never below an ignored directory.
 */
export function visible(
  entries: ReadonlyMap<string, Entry>,
  ignores: (path: string, kind: EntryKind) => boolean
): ReadonlyMap<string, Entry> {
  const directories = new Map<string, boolean>([['', false]]);
  const isIgnored = (path: string, kind: EntryKind): boolean =>
    isIgnoredDirectory(parentOf(path)) || ignores(path, kind);
  const isIgnoredDirectory = (path: string): boolean => {
    let ignored = directories.get(path);
    if (ignored === undefined) {
      ignored = isIgnored(path, 'directory');
      directories.set(path, ignored);
    }
    return ignored;
  };
  const seen = new Map<string, Entry>();
  for (const [path, entry] of entries) {
    const ignored =
      entry.kind === 'directory' ? isIgnoredDirectory(path) : isIgnored(path, entry.kind);
    if (!ignored) {
      seen.set(path, entry);
    }
  }
  return seen.size === entries.size ? entries : seen;
}
