import type { Content } from './content';
import type { Entry, EntryKind, Side, Tree } from './entry';
import type { Problem } from './problem';

/**
 * One side of a project: the only seam between the engine and the world.
 *
 * #### Notes
 * Every implementation passes `test/conformance/replica.ts`.
 * Methods throw a `ReplicaError` when the side as a whole can't be reached or understood, and the signal's reason when
 * it is aborted; what concerns one path is a value in the result.
 */
export interface Replica {
  readonly side: Side;

  /**
   * Whether a write shows either the old or the new content after a crash, never something between, and checks its
   * precondition in the same step. Where it is false the engine saves its intents before it writes.
   */
  readonly atomic: boolean;

  /** Looks at the whole tree. Reads only the content that `known` can't vouch for. Changes nothing. */
  scan(known: Known, options: ScanOptions): Promise<Scan>;

  /** One result for each wanted file, in the same order. */
  read(wanted: readonly Located[], options: TransferOptions): Promise<ReadResult[]>;

  /**
   * Content that the path held at some time, by its hash, where the side keeps what was; null when it can't be had.
   * Left out by a side that keeps nothing.
   */
  recall?(
    wanted: { readonly path: string; readonly sha256: string },
    options: TransferOptions
  ): Promise<Content | null>;

  /**
   * Applies the operations and tells each one's outcome, in the same order. Operations of one call are
   * independent: none is below another, and they may run at once.
   */
  apply(operations: readonly Operation[], options: ApplyOptions): Promise<Outcome[]>;

  /** Why this side could not hold or show the path, or null when it can. Needs no request. */
  refuses(path: string, kind: EntryKind): Problem | null;

  /**
   * Whether this side takes two different names for one. It learns that by looking at what is there, once, and
   * changes nothing. Left out by a side that holds any two names apart.
   */
  naming?(question: NamingQuestion, options: { readonly signal: AbortSignal }): Promise<Naming>;
}

/** How a side takes names; null: it could not be learned now. */
export interface Naming {
  /** Names that differ in upper and lower case alone are one. */
  readonly case: boolean | null;
  /** Names that differ in the form of their Unicode alone (NFC, NFD) are one. */
  readonly unicode: boolean | null;
  /** A backslash separates the names of a path, as it does on Windows. */
  readonly windows: boolean | null;
}

/**
 * For each thing to learn an example: a path that was listed, and another spelling of it that was not. null where nothing
 * that was listed serves; left out where it need not be known.
 */
export type NamingQuestion = { readonly [trait in keyof Naming]?: NamingExample | null };

export interface NamingExample {
  readonly listed: string;
  readonly other: string;
}

/** What was last seen of a side. */
export interface Known {
  readonly entries: Tree<Entry>;
  /**
   * What the side wants to be given at its next look: where its feed of changes was read up to, or what else it learned. null
   * where there is nothing.
   */
  readonly cursor: string | null;
}

export interface ScanOptions {
  readonly signal: AbortSignal;
  /** True for what must be neither read nor listed. */
  readonly ignores: (path: string, kind: EntryKind) => boolean;
  /** Trust nothing known: hash every file again. Default false. */
  readonly verify?: boolean;
  /**
   * Paths to look at, and all below them: of everything else what is known holds. A side may look at more. Only for whom
   * what is known was the whole tree once.
   */
  readonly only?: readonly string[];
}

export interface Scan extends Known {
  /**
   * `present`: the entries are the tree. `missing`: the root is gone; `not-directory`: a file has its place. `restored`: the
   * entries are the tree, but it is not a later state of the one that was known (a cloud restored from a backup).
   */
  readonly root: 'present' | 'missing' | 'not-directory' | 'restored';
  /**
   * Paths whose state, and that of all below them, could not be learned. Nothing follows from their absence.
   */
  readonly unknown: readonly string[];
  /** The cursor lies far ahead of the known one, or tells what must not be forgotten: it is worth a save of its own. */
  readonly isFar?: boolean;
  /** The cursor is none of a feed of changes: what is there, a look finds, not a telling. */
  readonly isWhole?: boolean;
  /** Directories are there for what they hold alone, and moving one is moving each file. */
  readonly hasImpliedDirectories?: boolean;
  /** Paths that `ignores` left out, where they were seen; not what is below them. */
  readonly ignored?: readonly string[];
  readonly problems: readonly Problem[];
}

export interface Located {
  readonly path: string;
  readonly entry: Entry;
}

export interface TransferOptions {
  readonly signal: AbortSignal;
  /** Called with the bytes moved since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

export interface ApplyOptions extends TransferOptions {
  /** May be called with an outcome once it is known, by the operation's index: it holds though the call throws later. */
  readonly onOutcome?: (index: number, outcome: Outcome) => void;
}

export type ReadResult =
  /** `entry` is what was read: its sha256 is that of `content`, taken while reading. */
  | { readonly status: 'read'; readonly content: Content; readonly entry: Entry }
  /** It is no longer what was wanted: gone, replaced, or changed while it was read. */
  | { readonly status: 'changed' }
  | { readonly status: 'failed'; readonly problem: Problem };

/**
 * A change to one path. `expect` is the precondition: what must be there (null: nothing) for the operation to be
 * applied.
 */
export type Operation =
  | {
      readonly op: 'put';
      readonly path: string;
      readonly content: Content;
      readonly sha256: string;
      readonly expect: Entry | null;
      /**
       * Content that becomes a version of the file in the same step, just before: it is kept where the side keeps what
       * was. Only for a side that can `recall`.
       */
      readonly keep?: { readonly content: Content; readonly sha256: string };
    }
  /** A directory goes only when it is empty as far as the side can see. */
  | { readonly op: 'delete'; readonly path: string; readonly expect: Entry }
  /** `to` must be free. A directory takes all it holds with it. */
  | { readonly op: 'move'; readonly from: string; readonly path: string; readonly expect: Entry }
  /** Parents are made as needed; an existing directory is success. */
  | { readonly op: 'mkdir'; readonly path: string };

export type Outcome =
  /** `entry` is what the side now holds at the operation's path; null after a deletion. */
  | { readonly status: 'applied'; readonly entry: Entry | null }
  /** The precondition did not hold and nothing was changed: the path must be planned anew. */
  | { readonly status: 'changed' }
  | { readonly status: 'failed'; readonly problem: Problem };
