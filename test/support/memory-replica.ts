import { createHash } from 'node:crypto';

import type { Content } from '../../src/sync/content';
import { sliceOf } from '../../src/sync/content';
import type { Entry, EntryKind, Side } from '../../src/sync/entry';
import { foldOf } from '../../src/sync/fold';
import type { Folding } from '../../src/sync/fold';
import {
  ancestorsOf,
  invalidPath,
  isWithin,
  joinPath,
  nameOf,
  parentOf
} from '../../src/sync/path';
import type { Problem, ProblemCode } from '../../src/sync/problem';
import type {
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
} from '../../src/sync/replica';

/**
 * A replica that lives in a Map: the engine's other side in tests, and the yardstick of the conformance suite.
 *
 * #### Notes
 * The helpers (`write`, `remove`, `mkdir`) act at once and as a person would, from outside: no hook, no count.
 * Local preconditions go by content, as the contents API can do no better; cloud ones by version.
 */
export class MemoryReplica implements Replica {
  constructor(options: MemoryReplica.IOptions = {}) {
    this.side = options.side ?? 'local';
    this.atomic = options.atomic ?? this.side === 'cloud';
    this.#ids = options.ids ?? this.side === 'cloud';
    this.#refuses = options.refuses ?? (() => null);
    this.#disk = options.disk ?? null;
    this.before = options.before ?? null;
    this.after = options.after ?? null;
  }

  readonly side: Side;
  readonly atomic: boolean;

  /**
   * Called before each scan, each file's read and each operation. What it edits happens just before; what it throws
   * rejects the whole call; a Problem that it returns is the outcome of that path.
   */
  before: MemoryReplica.Before | null;

  /** Called after each operation was tried, before its outcome is known outside: throwing loses the answer. */
  after: ((call: MemoryReplica.Call, outcome: Outcome) => void | Promise<void>) | null;

  /** What the next scans tell about the root. */
  root: Scan['root'] = 'present';

  /** Paths that scans can't look at: they and all below are left out and listed as unknown. */
  readonly unknown = new Set<string>();

  /** Scans, files read by `read`, files whose content a scan had to read, operations tried. */
  readonly counts = { scans: 0, reads: 0, hashed: 0, applies: 0 };

  /** In bytes of content. */
  readonly bytes = { read: 0, written: 0 };

  /** Each operation that was tried, in order. */
  readonly log: Operation[] = [];

  async scan(known: Known, options: ScanOptions): Promise<Scan> {
    options.signal.throwIfAborted();
    this.counts.scans += 1;
    await this.before?.({ call: 'scan' });
    options.signal.throwIfAborted();
    const cursor = this.side === 'cloud' ? String(this.#revision) : null;
    if (this.root === 'missing') {
      return {
        root: 'missing',
        entries: new Map(),
        cursor: null,
        unknown: [],
        ignored: [],
        problems: []
      };
    }
    const entries = new Map<string, Entry>();
    const unknown = new Set<string>();
    const problems: Problem[] = [];
    const skipped: string[] = [];
    const isLookedAt = (path: string) =>
      options.only?.some(each => isWithin(path, each) || isWithin(each, path)) ?? true;
    for (const [path, entry] of known.entries) {
      if (!isLookedAt(path)) {
        entries.set(path, entry);
      }
    }
    for (const [path, node] of this.#sorted()) {
      if (!isLookedAt(path) || skipped.some(top => isWithin(path, top))) {
        continue;
      }
      if (options.ignores(path, node.kind)) {
        skipped.push(path);
        continue;
      }
      if (this.unknown.has(path)) {
        skipped.push(path);
        unknown.add(path);
        problems.push({ path, code: 'unreadable', message: `"${path}" can't be read.` });
        continue;
      }
      const before = known.entries.get(path);
      if (
        before &&
        before.kind === node.kind &&
        before.version === node.version &&
        !options.verify
      ) {
        entries.set(path, before);
        continue;
      }
      if (node.kind === 'file') {
        this.counts.hashed += 1;
      }
      entries.set(path, this.#entry(node));
    }
    return {
      root: this.root,
      entries,
      cursor,
      unknown: [...unknown],
      ignored: skipped.filter(path => !unknown.has(path)),
      problems
    };
  }

  async read(wanted: readonly Located[], options: TransferOptions): Promise<ReadResult[]> {
    const results: ReadResult[] = [];
    for (const { path, entry } of wanted) {
      options.signal.throwIfAborted();
      this.counts.reads += 1;
      const problem = await this.before?.({ call: 'read', path });
      options.signal.throwIfAborted();
      if (problem) {
        results.push({ status: 'failed', problem });
        continue;
      }
      const node = this.#nodes.get(this.pathOf(path));
      if (!node || node.kind !== 'file' || node.sha256 !== entry.sha256) {
        results.push({ status: 'changed' });
        continue;
      }
      this.bytes.read += node.bytes.byteLength;
      options.onBytes?.(node.bytes.byteLength);
      const content = node.bytes.slice();
      results.push({ status: 'read', content, entry: this.#entry(node) });
    }
    return results;
  }

  /** As the cloud does: every content that a path held is kept. */
  recall({ path, sha256 }: { readonly path: string; readonly sha256: string }) {
    return Promise.resolve(this.#history.get(`${path} ${sha256}`) ?? null);
  }

  async apply(operations: readonly Operation[], options: TransferOptions): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const operation of operations) {
      options.signal.throwIfAborted();
      this.counts.applies += 1;
      this.log.push(operation);
      const call = { call: 'apply', operation } as const;
      const problem = await this.before?.(call);
      options.signal.throwIfAborted();
      const outcome = problem
        ? { status: 'failed' as const, problem }
        : await this.#apply(operation, options);
      await this.after?.(call, outcome);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  refuses(path: string, kind: EntryKind): Problem | null {
    const reason = invalidPath(path);
    return reason !== null
      ? { path, code: 'invalid-name', message: `"${path}" can't be held: ${reason}.` }
      : this.#refuses(path, kind);
  }

  naming(question: NamingQuestion): Promise<Naming> {
    const tell = (trait: keyof Naming): boolean | null =>
      question[trait] ? (this.#disk?.[trait] ?? false) : null;
    return Promise.resolve({
      case: tell('case'),
      unicode: tell('unicode'),
      windows: tell('windows')
    });
  }

  /** Writes a file, making its parents. Text becomes UTF-8. */
  write(given: string, content: string | Uint8Array): void {
    const path = this.pathOf(given);
    if (this.#nodes.get(path)?.kind === 'directory') {
      throw new Error(`${path} is a directory`);
    }
    for (const parent of ancestorsOf(path)) {
      this.mkdir(parent);
    }
    const bytes = new Uint8Array(
      typeof content === 'string' ? new TextEncoder().encode(content) : content
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (this.side === 'cloud') {
      this.#history.set(`${path} ${sha256}`, bytes);
    }
    this.#nodes.set(path, {
      kind: 'file',
      bytes,
      sha256,
      version: this.#nextVersion(),
      id: this.#nodes.get(path)?.id ?? this.#nextId()
    });
  }

  /** Removes a file, or a directory with all it holds. */
  remove(given: string): void {
    const path = this.pathOf(given);
    for (const below of [...this.#nodes.keys()]) {
      if (isWithin(below, path)) {
        this.#nodes.delete(below);
        this.#revision += 1;
      }
    }
  }

  /** Makes a directory and its parents; an existing one is left alone. */
  mkdir(given: string): void {
    const path = this.pathOf(given);
    for (const each of [...ancestorsOf(path), path]) {
      const there = this.#nodes.get(each);
      if (there?.kind === 'file') {
        throw new Error(`${each} is a file`);
      }
      if (!there) {
        this.#nodes.set(each, {
          kind: 'directory',
          bytes: new Uint8Array(),
          sha256: null,
          version: this.#nextVersion(),
          id: this.#nextId()
        });
      }
    }
  }

  /** Moves a file or a directory with all it holds; replaces what is at `to`. */
  rename(source: string, target: string): void {
    const from = this.pathOf(source);
    const moved = [...this.#nodes].filter(([path]) => isWithin(path, from));
    for (const parent of ancestorsOf(target)) {
      this.mkdir(parent);
    }
    this.remove(target);
    const to = joinPath(this.pathOf(parentOf(target)), this.#stored(nameOf(target)));
    for (const [path, node] of moved) {
      this.#nodes.delete(path);
      const version = path === from ? this.#nextVersion() : node.version;
      this.#nodes.set(to + path.slice(from.length), { ...node, version });
    }
  }

  /** A copy of every file's bytes. */
  files(): Map<string, Uint8Array<ArrayBuffer>> {
    return new Map(
      this.#sorted().flatMap(([path, node]) =>
        node.kind === 'file' ? [[path, node.bytes.slice()] as const] : []
      )
    );
  }

  /** Every file's content as text. */
  texts(): Record<string, string> {
    return Object.fromEntries(
      [...this.files()].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)])
    );
  }

  directories(): string[] {
    return this.#sorted().flatMap(([path, node]) => (node.kind === 'directory' ? [path] : []));
  }

  /** What is at the path now, or undefined. */
  entry(path: string): Entry | undefined {
    const node = this.#nodes.get(this.pathOf(path));
    return node && this.#entry(node);
  }

  /** Under which path the disk has, or would put, what is asked for by this one. */
  pathOf(path: string): string {
    if (!this.#disk || path === '') {
      return path;
    }
    const own = joinPath(this.pathOf(parentOf(path)), this.#stored(nameOf(path)));
    const key = foldOf(own, this.#disk);
    return this.#nodes.has(own)
      ? own
      : ([...this.#nodes.keys()].find(each => foldOf(each, this.#disk ?? NO_FOLDING) === key) ??
          own);
  }

  async #apply(operation: Operation, options: TransferOptions): Promise<Outcome> {
    const { path } = operation;
    const kind = operation.op === 'put' ? 'file' : 'directory';
    const refused = operation.op === 'delete' ? null : this.refuses(path, kind);
    if (refused) {
      return { status: 'failed', problem: refused };
    }
    switch (operation.op) {
      case 'put':
        return this.#put(operation, options);
      case 'delete':
        return this.#delete(operation);
      case 'move':
        return this.#move(operation);
      case 'mkdir':
        return this.#mkdir(path);
    }
  }

  async #put(
    { path, content, sha256, expect, keep }: Extract<Operation, { op: 'put' }>,
    options: TransferOptions
  ): Promise<Outcome> {
    const bytes = await bytesOf(content);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      return failed(path, 'corrupt', 'the content does not have the hash that was announced');
    }
    const blocked = this.#fileAbove(path);
    if (blocked !== null) {
      return failed(path, 'failed', `"${blocked}" is a file`);
    }
    const node = this.#nodes.get(this.pathOf(path));
    if (node?.sha256 !== sha256 || keep) {
      if (node ? !expect || !this.#meets(node, expect) : expect) {
        return { status: 'changed' };
      }
      if (keep) {
        this.write(path, await bytesOf(keep.content));
      }
      this.write(path, bytes);
      this.bytes.written += bytes.byteLength;
      options.onBytes?.(bytes.byteLength);
    }
    return this.#applied(path);
  }

  #delete({ path: given, expect }: Extract<Operation, { op: 'delete' }>): Outcome {
    const path = this.pathOf(given);
    const node = this.#nodes.get(path);
    if (!node) {
      return { status: 'applied', entry: null };
    }
    if (!this.#meets(node, expect)) {
      return { status: 'changed' };
    }
    if ([...this.#nodes.keys()].some(below => below.startsWith(`${path}/`))) {
      return failed(path, 'not-empty', 'the directory still holds something');
    }
    this.remove(path);
    return { status: 'applied', entry: null };
  }

  #move({ from, path, expect }: Extract<Operation, { op: 'move' }>): Outcome {
    const node = this.#nodes.get(this.pathOf(from));
    const isTaken = this.#nodes.has(this.pathOf(path)) && this.pathOf(path) !== this.pathOf(from);
    if (!node || !this.#meets(node, expect) || isTaken) {
      return { status: 'changed' };
    }
    const blocked = this.#fileAbove(path);
    if (blocked !== null || isWithin(path, from)) {
      return failed(path, 'failed', 'it can not lie there');
    }
    this.rename(from, path);
    return this.#applied(path);
  }

  #mkdir(path: string): Outcome {
    const blocked =
      this.#fileAbove(path) ?? (this.#nodes.get(this.pathOf(path))?.kind === 'file' ? path : null);
    if (blocked !== null) {
      return failed(path, 'failed', `"${blocked}" is a file`);
    }
    this.mkdir(path);
    return this.#applied(path);
  }

  #applied(path: string): Outcome {
    const entry = this.entry(path);
    if (!entry) {
      throw new Error(`${path} was applied and is not there`);
    }
    return { status: 'applied', entry };
  }

  #meets(node: Stored, expect: Entry): boolean {
    if (node.kind !== expect.kind) {
      return false;
    }
    if (node.kind === 'directory') {
      return true;
    }
    return this.side === 'cloud' ? node.version === expect.version : node.sha256 === expect.sha256;
  }

  #fileAbove(path: string): string | null {
    return (
      ancestorsOf(path).find(above => this.#nodes.get(this.pathOf(above))?.kind === 'file') ?? null
    );
  }

  #stored(name: string): string {
    return this.#disk?.decomposes ? name.normalize('NFD') : name;
  }

  #entry(node: Stored): Entry {
    const { kind, sha256, version, id } = node;
    return { kind, size: node.bytes.byteLength, sha256, version, id, seenAt: this.#revision };
  }

  #sorted(): [string, Stored][] {
    return [...this.#nodes].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  #nextVersion(): string {
    this.#revision += 1;
    return `v${this.#revision}`;
  }

  #nextId(): string | null {
    this.#lastId += 1;
    return this.#ids ? `id${this.#lastId}` : null;
  }

  readonly #nodes = new Map<string, Stored>();
  readonly #history = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #ids: boolean;
  readonly #disk: MemoryReplica.Disk | null;
  readonly #refuses: (path: string, kind: EntryKind) => Problem | null;
  #revision = 0;
  #lastId = 0;
}

export namespace MemoryReplica {
  export interface IOptions {
    /** Default 'local'. */
    readonly side?: Side;
    /** Default: true for the cloud only. */
    readonly atomic?: boolean;
    /** Whether entries have an id that stays over moves. Default: for the cloud only. */
    readonly ids?: boolean;
    /** Beside the names that no side can hold. Default: refuses nothing. */
    readonly refuses?: (path: string, kind: EntryKind) => Problem | null;
    /** What its disk does to names. Default: nothing. */
    readonly disk?: Disk;
    readonly before?: Before;
    readonly after?: (call: Call, outcome: Outcome) => void | Promise<void>;
  }

  export interface Disk extends Folding {
    /** It lists names in the decomposed form of Unicode, whatever they were given in (HFS+). */
    readonly decomposes?: boolean;
    readonly windows?: boolean;
  }

  export type Call =
    | { readonly call: 'scan' }
    | { readonly call: 'read'; readonly path: string }
    | { readonly call: 'apply'; readonly operation: Operation };

  export type Before = (call: Call) => void | Problem | Promise<void | Problem>;
}

const NO_FOLDING: Folding = { case: false, unicode: false };

interface Stored {
  readonly kind: EntryKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string | null;
  readonly version: string;
  readonly id: string | null;
}

function failed(path: string, code: ProblemCode, reason: string): Outcome {
  return { status: 'failed', problem: { path, code, message: `"${path}": ${reason}.` } };
}

async function bytesOf(content: Content): Promise<Uint8Array<ArrayBuffer>> {
  return (await sliceOf(content)).slice();
}
