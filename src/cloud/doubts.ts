import type { Entry, Tree } from '../sync/entry';
import type { Located, ReadResult } from '../sync/replica';
import { trans } from '../sync/words';

interface Doubt {
  readonly entry: Entry;
  /** The cloud was asked again, and says the same. */
  readonly isConfirmed: boolean;
}

/**
 * Files that the cloud did not give as they were known: what is known of them may be wrong, so the cloud is asked again
 * before that is called the cloud's fault.
 */
export class Doubts {
  /** `changed` for the first time, so that the path is looked at again; a problem when that led to nothing. */
  weigh({ path, entry }: Located, result: ReadResult): ReadResult {
    const isOdd =
      result.status === 'changed' ||
      (result.status === 'failed' && result.problem.code === 'corrupt');
    if (!isOdd) {
      return result;
    }
    const doubt = this.#doubts.get(path);
    if (doubt?.isConfirmed && isSame(doubt.entry, entry)) {
      return result.status === 'failed' ? result : { status: 'failed', problem: notGiven(path) };
    }
    this.#doubts.set(path, { entry, isConfirmed: false });
    return { status: 'changed' };
  }

  /** Those of which the cloud was not asked again. */
  paths(): ReadonlySet<string> {
    return new Set([...this.#doubts].flatMap(([path, each]) => (each.isConfirmed ? [] : [path])));
  }

  /** Whether something that is in doubt is still known as it was. */
  isAbout(entries: Tree<Entry>): boolean {
    return [...this.#doubts].some(([path, { entry, isConfirmed }]) => {
      const now = entries.get(path);
      return !isConfirmed && now !== undefined && isSame(now, entry);
    });
  }

  /** Takes what the cloud says now. */
  settle(entries: Tree<Entry>): void {
    for (const [path, { entry }] of this.#doubts) {
      const now = entries.get(path);
      if (now && isSame(now, entry)) {
        this.#doubts.set(path, { entry, isConfirmed: true });
      } else {
        this.#doubts.delete(path);
      }
    }
  }

  readonly #doubts = new Map<string, Doubt>();
}

function isSame(a: Entry, b: Entry): boolean {
  return a.version === b.version && a.sha256 === b.sha256;
}

function notGiven(path: string) {
  return {
    path,
    code: 'unreadable' as const,
    message: trans.__(
      'The cloud lists this file, and does not give it as it is listed. Nothing was changed; sync again, and if it stays so tell whoever runs the cloud.'
    )
  };
}
