import { breather, breathing, pacing } from '../../sync/breathe';
import type { Entry, EntryKind, Tree } from '../../sync/entry';
import { ancestorsOf, invalidPath, parentOf } from '../../sync/path';
import type { Scan } from '../../sync/replica';

/** In more directories than so many the whole tree is looked at: that is one request as well. */
const MANY = 100;

/** What a look told beside the entries, which holds until somebody looks there again. */
export interface Beside extends Pick<Scan, 'unknown' | 'problems'> {
  readonly ignored: readonly string[];
  /** By which it was ignored. */
  readonly ignores: (path: string, kind: EntryKind) => boolean;
}

/** Which part of a tree is looked at: some directories by their names, and all that is new in them. */
export interface Region {
  /** Relative to the project's root, which is ''. */
  readonly starts: ReadonlySet<string>;
  /** Known directories in them that are not entered, since nothing is told of what is below. */
  readonly passes: ReadonlySet<string>;
}

/**
 * The part of the tree that shows what became of the paths.
 *
 * @param beside - of the last look
 *
 * @returns null where only a look at the whole tree does
 */
export function regionOf(
  only: readonly string[],
  known: Tree<Entry>,
  beside: Beside
): Region | null {
  const starts = new Set<string>();
  const entered = new Set<string>();
  for (const path of only) {
    if (invalidPath(path) !== null) {
      return null;
    }
    const above = ancestorsOf(path);
    if (above.some(each => beside.ignores(each, 'directory'))) {
      continue;
    }
    // Of what is new the topmost directory is found, and entered.
    const top = above.find(each => known.get(each)?.kind !== 'directory') ?? path;
    starts.add(parentOf(top));
    entered.add(top);
  }
  const isEntered = (path: string) => entered.has(path) || ancestorsOf(path).some(isNamed);
  const isNamed = (path: string) => entered.has(path);
  for (const start of [...starts].filter(isEntered)) {
    starts.delete(start);
  }
  // What can't be told of one path is told by a look that comes by it from above.
  const isOdd = (path: string) => starts.has(parentOf(path)) || known.has(path) || isEntered(path);
  if (starts.size === 0 || starts.size > MANY || beside.unknown.some(isOdd)) {
    return null;
  }
  const passes = new Set<string>();
  for (const [path, { kind }] of known) {
    if (kind === 'directory' && starts.has(parentOf(path)) && !entered.has(path)) {
      passes.add(path);
    }
  }
  return { starts, passes };
}

/**
 * The whole tree: what the look at the region found, and what was known of the rest.
 *
 * @returns null where the look met anything that is not as simple as that
 */
export async function wholeOf(
  region: Region,
  found: Scan,
  known: Tree<Entry>,
  beside: Beside
): Promise<Scan | null> {
  if (found.root !== 'present') {
    return found;
  }
  if (found.unknown.length > 0) {
    return null;
  }
  const { starts, passes } = region;
  /** Whether the look neither came by the path nor found that a directory above it is gone. */
  const isOut = (path: string) =>
    !starts.has(parentOf(path)) &&
    ancestorsOf(path).every(
      above =>
        !starts.has(parentOf(above)) ||
        (passes.has(above) && found.entries.get(above)?.kind === 'directory')
    );
  const entries = new Map<string, Entry>();
  const carrying = pacing(known, ([path, entry]) => {
    if (isOut(path)) {
      entries.set(path, entry);
    }
  });
  await breathing(carrying, breather());
  found.entries.forEach((entry, path) => entries.set(path, entry));
  return {
    ...found,
    entries,
    unknown: beside.unknown.filter(isOut),
    problems: beside.problems.filter(({ path }) => isOut(path)),
    ignored: [...beside.ignored.filter(isOut), ...(found.ignored ?? [])]
  };
}
