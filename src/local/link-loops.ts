import type { Contents } from '@jupyterlab/services';

import type { EntryKind } from '../sync/entry';
import { depthOf } from '../sync/path';

/** How often a listing must come again below itself before it is taken for a link to a folder above. */
const REPEATS = 3;
/**
 * The same for listings of a single child. Folders of one name that were made within each other in one go have one
 * time stamp, so they look alike; and a loop of them costs one listing a level.
 */
const REPEATS_OF_ONE = 16;
/** How deep a project may be nested. */
export const MAX_DEPTH = 64;

/**
 * Whether a scan would not look at the path. Jupyter takes ever longer for what lies deep, too: 512 folders within each
 * other block a server for minutes.
 */
export function isTooDeep(path: string, kind: EntryKind): boolean {
  const depth = depthOf(path) + 1;
  return kind === 'directory' ? depth >= MAX_DEPTH : depth > MAX_DEPTH;
}

/** A directory that was listed, and what it has in common with those above. */
export interface Listed {
  readonly path: string;
  readonly depth: number;
  readonly above: Listed | null;
  readonly signature: string;
  /** How many children it lists. */
  readonly size: number;
  /** How many directories above list the very same, each below the other. */
  readonly repeats: number;
}

/** `above` is the directory that holds this one; null for the root. */
export function listed(
  path: string,
  above: Listed | null,
  children: readonly Contents.IModel[]
): Listed {
  const signature = signatureOf(children);
  const twin = children.length === 0 ? null : findTwin(signature, above);
  return {
    path,
    depth: above ? above.depth + 1 : 0,
    above,
    signature,
    size: children.length,
    repeats: twin ? twin.repeats + 1 : 0
  };
}

/**
 * The topmost folder of what looks like a loop of links, or null.
 *
 * #### Notes
 * The contents API does not mark symbolic links. Folders that list the same children with the same two time stamps
 * each are one folder; a few of them within each other may still be twins made within one tick of the clock.
 */
export function loopOf(directory: Listed): string | null {
  if (directory.repeats >= (directory.size === 1 ? REPEATS_OF_ONE : REPEATS)) {
    return topOf(directory);
  }
  return directory.depth >= MAX_DEPTH ? directory.path : null;
}

/** Below the link that closes a loop, every folder repeats one above: the first of them is the link. */
function topOf(directory: Listed): string {
  let top = directory;
  while (top.above && top.above.repeats > 0) {
    top = top.above;
  }
  return top.path;
}

function findTwin(signature: string, above: Listed | null): Listed | null {
  for (let each = above; each; each = each.above) {
    if (each.signature === signature) {
      return each;
    }
  }
  return null;
}

function signatureOf(children: readonly Contents.IModel[]): string {
  return JSON.stringify(
    children
      .map(({ name, type, created, last_modified }) => [name, type, created, last_modified])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  );
}
