import type { Contents, ServerConnection } from '@jupyterlab/services';

import { sizeOf } from '../sync/content';
import type { Entry, EntryKind } from '../sync/entry';
import { invalidPath } from '../sync/path';
import type { Problem } from '../sync/problem';
import type {
  ApplyOptions,
  Known,
  Located,
  Naming,
  NamingQuestion,
  Operation,
  Outcome,
  ReadResult,
  Replica,
  Scan,
  ScanOptions,
  TransferOptions
} from '../sync/replica';
import { abortable, mapBounded } from './bounded';
import { applyOperation } from './contents-apply';
import { ContentsFiles } from './contents-files';
import { namingOf } from './contents-naming';
import { ContentsGlance } from './contents-glance';
import { ContentsScan } from './contents-scan';
import { messageOf, wholeSideError } from './failures';
import { isTooDeep, MAX_DEPTH } from './link-loops';
import { isLinkProblem, KnownLinks } from './links';
import type { LinkTimes } from './links';
import { clashesWithDrive, fullPath } from './local-context';
import type { LocalContext } from './local-context';
import { ServerClock } from './server-clock';
import { whyNotVisible } from './visible-names';
import { trans } from '../sync/words';

/** Small new files are written fastest by about this many requests at once. */
const MAX_CONCURRENCY = 16;

/**
 * A project's folder in Jupyter, through the contents API: works wherever JupyterLab has a file browser.
 *
 * #### Notes
 * Hidden names are not seen. Symbolic links look like files and folders and are followed, but for those that the helper
 * kernel has seen and those that lead to what is no part of a project. Folders that the server may not enter look absent.
 */
export class ContentsReplica implements Replica {
  constructor(options: ContentsReplica.IOptions) {
    const { contents, serverSettings, root, onRequest, server } = options;
    this.#context = {
      contents,
      files: server?.files ?? new ContentsFiles({ contents, serverSettings, onRequest }),
      clock: server?.clock ?? new ServerClock(serverSettings, onRequest ?? (() => undefined)),
      root,
      maxConcurrency: options.maxConcurrency ?? MAX_CONCURRENCY
    };
    this.#ownFile = options.ownFile ?? null;
    this.#foreign = options.foreign ?? [];
    this.#sightings = options.sightings ?? new Map();
    this.#links = new KnownLinks(null, this.#sightings);
  }

  readonly side = 'local';
  readonly atomic = false;

  scan(known: Known, options: ScanOptions): Promise<Scan> {
    const { only, verify } = options;
    this.#links = new KnownLinks(known.cursor, this.#sightings);
    const all = { ...options, links: this.#links, foreign: this.#foreign };
    return only && verify !== true && !this.#links.isRootReplaced
      ? new ContentsGlance(this.#context, known, { ...all, only }).run()
      : new ContentsScan(this.#context, known, all).run();
  }

  async read(wanted: readonly Located[], options: TransferOptions): Promise<ReadResult[]> {
    options.signal.throwIfAborted();
    return mapBounded(wanted, Math.min(8, this.#context.maxConcurrency), located => {
      options.signal.throwIfAborted();
      return this.#read(located, options);
    });
  }

  async apply(operations: readonly Operation[], options: ApplyOptions): Promise<Outcome[]> {
    options.signal.throwIfAborted();
    const { clock, maxConcurrency } = this.#context;
    await abortable(clock.adjust(), options.signal);
    return mapBounded([...operations.entries()], maxConcurrency, async ([index, operation]) => {
      options.signal.throwIfAborted();
      const problem = this.#refusesOperation(operation);
      const outcome: Outcome = problem
        ? { status: 'failed', problem }
        : await applyOperation(this.#context, operation, options);
      options.onOutcome?.(index, outcome);
      return outcome;
    });
  }

  refuses(path: string, kind: EntryKind): Problem | null {
    const reason =
      invalidPath(path) ??
      (isTooDeep(path, kind) ? trans.__('it is nested deeper than %1 folders', MAX_DEPTH) : null) ??
      (clashesWithDrive(this.#context, path)
        ? trans.__('JupyterLab reads it as the name of a drive')
        : null);
    if (reason !== null) {
      const message = trans.__('%1 can not be held in Jupyter: %2.', JSON.stringify(path), reason);
      return { path, code: 'invalid-name', message };
    }
    const hidden = whyNotVisible(path);
    return hidden === null
      ? null
      : {
          path,
          code: 'not-visible',
          message: trans.__('"%1" can not be synced: %2.', path, hidden)
        };
  }

  naming(question: NamingQuestion, { signal }: { readonly signal: AbortSignal }): Promise<Naming> {
    return namingOf(this.#context, question, this.#ownFile, signal);
  }

  #refusesOperation(operation: Operation): Problem | null {
    const own = this.refuses(operation.path, operation.op === 'put' ? 'file' : 'directory');
    const from = operation.op === 'move' ? operation.from : null;
    return (
      own ??
      this.#behindLink(operation.path) ??
      (from === null ? null : (this.refuses(from, 'file') ?? this.#behindLink(from)))
    );
  }

  #behindLink(path: string): Problem | null {
    const link = this.#links.on(path);
    return link === null ? null : { ...isLinkProblem(link), path };
  }

  async #read({ path, entry }: Located, options: TransferOptions): Promise<ReadResult> {
    const refused = this.refuses(path, entry.kind) ?? this.#behindLink(path);
    if (refused) {
      return { status: 'failed', problem: refused };
    }
    if (entry.kind === 'directory') {
      return { status: 'changed' };
    }
    const { files } = this.#context;
    try {
      const reading = files.fetchExpected(fullPath(this.#context, path), entry, options);
      const content = await abortable(reading, options.signal);
      if (content && sizeOf(content) === entry.size) {
        return { status: 'read', content, entry };
      }
      if (
        content &&
        (await abortable(this.#isLink(path, entry, sizeOf(content)), options.signal))
      ) {
        return { status: 'failed', problem: isLinkProblem(path) };
      }
      return { status: 'changed' };
    } catch (error) {
      options.signal.throwIfAborted();
      const whole = wholeSideError(error);
      if (whole) {
        throw whole;
      }
      const message = trans.__('"%1" can not be read now: %2', path, messageOf(error));
      return { status: 'failed', problem: { path, code: 'unreadable', message } };
    }
  }

  /** The server tells a link's own size, and the content of what it leads to. */
  async #isLink(path: string, { sha256 }: Entry, bytes: number): Promise<boolean> {
    const state = await this.#context.files.state(fullPath(this.#context, path));
    return (
      state !== null && state !== 'directory' && state.sha256 === sha256 && state.size !== bytes
    );
  }

  readonly #context: LocalContext;
  readonly #ownFile: string | null;
  readonly #foreign: readonly string[];
  readonly #sightings: LinkTimes;
  /** As of the last scan. */
  #links: KnownLinks;
}

export namespace ContentsReplica {
  export interface IOptions {
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** The project's folder, relative to the Jupyter root, `/` between segments. Any names. */
    readonly root: string;
    /** A file in a folder that is most likely there, by its path from the Jupyter root: tells what separates names. */
    readonly ownFile?: string;
    /**
     * Folders of the server that are no part of the project however they are reached, by their paths from the Jupyter root: the
     * extension's own, other projects'. Default: none.
     */
    readonly foreign?: readonly string[];
    /** Links that the helper kernel has seen in the project: not followed. Default: those that are remembered alone. */
    readonly sightings?: LinkTimes;
    /** Called once for each request to the server. */
    readonly onRequest?: () => void;
    /** How many requests may be under way at once. Default 16. */
    readonly maxConcurrency?: number;
    /** Where other replicas have learned what the server is like. Default: it is learned anew. */
    readonly server?: IServer;
  }

  export interface IServer {
    readonly files: ContentsFiles;
    readonly clock: ServerClock;
  }
}
