import type { Entry, Node, Side, Tree } from './entry';
import type { Known } from './replica';

/** What a project remembers between runs. */
export interface Memory {
  /** What both sides were last confirmed to hold. */
  readonly base: Tree;
  readonly local: Known;
  readonly cloud: Known;
  readonly intents: readonly Intent[];
  readonly conflicts: readonly Conflict[];
}

/**
 * A local write that was about to happen. After a crash it tells a half-written file from a person's edit.
 */
export interface Intent {
  readonly path: string;
  /** What the file held before; null: there was none. */
  readonly before: string | null;
  /** sha256 of the content that is to be written, and its size in bytes. */
  readonly after: string;
  readonly size: number;
  /** Where that content can be had again: a path of a side, and the version it has there. */
  readonly source: { readonly side: Side; readonly path: string; readonly version: string };
}

/** Two contents that wanted one name, until the person has chosen. */
export interface Conflict {
  readonly path: string;
  /** Where the local content was kept; null while both sides are left as they are. */
  readonly copy: string | null;
  readonly reason: string;
  /** sha256 of what both sides held last before; left out where it is not known. */
  readonly base?: string;
}

/** What a run learned, to be remembered in one step. null forgets the path. */
export interface MemoryChange {
  readonly base?: ReadonlyMap<string, Node | null>;
  readonly local?: ReadonlyMap<string, Entry | null>;
  readonly cloud?: ReadonlyMap<string, Entry | null>;
  readonly cursor?: { readonly [side in Side]?: string | null };
  /** Intents that are done with. */
  readonly settled?: readonly string[];
  /** The whole list as it is now. */
  readonly conflicts?: readonly Conflict[];
}

/**
 * Keeps one project's memory. What a method was given is durable when its promise resolves; when it rejects, none
 * of it was kept.
 */
export interface Journal {
  load(): Promise<Memory>;
  intend(intents: readonly Intent[]): Promise<void>;
  commit(change: MemoryChange): Promise<void>;
}

export const EMPTY_MEMORY: Memory = {
  base: new Map(),
  local: { entries: new Map(), cursor: null },
  cloud: { entries: new Map(), cursor: null },
  intents: [],
  conflicts: []
};
