import type { Content } from '../sync/content';
import type { Entry, EntryKind, Tree } from '../sync/entry';
import { invalidPath } from '../sync/path';
import type { Problem } from '../sync/problem';
import type {
  ApplyOptions,
  Known,
  Located,
  Operation,
  Outcome,
  ReadResult,
  Replica,
  Scan,
  ScanOptions,
  TransferOptions
} from '../sync/replica';
import { applyBatch } from './apply-batch';
import type { CloudClient } from './client';
import { applyCore } from './core-apply';
import { scanCore } from './core-scan';
import { parseCursor } from './cursor';
import { invalidName } from './entries';
import { unexpectedAnswer } from './errors';
import { Doubts } from './doubts';
import { readFiles } from './read-files';
import { recallContent } from './recall';
import { scanCloud } from './scan-cloud';
import type { Capabilities } from './schemas';
import type { SharedRules } from './shared-rules';
import { RulesChanged } from './shared-rules';

/** What a cloud must offer for writes that are atomic and scans that cost one request. */
const NEEDED = ['files', 'changes', 'batch', 'commits'];

/**
 * A project in the cloud, as one side of a sync.
 *
 * #### Notes
 * Where the cloud has the core of the Projects API only, writes are checked against a listing that is made just before
 * them: somebody else's write in between is overwritten (it stays a version in the cloud). Such a cloud has no
 * directories but those that files imply; one that became empty stays until it is deleted here.
 */
export class CloudReplica implements Replica {
  constructor(options: CloudReplica.IOptions) {
    this.#client = options.client;
    this.#projectId = options.projectId;
    this.#rules = options.rules ?? null;
  }

  readonly side = 'cloud';

  readonly atomic = true;

  /** @throws RulesChanged where `options.ignores` can't be that of the rules which the cloud has now */
  async scan(known: Known, options: ScanOptions): Promise<Scan> {
    options.signal.throwIfAborted();
    this.#rules?.doubt();
    const scan = await this.#look(known, options);
    this.#doubts.settle(scan.entries);
    this.#seenRevision = parseCursor(scan.cursor)?.revision ?? null;
    if (scan.root !== 'missing' && this.#rules?.isCurrent === false) {
      const project = await this.#client.getProject(this.#projectId, options.signal);
      if (this.#rules.learn(project)) {
        throw new RulesChanged();
      }
    }
    return scan;
  }

  async #look(known: Known, options: ScanOptions): Promise<Scan> {
    // Only a cloud with a feed gives cursors: where there is one, the feed is all that needs to be asked.
    const followed = parseCursor(known.cursor)
      ? await scanCloud(this.#client, this.#projectId, known, options, this.#rules)
      : null;
    if (followed && followed.root !== 'missing') {
      this.#hasFeed = true;
      // The feed brings what changed: what is known and wrong, a listing alone puts right.
      return this.#doubts.isAbout(followed.entries)
        ? scanCloud(this.#client, this.#projectId, known, { ...options, verify: true }, this.#rules)
        : followed;
    }
    return (await this.#extensions(options.signal))
      ? (followed ?? scanCloud(this.#client, this.#projectId, known, options, this.#rules))
      : this.#scanCore(known, options);
  }

  async read(wanted: readonly Located[], options: TransferOptions): Promise<ReadResult[]> {
    options.signal.throwIfAborted();
    const results = await readFiles(this.#client.files, this.#projectId, wanted, options);
    return results.map((result, index) => this.#doubts.weigh(wanted[index]!, result));
  }

  async recall(
    wanted: { readonly path: string; readonly sha256: string },
    options: TransferOptions
  ): Promise<Content | null> {
    const capabilities = await this.#client.capabilities(options.signal);
    return capabilities?.features.includes('versions')
      ? recallContent(this.#client.files, this.#projectId, wanted, options)
      : null;
  }

  async apply(operations: readonly Operation[], options: ApplyOptions): Promise<Outcome[]> {
    options.signal.throwIfAborted();
    const capabilities = await this.#extensions(options.signal);
    const target = {
      files: this.#client.files,
      projectId: this.#projectId,
      limits: capabilities?.limits ?? {},
      seenRevision: this.#seenRevision
    };
    return capabilities
      ? applyBatch(target, operations, options)
      : applyCore({ ...target, known: this.#coreEntries ?? new Map() }, operations, options);
  }

  refuses(path: string, _kind: EntryKind): Problem | null {
    const reason = invalidPath(path);
    return reason === null ? null : invalidName(path, reason);
  }

  /**
   * null where the core is all there is, or all that can be used. Where the feed has just answered, saying so is a passing
   * fault: nothing is written without conditions for it.
   */
  async #extensions(signal: AbortSignal): Promise<Capabilities | null> {
    const capabilities = await this.#client.capabilities(signal);
    if (NEEDED.every(feature => capabilities?.features.includes(feature))) {
      return capabilities;
    }
    if (this.#hasFeed) {
      throw unexpectedAnswer('GET /capabilities', 'features: expected those that go with the feed');
    }
    return null;
  }

  async #scanCore(known: Known, options: ScanOptions): Promise<Scan> {
    const { files } = this.#client;
    const scan = await scanCore(files, this.#projectId, known, {
      ...options,
      doubted: this.#doubts.paths()
    });
    this.#coreEntries = scan.entries;
    return scan;
  }

  readonly #client: CloudClient;
  readonly #projectId: string;
  readonly #rules: SharedRules | null;
  /** What the last scan of a cloud with the core only found; null: there was none. */
  #coreEntries: Tree<Entry> | null = null;
  readonly #doubts = new Doubts();
  /** The cloud has shown in this run that it has more than the core. */
  #hasFeed = false;
  /** Up to which the last scan saw the project; null: it can't be told. */
  #seenRevision: number | null = null;
}

export namespace CloudReplica {
  export interface IOptions {
    readonly client: CloudClient;
    /** A UUID. */
    readonly projectId: string;
    /** Kept from run to run, and given with each scan's `ignores`. Default: none are looked for. */
    readonly rules?: SharedRules;
  }
}
