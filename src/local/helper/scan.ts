import { breather } from '../../sync/breathe';
import type { Entry } from '../../sync/entry';
import { ancestorsOf, invalidPath, joinPath } from '../../sync/path';
import type { Known, Scan, ScanOptions } from '../../sync/replica';
import { mapBounded } from '../bounded';
import { directoryEntry } from '../local-context';
import { cursorOf, isLinkProblem, linksFrom } from '../links';
import { entryOf, isRacy, lastModified, vouched } from './entries';
import type { Stat } from './entries';
import { HelperError } from './helper-error';
import type { Region } from './glance';
import type { HelperKernel } from './kernel';
import { unreadable } from './problems';
import { Unknowns } from './unknowns';
import { trans } from '../../sync/words';

/** Directories that are entered only where the rules want what is in them: they are often large, and mostly left out. */
const STOPS = ['node_modules', '__pycache__', 'venv'];
/** Bytes and files that one request hashes. */
const HASH_BYTES = 128 * 1024 * 1024;
const HASH_FILES = 2000;

/** One look at the tree through the helper; used once. */
export class HelperScan {
  constructor(options: HelperScan.IOptions) {
    this.#options = options;
  }

  async run(): Promise<Scan> {
    const { skips, ignores, region } = this.#options;
    this.#options.signal.throwIfAborted();
    let starts = region ? [...region.starts] : [''];
    let kept = [...skips].filter(path => ignores(path, 'directory'));
    kept.push(...(region?.passes ?? []));
    try {
      while (starts.length > 0) {
        await this.#walk(starts, kept);
        kept = [];
        // What was not entered and is not ignored after all.
        starts = this.#waiting.splice(0);
      }
      await this.#hash();
    } catch (error) {
      const root = error instanceof HelperError ? this.#rootOf(error.reason) : null;
      if (root === null) {
        throw error;
      }
      const { cursor } = this.#options.known;
      return { root, entries: new Map(), cursor, isWhole: true, unknown: [], problems: [] };
    }
    if (!region) {
      skips.clear();
    }
    this.#ignoredDirectories.forEach(path => skips.add(path));
    return this.#result();
  }

  #result(): Scan {
    const unknowns = this.#unknowns;
    for (const path of [...this.#entries.keys()]) {
      if (unknowns.holds(path)) {
        this.#entries.delete(path);
      }
    }
    return {
      root: 'present',
      entries: this.#entries,
      ...this.#links(),
      isWhole: true,
      unknown: unknowns.paths,
      ignored: this.#ignored.filter(path => !unknowns.isBelow(path)),
      problems: unknowns.problems
    };
  }

  /** What the program's answer tells of the root; null where it tells something else. */
  #rootOf(reason: string): 'missing' | 'not-directory' | null {
    const { helper, root, known, sightings } = this.#options;
    switch (reason) {
      case 'root-missing':
        return 'missing';
      case 'root-not-directory':
        return 'not-directory';
      case 'root-link':
        if (linksFrom(known.cursor) !== null) {
          // It was a directory: whoever follows the link that has its place takes other files for the project's.
          sightings.set('', '');
          return 'not-directory';
        }
        // People keep projects behind links too: Jupyter follows them, and so does the contents API.
        sightings.delete('');
        helper.leave(root);
        return null;
      default:
        return null;
    }
  }

  async #walk(starts: readonly string[], skips: readonly string[]): Promise<void> {
    const args = { starts, skips, stops: STOPS };
    const first = await this.#request<Part>('scan', args);
    await this.#take(first);
    for (let number = 1; number < first.parts; number += 1) {
      await this.#take(await this.#request<Part>('part', { number }));
    }
    this.#waiting.push(...this.#unentered);
    this.#unentered.clear();
  }

  async #take({ rows, seenAt }: Part): Promise<void> {
    for (const row of rows) {
      const [path, failed] = row;
      this.#unentered.delete(path);
      if (this.#isDropped(path)) {
        row[2]?.forEach((name, at) => row[3]?.[at] === 'd' && this.#drop(joinPath(path, name)));
      } else if (failed !== 0) {
        this.#fail(path, failed);
      } else {
        this.#takeDirectory(row, seenAt);
      }
      await this.#breathe();
      this.#options.signal.throwIfAborted();
    }
  }

  #takeDirectory(row: Row, seenAt: number): void {
    const { ignores, known } = this.#options;
    const [directory, , names = [], kinds = '', sizes, times, changes, inodes] = row;
    let file = -1;
    this.#listed.add(directory);
    names.forEach((name, at) => {
      const path = joinPath(directory, name);
      const kind = kinds[at];
      file += kind === 'f' || kind === 'l' ? 1 : 0;
      if (kind === 'l') {
        const time = lastModified(times?.[file] ?? '0');
        this.#found.set(path, time);
        // Known from now on, though this look may not come to its end.
        this.#options.sightings.set(path, time);
      }
      const before = known.entries.get(path);
      const reason = before ? null : invalidPath(path);
      if (reason !== null) {
        this.#drop(path);
        this.#unknowns.add(path, {
          path,
          code: 'invalid-name',
          message: trans.__('%1 can not be synced: %2. Rename it.', JSON.stringify(path), reason)
        });
        return;
      }
      const isIgnored =
        ignores(path, kind === 'd' ? 'directory' : 'file') ||
        (kind === 'l' && ignores(path, 'directory'));
      if (isIgnored) {
        this.#ignored.push(path);
        if (kind === 'd') {
          this.#ignoredDirectories.add(path);
          this.#drop(path);
        }
        return;
      }
      if (kind === 'd') {
        this.#entries.set(path, before?.kind === 'directory' ? before : directoryEntry(seenAt));
        if (!this.#options.region?.passes.has(path)) {
          this.#unentered.add(path);
        }
      } else if (kind === 'f') {
        const stat: Stat = [
          sizes?.[file] ?? 0,
          times?.[file] ?? '',
          changes?.[file] ?? '',
          inodes?.[file] ?? ''
        ];
        this.#takeFile(path, stat, before);
      } else {
        this.#unknowns.add(
          path,
          kind === 'l'
            ? isLinkProblem(path)
            : {
                path,
                code: 'unreadable',
                message: trans.__('"%1" is no file or folder: it is not synced.', path)
              }
        );
      }
    });
  }

  #takeFile(path: string, stat: Stat, before: Entry | undefined): void {
    const entry = this.#options.verify === true ? null : vouched(before, stat);
    if (entry) {
      this.#entries.set(path, entry);
    } else {
      this.#unhashed.push({ path, size: stat[0] });
    }
  }

  async #hash(): Promise<void> {
    const { signal, verify } = this.#options;
    const batches = batchesOf(this.#unhashed.filter(({ path }) => !this.#unknowns.holds(path)));
    await mapBounded(batches, 2, async paths => {
      signal.throwIfAborted();
      const answer = await this.#request<Hashed>('hash', { paths, fresh: verify === true });
      this.#options.onHashed?.(answer.hashed);
      if (answer.results.length !== paths.length) {
        throw new HelperError('unexpected', trans.__('The helper kernel left files out.'));
      }
      answer.results.forEach((result, at) => this.#takeHashed(paths[at] ?? '', result));
    });
  }

  #takeHashed(path: string, result: HashResult): void {
    switch (result[0]) {
      case 'file': {
        const [, size, modified, changed, inode, sha256, seenAt] = result;
        const stat: Stat = [size, modified, changed, inode];
        this.#entries.set(path, this.#recognise(path, stat, entryOf(stat, sha256, seenAt)));
        break;
      }
      case 'gone':
        this.#unknowns.add(path);
        break;
      case 'other':
        this.#unknowns.add(path);
        break;
      case 'changing':
        this.#unknowns.add(path, {
          path,
          code: 'busy',
          message: trans.__(
            '"%1" kept changing while it was read: it is synced once it is quiet.',
            path
          )
        });
        break;
      case 'failed':
        this.#fail(path, result[1]);
        break;
    }
  }

  /** The known entry where the new one tells nothing new and the known one can be trusted from now on. */
  #recognise(path: string, stat: Stat, entry: Entry): Entry {
    const before = this.#options.known.entries.get(path);
    const isSame =
      before?.kind === 'file' &&
      before.version === entry.version &&
      before.id === entry.id &&
      before.size === entry.size &&
      before.sha256 === entry.sha256;
    return isSame && !isRacy(stat, before.seenAt) ? before : entry;
  }

  #fail(path: string, code: string): void {
    const isGone = code === 'ENOENT' || code === 'ENOTDIR';
    this.#unknowns.add(path, isGone ? undefined : unreadable(path, code));
  }

  /** Nothing below it is looked at. */
  #drop(path: string): void {
    this.#dropped.add(path);
  }

  #isDropped(path: string): boolean {
    return this.#dropped.has(path);
  }

  /** What is to be remembered of the links, those included that this look did not come by. */
  #links(): Pick<Scan, 'cursor' | 'isFar'> {
    const { known, sightings } = this.#options;
    const before = linksFrom(known.cursor) ?? new Map<string, string>();
    const links = new Map(this.#found);
    for (const [path, time] of [...before, ...sightings]) {
      if (path !== '' && !links.has(path) && !this.#hasLookedAt(path)) {
        links.set(path, time);
      }
    }
    sightings.clear();
    links.forEach((time, path) => sightings.set(path, time));
    const cursor = cursorOf(links);
    return { cursor, isFar: cursor !== cursorOf(before) };
  }

  /** Whether it is known by now what is at the path, or that nothing is. */
  #hasLookedAt(path: string): boolean {
    const above = ['', ...ancestorsOf(path)];
    const last = above.findLastIndex(each => this.#listed.has(each));
    const next = above[last + 1];
    if (last < 0 || next === undefined) {
      return last >= 0;
    }
    const isThere =
      this.#entries.has(next) ||
      this.#unknowns.holds(next) ||
      this.#ignoredDirectories.has(next) ||
      this.#found.has(next);
    return !isThere;
  }

  async #request<T>(op: string, args: object): Promise<T> {
    const { helper, root, signal } = this.#options;
    return (await helper.request<T>(op, { ...args, root }, { signal })).result;
  }

  readonly #options: HelperScan.IOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #unknowns = new Unknowns();
  readonly #ignored: string[] = [];
  readonly #ignoredDirectories = new Set<string>();
  readonly #dropped = new Set<string>();
  /** Directories that the walk has named and not entered yet. */
  readonly #unentered = new Set<string>();
  readonly #waiting: string[] = [];
  readonly #unhashed: Unhashed[] = [];
  readonly #found = new Map<string, string>();
  /** Directories of which all names are known. */
  readonly #listed = new Set<string>();
  readonly #breathe = breather();
}

export namespace HelperScan {
  export interface IOptions extends ScanOptions {
    readonly helper: HelperKernel;
    readonly root: string;
    readonly known: Known;
    /** The only directories to be looked at, with what is new in them. Default: the whole tree. */
    readonly region?: Region | undefined;
    /** Directories that were ignored the last time: not entered while they still are. Kept for the next scan. */
    readonly skips: Set<string>;
    /** Links that this page has seen in the project, see `KnownLinks`. Kept for whoever looks at it next. */
    readonly sightings: Map<string, string>;
    /** Called with how many files' contents were read. */
    readonly onHashed?: ((files: number) => void) | undefined;
  }
}

/**
 * One directory: its path, 0 or the system's name of the error, and a column for each thing told of what it holds; sizes, times and
 * inodes of the files and links alone.
 */
type Row = readonly [
  path: string,
  failed: 0 | string,
  names?: readonly string[],
  kinds?: string,
  sizes?: readonly number[],
  modified?: readonly string[],
  changed?: readonly string[],
  inodes?: readonly string[]
];

interface Part {
  readonly rows: readonly Row[];
  readonly parts: number;
  readonly seenAt: number;
}

interface Hashed {
  readonly results: readonly HashResult[];
  readonly hashed: number;
}

type HashResult =
  | readonly ['file', ...Stat, sha256: string, seenAt: number]
  | readonly ['gone' | 'other' | 'changing']
  | readonly ['failed', code: string, message: string];

interface Unhashed {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

function batchesOf(files: readonly Unhashed[]): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const { path, size } of files) {
    if (batch.length >= HASH_FILES || (batch.length > 0 && bytes + size > HASH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(path);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
