import { isConflictName } from './conflict-name';
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
 * Finds what was moved: a path of the base that is absent, and a new path with the same content, each the only one with it.
 * The other side, if it still has the file, is seen as if it had moved it too: what it changed there meets the move
 * at the new name.
 *
 * @param canTell - false for a path whose absence proves nothing
 */
export function withMoves(
  situation: Situation,
  canTell: (path: string, kind: EntryKind) => boolean
): Moved {
  const moves = [...movesOn('local', situation), ...movesOn('cloud', situation)].filter(
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

function movesOn(side: Side, { base, ...sides }: Situation): Move[] {
  const here = sides[side];
  const there = sides[otherSide(side)];
  const gone = onlyWith(base, path => !here.has(path));
  const come = onlyWith(here, path => !base.has(path));
  const moves: Move[] = [];
  for (const [content, from] of gone) {
    const to = come.get(content);
    if (
      from !== null &&
      to &&
      there.get(from)?.kind === 'file' &&
      !there.has(to) &&
      // Where a folder and a file change places, neither can wait for the other: content travels instead.
      !isBelowFile(from, here) &&
      !isBelowFile(to, there) &&
      // What is kept under such a name must be there before anything moves.
      !isConflictName(to)
    ) {
      moves.push({ side, from, to });
    }
  }
  return moves;
}

function isBelowFile(path: string, tree: Tree): boolean {
  return ancestorsOf(path).some(above => tree.get(above)?.kind === 'file');
}

/** By content, the one file that is chosen and has it; null where several do. */
function onlyWith(
  tree: Tree,
  isChosen: (path: string) => boolean
): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  for (const [path, { sha256 }] of tree) {
    if (sha256 !== null && isChosen(path)) {
      found.set(sha256, found.has(sha256) ? null : path);
    }
  }
  return found;
}

function rename<T extends Node | Entry>(tree: Map<string, T>, from: string, to: string): void {
  const node = tree.get(from);
  if (node) {
    tree.delete(from);
    tree.set(to, node);
  }
}
