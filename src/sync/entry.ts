/** The two sides of a project: the folder in Jupyter, and the cloud. */
export type Side = 'local' | 'cloud';

export type EntryKind = 'file' | 'directory';

/**
 * What two sides can agree on: the kind of a path and, for a file, its content.
 */
export interface Node {
  readonly kind: EntryKind;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Lower-case hex of the content's sha256; null for a directory. */
  readonly sha256: string | null;
}

/**
 * What one side holds at one path, as it was last seen there.
 */
export interface Entry extends Node {
  /**
   * Opaque: changes whenever the side replaces the entry. Saves reading it again, and is what a conditional
   * write names. Local: the modification time as the side tells it; cloud: the file_version_id.
   */
  readonly version: string;
  /** Stable over moves where the side has such a thing (cloud: file_id; helper kernel: inode); else null. */
  readonly id: string | null;
  /** When this was seen, in ms since the epoch by the side's own clock. */
  readonly seenAt: number;
}

/** Paths are relative to the project's root, `/` between segments; the root itself is not an entry. */
export type Tree<T extends Node = Node> = ReadonlyMap<string, T>;

/** True when both hold the same: content decides, never time. */
export function sameNode(a: Node | undefined, b: Node | undefined): boolean {
  if (!a || !b) {
    return !a && !b;
  }
  return a.kind === b.kind && a.sha256 === b.sha256;
}

/** The part of an entry that a base remembers. */
export function nodeOf({ kind, size, sha256 }: Node): Node {
  return { kind, size, sha256 };
}

export function otherSide(side: Side): Side {
  return side === 'local' ? 'cloud' : 'local';
}
