import type { Contents } from '@jupyterlab/services';

import type { Entry } from '../sync/entry';
import { ancestorsOf, invalidPath, isWithin, joinPath, nameOf, parentOf } from '../sync/path';
import type { Known, Scan } from '../sync/replica';
import { abortable, mapBounded } from './bounded';
import { childrenOf } from './contents-files';
import { ContentsScan } from './contents-scan';
import type { Listing } from './contents-scan';
import { Elsewhere } from './elsewhere';
import { statusOf, wholeSideError } from './failures';
import { listed } from './link-loops';
import type { Listed } from './link-loops';
import { clashesWithDrive, fullPath } from './local-context';
import type { LocalContext } from './local-context';

/** From so many paths of one directory on it is listed as a whole; a single look costs about three entries of a listing. */
const MANY = 8;

/**
 * A look at some paths of a tree that is known, for the price of these paths; used once.
 *
 * #### Notes
 * A path counts as gone only when the listing of its directory, which is there, lacks it. Where anything is not as simple
 * as that, the whole tree is scanned.
 */
export class ContentsGlance {
  constructor(context: LocalContext, known: Known, options: ContentsGlance.IOptions) {
    this.#context = context;
    this.#known = known;
    this.#options = options;
    this.#elsewhere = new Elsewhere(context, known.entries, options.foreign);
  }

  async run(): Promise<Scan> {
    const { signal, only } = this.#options;
    signal.throwIfAborted();
    try {
      for (const path of only) {
        this.#seek(path);
      }
      while (this.#sought.size > 0) {
        const groups = [...this.#sought];
        this.#sought.clear();
        await mapBounded(groups, Math.min(8, this.#context.maxConcurrency), group =>
          this.#visit(...group)
        );
      }
      return await this.#result();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AnotherTree || isAnswer(error)) {
        return new ContentsScan(this.#context, this.#known, this.#options).run();
      }
      throw wholeSideError(error) ?? error;
    }
  }

  /** Puts the path down for its directory, or what is topmost of it where its directories are not known. */
  #seek(path: string): void {
    const { ignores, links } = this.#options;
    if (path === '' || links.on(path) !== null) {
      throw new AnotherTree();
    }
    if (invalidPath(path) !== null || clashesWithDrive(this.#context, path)) {
      return;
    }
    const above = ancestorsOf(path);
    const unknown = above.find(each => this.#known.entries.get(each)?.kind !== 'directory');
    const top = unknown ?? path;
    if (above.some(each => ignores(each, 'directory'))) {
      return;
    }
    const directory = parentOf(top);
    this.#sought.set(directory, (this.#sought.get(directory) ?? new Set()).add(top));
  }

  async #visit(directory: string, paths: ReadonlySet<string>): Promise<void> {
    const { files } = this.#context;
    const { signal } = this.#options;
    const found: Contents.IModel[] = [];
    // What is new must be seen in a listing: the server gives names that it does not list, and other spellings of names.
    const isKnown = [...paths].every(path => this.#known.entries.has(path));
    if (isKnown && paths.size < MANY) {
      for (const path of paths) {
        const model = await abortable(files.stat(fullPath(this.#context, path)), signal);
        if (model) {
          found.push(model);
        }
      }
    }
    if (found.length === paths.size) {
      await this.#take(directory, found);
      return;
    }
    const model = await abortable(files.list(fullPath(this.#context, directory)), signal);
    if (model === null) {
      this.#seek(directory);
      return;
    }
    const children = childrenOf(model);
    if ((await this.#elsewhere.find(directory, children, signal)) !== null) {
      throw new AnotherTree();
    }
    const names = new Set(children.map(({ name }) => name));
    for (const path of this.#childrenKnown(directory)) {
      if (!names.has(nameOf(path))) {
        this.#gone.push(path);
      }
    }
    const isNews = ({ name, type }: Contents.IModel): boolean => {
      const path = joinPath(directory, name);
      const before = this.#known.entries.get(path)?.kind;
      return paths.has(path) || type !== 'directory' || before !== 'directory';
    };
    await this.#take(directory, children.filter(isNews));
  }

  async #take(path: string, children: readonly Contents.IModel[]): Promise<void> {
    const hasDirectory = children.some(({ type }) => type === 'directory');
    // What is above matters for what is walked: a link to a folder above must be noticed.
    const directory = hasDirectory ? await this.#listed(path) : listed(path, null, []);
    this.#listings.push({ directory, children });
  }

  /** The directory with all that are above it. */
  async #listed(path: string): Promise<Listed> {
    const above = path === '' ? null : await this.#listed(parentOf(path));
    const model = await abortable(
      this.#context.files.list(fullPath(this.#context, path)),
      this.#options.signal
    );
    if (model === null) {
      throw new AnotherTree();
    }
    return listed(path, above, childrenOf(model));
  }

  /** What is known, but for what was looked at. */
  async #result(): Promise<Scan> {
    const seen = this.#listings.flatMap(({ directory, children }) =>
      children.map(({ name }) => joinPath(directory.path, name))
    );
    const scan = await new ContentsScan(this.#context, this.#known, this.#options).from(
      this.#listings
    );
    const replaced = new Set([...seen, ...this.#gone]);
    const entries = new Map<string, Entry>();
    for (const [path, entry] of this.#known.entries) {
      if (!replaced.has(path) && !ancestorsOf(path).some(above => replaced.has(above))) {
        entries.set(path, entry);
      }
    }
    for (const [path, entry] of scan.entries) {
      entries.set(path, entry);
    }
    return { ...scan, entries };
  }

  #childrenKnown(directory: string): string[] {
    return [...this.#known.entries.keys()].filter(
      path => path !== directory && isWithin(path, directory) && parentOf(path) === directory
    );
  }

  readonly #context: LocalContext;
  readonly #known: Known;
  readonly #options: ContentsGlance.IOptions;
  readonly #elsewhere: Elsewhere;
  /** Paths to look at, by their directory, which is known. */
  readonly #sought = new Map<string, Set<string>>();
  readonly #listings: Listing[] = [];
  readonly #gone: string[] = [];
}

export namespace ContentsGlance {
  export interface IOptions extends ContentsScan.IOptions {
    readonly only: readonly string[];
  }
}

/** The tree is not what it was known as, in more than some of its paths. */
class AnotherTree extends Error {}

/** The server answered, with an error: the scan finds out what it is about. */
function isAnswer(error: unknown): boolean {
  return statusOf(error) !== null && wholeSideError(error) === null;
}
