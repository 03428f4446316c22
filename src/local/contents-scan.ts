import type { Contents } from '@jupyterlab/services';

import type { Entry, EntryKind } from '../sync/entry';
import { ancestorsOf, invalidPath, joinPath } from '../sync/path';
import { ReplicaError } from '../sync/problem';
import type { Problem } from '../sync/problem';
import type { Known, Scan, ScanOptions } from '../sync/replica';
import { abortable, mapBounded } from './bounded';
import { childrenOf } from './contents-files';
import { Elsewhere } from './elsewhere';
import { messageOf, rootError, statusOf, wholeSideError } from './failures';
import { isLinkProblem } from './links';
import type { KnownLinks } from './links';
import { listed, loopOf } from './link-loops';
import type { Listed } from './link-loops';
import {
  clashesWithDrive,
  directoryEntry,
  fileEntry,
  fullPath,
  lastModifiedOf
} from './local-context';
import type { LocalContext } from './local-context';
import { trans } from '../sync/words';

/** How far a file's time stamp must lie from the moment it was seen, to vouch for its content; ms. */
const RACY_MS = 2000;

/** Children of a directory that was listed. */
export interface Listing {
  readonly directory: Listed;
  readonly children: readonly Contents.IModel[];
}

/** One look at the whole tree; used once. */
export class ContentsScan {
  constructor(context: LocalContext, known: Known, options: ContentsScan.IOptions) {
    this.#context = context;
    this.#known = known;
    this.#options = options;
    this.#elsewhere = new Elsewhere(context, known.entries, options.foreign);
  }

  async run(): Promise<Scan> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const top = this.#options.links.isRootReplaced ? 'not-directory' : await this.#listRoot();
    if (typeof top === 'string') {
      const nothing = { entries: new Map<string, Entry>(), unknown: [], problems: [] };
      return { root: top, ...nothing, cursor: this.#known.cursor, isWhole: true };
    }
    const place = await this.#elsewhere.find('', top, signal);
    if (place !== null) {
      throw new ReplicaError(
        'failed',
        trans.__(
          `The project's folder "%1" is the folder "%2" of this server under another name, which can not be synced so. Link the project to a folder of its own.`,
          this.#context.root,
          place
        )
      );
    }
    return this.from([{ directory: listed('', null, top), children: top }]);
  }

  /** The same of some directories: these children of theirs, and all that is below. */
  async from(listings: readonly Listing[]): Promise<Scan> {
    let level = listings.flatMap(({ directory, children }) => this.#take(directory, children));
    while (level.length > 0) {
      const found = await this.#each(level, directory => this.#listBelow(directory));
      level = found.flat().filter(({ path }) => !this.#isLost(path));
    }
    await this.#hash();
    this.#dropLost();
    return {
      root: 'present',
      entries: this.#entries,
      ...this.#options.links.memory,
      isWhole: true,
      unknown: [...this.#unknown],
      ignored: this.#ignored.filter(path => !this.#isBelowLost(path)),
      problems: [...this.#problems.values()]
    };
  }

  async #listRoot(): Promise<readonly Contents.IModel[] | 'missing' | 'not-directory'> {
    const { signal } = this.#options;
    const { files, root } = this.#context;
    try {
      const model = await abortable(files.list(root), signal);
      if (model !== null) {
        return childrenOf(model);
      }
      const there = await abortable(files.stat(root), signal);
      return there === null || there.type === 'directory' ? 'missing' : 'not-directory';
    } catch (error) {
      signal.throwIfAborted();
      throw rootError(error);
    }
  }

  async #listBelow({ path, above }: Waiting): Promise<Waiting[]> {
    const context = this.#context;
    const { signal } = this.#options;
    let children: readonly Contents.IModel[];
    try {
      const model = await abortable(context.files.list(fullPath(context, path)), signal);
      if (model === null) {
        this.#lose(path);
        return [];
      }
      children = childrenOf(model);
    } catch (error) {
      this.#fail(path, error);
      return [];
    }
    const directory = listed(path, above, children);
    const loop = loopOf(directory);
    if (loop !== null) {
      this.#lose(loop, {
        path: loop,
        code: 'unreadable',
        message: trans.__(
          '"%1" looks like a link to a folder above it, or is nested too deep: it is left out.',
          loop
        )
      });
      return [];
    }
    const place = await this.#elsewhere.find(path, children, signal);
    if (place !== null) {
      this.#lose(path, {
        path,
        code: 'unreadable',
        message: trans.__(
          '"%1" leads to the folder "%2" of this server, which is no part of this project: it is left out.',
          path,
          place
        )
      });
      return [];
    }
    return this.#take(directory, children);
  }

  /** Sorts a directory's children into entries, files to hash, and directories to list, which it gives. */
  #take(directory: Listed, children: readonly Contents.IModel[]): Waiting[] {
    const waiting: Waiting[] = [];
    for (const model of children) {
      const path = joinPath(directory.path, model.name);
      const kind: EntryKind = model.type === 'directory' ? 'directory' : 'file';
      const reason = invalidPath(path);
      if (reason !== null || clashesWithDrive(this.#context, path)) {
        this.#lose(path, {
          path,
          code: 'invalid-name',
          message: trans.__(
            '%1 can not be synced: %2. Rename it.',
            JSON.stringify(path),
            reason ?? 'it reads as the name of a drive'
          )
        });
        continue;
      }
      if (this.#options.ignores(path, kind)) {
        this.#ignored.push(path);
        continue;
      }
      if (this.#options.links.meets(path, model)) {
        this.#lose(path, isLinkProblem(path));
        continue;
      }
      const before = this.#known.entries.get(path);
      if (kind === 'directory') {
        const isSame = before?.kind === 'directory';
        this.#entries.set(path, isSame ? before : directoryEntry(this.#context.clock.now()));
        waiting.push({ path, above: directory });
      } else if (before && this.#vouches(before, model)) {
        this.#entries.set(path, before);
      } else {
        this.#unhashed.push(path);
      }
    }
    return waiting;
  }

  /** A link to a file lists the link's own size and time, so that it never passes for unchanged. */
  #vouches(known: Entry, model: Contents.IModel): boolean {
    return (
      this.#options.verify !== true &&
      known.kind === 'file' &&
      known.size === model.size &&
      lastModifiedOf(known) === model.last_modified &&
      !isRacy(known)
    );
  }

  async #hash(): Promise<void> {
    const { files, clock } = this.#context;
    const { signal } = this.#options;
    const paths = this.#unhashed.filter(path => !this.#isLost(path));
    if (paths.length === 0) {
      return;
    }
    await abortable(clock.adjust(), signal);
    await this.#each(paths, async path => {
      // Before the look: what changes during it has a younger time stamp, or one too close to be trusted.
      const seenAt = clock.now();
      try {
        const state = await abortable(files.state(fullPath(this.#context, path)), signal);
        if (state === null || state === 'directory') {
          this.#lose(path);
          return;
        }
        this.#entries.set(path, this.#recognise(path, fileEntry(state, seenAt)));
      } catch (error) {
        this.#fail(path, error);
      }
    });
  }

  /** The known entry where the new one tells nothing new and the known one can be trusted from now on. */
  #recognise(path: string, entry: Entry): Entry {
    const before = this.#known.entries.get(path);
    const isSame =
      before?.kind === 'file' &&
      before.size === entry.size &&
      lastModifiedOf(before) === entry.version &&
      before.sha256 === entry.sha256;
    return isSame && !isRacy(before) ? before : entry;
  }

  #fail(path: string, error: unknown): void {
    this.#options.signal.throwIfAborted();
    const whole = wholeSideError(error);
    if (whole) {
      throw whole;
    }
    const status = statusOf(error);
    this.#lose(path, {
      path,
      code: status === 403 ? 'forbidden' : 'unreadable',
      message: trans.__('"%1" can not be read now: %2', path, messageOf(error))
    });
  }

  /** Nothing is known of the path and what is below. Without a problem: it went while the scan looked. */
  #lose(path: string, problem?: Problem): void {
    this.#unknown.add(path);
    if (problem) {
      this.#problems.set(path, problem);
    }
  }

  #isLost(path: string): boolean {
    return this.#unknown.has(path) || this.#isBelowLost(path);
  }

  #isBelowLost(path: string): boolean {
    return ancestorsOf(path).some(above => this.#unknown.has(above));
  }

  #dropLost(): void {
    if (this.#unknown.size === 0) {
      return;
    }
    for (const path of [...this.#entries.keys()]) {
      if (this.#isLost(path)) {
        this.#entries.delete(path);
      }
    }
    for (const path of [...this.#unknown].filter(each => this.#isBelowLost(each))) {
      this.#unknown.delete(path);
      this.#problems.delete(path);
    }
  }

  #each<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
    return mapBounded(items, Math.min(8, this.#context.maxConcurrency), item => {
      this.#options.signal.throwIfAborted();
      return task(item);
    });
  }

  readonly #context: LocalContext;
  readonly #known: Known;
  readonly #options: ContentsScan.IOptions;
  readonly #elsewhere: Elsewhere;
  readonly #entries = new Map<string, Entry>();
  readonly #unknown = new Set<string>();
  readonly #problems = new Map<string, Problem>();
  readonly #unhashed: string[] = [];
  readonly #ignored: string[] = [];
}

export namespace ContentsScan {
  export interface IOptions extends ScanOptions {
    readonly links: KnownLinks;
    /** Folders from the Jupyter root that must not be found in the project, see `Elsewhere`. */
    readonly foreign: readonly string[];
  }
}

/** A directory that is to be listed. */
interface Waiting {
  readonly path: string;
  readonly above: Listed;
}

/** Seen so soon after it was written that another write of the same time stamp could have followed. */
function isRacy(entry: Entry): boolean {
  return Math.abs(Date.parse(lastModifiedOf(entry)) - entry.seenAt) < RACY_MS;
}
