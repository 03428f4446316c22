import { pacing } from './breathe';
import type { Pausing } from './breathe';
import { isConflictName } from './conflict-name';
import { enclosing } from './directory-moves';
import { otherSide } from './entry';
import type { Entry, EntryKind, Node, Side, Tree } from './entry';
import { ancestorsOf } from './path';
import type { Situation } from './plan';

/** A file that one side moved since the base. */
export interface Move {
  /** The side where it was moved. */
  readonly side: Side;
  readonly from: string;
  readonly to: string;
}

/** A situation in which moved files are seen at their new names on both sides. */
export interface Moved extends Situation {
  readonly moves: readonly Move[];
  /** Where a side has what is seen at a path, when that is another one. */
  readonly places: { readonly [side in Side]: ReadonlyMap<string, string> };
}

/**
 * Finds what was moved: a path of the base that is absent, and a new path with the same content, each the only one with it,
 * or gone and come with its directory.
 * The other side, if it still has the file, is seen as if it had moved it too: what it changed there meets the move
 * at the new name.
 *
 * @param canTell - false for a path whose absence proves nothing
 */
export function* withMoves(
  situation: Situation,
  canTell: (path: string, kind: EntryKind) => boolean
): Pausing<Moved> {
  const here = yield* movesOn('local', situation);
  const there = yield* movesOn('cloud', situation);
  const moves = [...here, ...there].filter(
    ({ from, to }) => canTell(from, 'file') && canTell(to, 'file')
  );
  if (moves.length === 0) {
    return { ...situation, moves, places: { local: new Map(), cloud: new Map() } };
  }
  const base = new Map(situation.base);
  const sides = { local: new Map(situation.local), cloud: new Map(situation.cloud) };
  const places = { local: new Map<string, string>(), cloud: new Map<string, string>() };
  for (const { side, from, to } of moves) {
    const other = otherSide(side);
    rename(base, from, to);
    rename(sides[other], from, to);
    places[other].set(to, from);
  }
  return { base, ...sides, moves, places };
}

function* movesOn(side: Side, { base, ...sides }: Situation): Pausing<Move[]> {
  const here = sides[side];
  const there = sides[otherSide(side)];
  const gone = yield* withContent(base, path => !here.has(path));
  const come = yield* withContent(here, path => !base.has(path));
  const isPossible = (from: string, to: string): boolean =>
    there.get(from)?.kind === 'file' &&
    !there.has(to) &&
    // Where a folder and a file change places, neither can wait for the other: content travels instead.
    !isBelowFile(from, here) &&
    !isBelowFile(to, there) &&
    // What is kept under such a name must be there before anything moves.
    !isConflictName(to);
  const moves: Move[] = [];
  const alike: (readonly [readonly string[], ReadonlySet<string>])[] = [];
  for (const [content, from] of gone) {
    const to = come.get(content) ?? [];
    const [onlyFrom, onlyTo] = [from[0], to[0]];
    if (from.length > 1 || to.length > 1) {
      alike.push([from, new Set(to)]);
    } else if (onlyFrom !== undefined && onlyTo !== undefined && isPossible(onlyFrom, onlyTo)) {
      moves.push({ side, from: onlyFrom, to: onlyTo });
    }
  }
  const along = alike.length > 0 && moves.length > 0 ? movedAlong(moves) : null;
  for (const [from, to] of along ? alike : []) {
    for (const path of from) {
      const place = along?.(path);
      if (place !== undefined && to.has(place) && isPossible(path, place)) {
        moves.push({ side, from: path, to: place });
      }
    }
  }
  return moves;
}

/**
 * Where a file went if it went along with its directory, as the moves show it: of several files with one content, those
 * that lie among others that moved together.
 */
function movedAlong(moves: readonly Move[]): (path: string) => string | undefined {
  const places = new Map<string, string | null>();
  for (const { from, to } of moves) {
    for (const [top, place] of enclosing(from, to)) {
      places.set(top, (places.get(top) ?? place) === place ? place : null);
    }
  }
  return path => {
    const nearest = ancestorsOf(path).findLast(above => places.has(above));
    const place = nearest === undefined ? null : places.get(nearest);
    return nearest === undefined || !place ? undefined : place + path.slice(nearest.length);
  };
}

function isBelowFile(path: string, tree: Tree): boolean {
  return ancestorsOf(path).some(above => tree.get(above)?.kind === 'file');
}

/** By content, the files that are chosen and have it. */
function* withContent(
  tree: Tree,
  isChosen: (path: string) => boolean
): Pausing<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  yield* pacing(tree, ([path, { sha256 }]) => {
    if (sha256 !== null && isChosen(path)) {
      const others = found.get(sha256);
      if (others) {
        others.push(path);
      } else {
        found.set(sha256, [path]);
      }
    }
  });
  return found;
}

function rename<T extends Node | Entry>(tree: Map<string, T>, from: string, to: string): void {
  const node = tree.get(from);
  if (node) {
    tree.delete(from);
    tree.set(to, node);
  }
}
