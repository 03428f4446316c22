import type { Contents } from '@jupyterlab/services';

/** How often a listing must come again below itself before it is taken for a link to a folder above. */
const REPEATS = 3;
/** How deep a project may be nested. */
export const MAX_DEPTH = 64;

/** A directory that was listed, and what it has in common with those above. */
export interface Listed {
  readonly path: string;
  readonly depth: number;
  readonly above: Listed | null;
  readonly signature: string;
  /** How many directories above list the very same, each below the other. */
  readonly repeats: number;
  /** The topmost of the repetitions. */
  readonly repeated: string | null;
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
    repeats: twin ? twin.repeats + 1 : 0,
    repeated: twin ? (twin.repeated ?? path) : null
  };
}

/**
 * The topmost folder of what looks like a loop of links, or null.
 *
 * #### Notes
 * The contents API does not mark symbolic links. Folders that list the same children with the same two time stamps
 * each are one folder; a few of them nested may still be twins made within one tick of the clock.
 */
export function loopOf(directory: Listed): string | null {
  if (directory.repeats >= REPEATS) {
    return directory.repeated;
  }
  return directory.depth >= MAX_DEPTH ? directory.path : null;
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
