import type { Content } from '../sync/content';
import { hashOf, sizeOf, sliceOf } from '../sync/content';
import type { Entry, Tree } from '../sync/entry';
import { invalidPath, isWithin } from '../sync/path';
import type { Problem } from '../sync/problem';
import type { ApplyOptions, Operation, Outcome, TransferOptions } from '../sync/replica';
import { chunksOf, concurrently } from './concurrent';
import { CoreListing } from './core-listing';
import { entryOf, impliedDirectory } from './core-scan';
import { invalidName } from './entries';
import { CloudError } from './errors';
import { isRefusal, notEmpty, problemOf } from './problems';
import type { CloudTarget } from './target';
import { trans } from '../sync/words';

/** Operations that one listing is trusted for. */
const CHECKED_AT_ONCE = 50;

const WRITES_AT_ONCE = 4;

type Of<K extends Operation['op']> = Extract<Operation, { op: K }>;

/**
 * Applies operations to a cloud with the core only.
 *
 * #### Notes
 * Such a cloud knows no conditions: what is expected is compared with a listing made just before, and the versions of
 * what was written are taken from one made just after.
 */
export async function applyCore(
  target: CoreTarget,
  operations: readonly Operation[],
  options: ApplyOptions
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const chunk of chunksOf(operations, CHECKED_AT_ONCE)) {
    const list = () => CoreListing.of(target.files, target.projectId, options.signal);
    const writer = new CoreWriter(target, await list(), options);
    const done = await concurrently(chunk, WRITES_AT_ONCE, operation => writer.apply(operation));
    const wrote = done.some(
      outcome => outcome.status === 'applied' && outcome.entry?.kind === 'file'
    );
    const after = wrote ? await list() : null;
    for (const [index, outcome] of done.entries()) {
      const known = after ? await writer.confirmed(outcome, chunk[index]!.path, after) : outcome;
      options.onOutcome?.(outcomes.length, known);
      outcomes.push(known);
    }
  }
  return outcomes;
}

export interface CoreTarget extends CloudTarget {
  /** What was last seen of the project. */
  readonly known: Tree<Entry>;
}

class CoreWriter {
  constructor(target: CoreTarget, before: CoreListing, options: TransferOptions) {
    this.#target = target;
    this.#before = before;
    this.#options = options;
  }

  async apply(operation: Operation): Promise<Outcome> {
    const reason = invalidPath(operation.path);
    if (reason !== null) {
      return failed(invalidName(operation.path, reason));
    }
    try {
      switch (operation.op) {
        case 'put':
          return await this.#put(operation);
        case 'delete':
          return await this.#delete(operation);
        case 'move':
          return await this.#move(operation);
        case 'mkdir':
          return this.#mkdir(operation);
      }
    } catch (error) {
      // What was listed a moment ago is gone: the file, or the whole project, which the next scan will tell.
      if (error instanceof CloudError && error.status === 404) {
        return CHANGED;
      }
      if (error instanceof CloudError && isRefusal(error)) {
        return failed(problemOf(operation.path, error));
      }
      throw error;
    }
  }

  /**
   * The outcome with the version that the cloud lists. A write that is not to be seen there is none, whatever was answered:
   * the path is to be planned anew.
   */
  async confirmed(outcome: Outcome, path: string, after: CoreListing): Promise<Outcome> {
    if (outcome.status !== 'applied' || outcome.entry?.kind !== 'file') {
      return outcome;
    }
    const { sha256, size, version } = outcome.entry;
    const item = after.file(path);
    if (!item || (item.size ?? size) !== size) {
      return CHANGED;
    }
    if (item.versionId !== null && item.versionId !== version) {
      // Somebody else wrote since: the next scan will see that.
      return outcome;
    }
    const isAsBefore = item.version !== null && item.version === this.#before.file(path)?.version;
    return isAsBefore && (await this.#hashAt(path)) !== sha256
      ? CHANGED
      : { status: 'applied', entry: entryOf(item, sha256, size) };
  }

  async #put({ path, content, sha256, expect }: Of<'put'>): Promise<Outcome> {
    const there = this.#before.file(path);
    if (this.#before.isDirectory(path) || this.#before.fileAbove(path) !== undefined) {
      return CHANGED;
    }
    if (there && there.size === sizeOf(content) && !(await this.#isExpected(path, expect))) {
      // An earlier try whose answer was lost may have brought it there.
      return (await this.#hashAt(path)) === sha256
        ? { status: 'applied', entry: entryOf(there, sha256, sizeOf(content)) }
        : CHANGED;
    }
    if (!(await this.#isExpected(path, expect))) {
      return CHANGED;
    }
    return this.#write(path, content, sha256);
  }

  async #delete({ path, expect }: Of<'delete'>): Promise<Outcome> {
    if (this.#before.isDirectory(path)) {
      return expect.kind === 'directory' ? failed(notEmpty(path)) : CHANGED;
    }
    if (!this.#before.file(path)) {
      return { status: 'applied', entry: null };
    }
    if (!(await this.#isExpected(path, expect))) {
      return CHANGED;
    }
    await this.#target.files.remove(this.#target.projectId, path, this.#options.signal);
    return { status: 'applied', entry: null };
  }

  /** Written anew, then deleted at the old name: a failure in between leaves both. */
  async #move({ from, path, expect }: Of<'move'>): Promise<Outcome> {
    if (
      this.#before.file(path) ||
      this.#before.isDirectory(path) ||
      this.#before.fileAbove(path) !== undefined
    ) {
      return CHANGED;
    }
    if (expect.kind === 'file') {
      return (await this.#isExpected(from, expect))
        ? this.#moveFile(from, path, expect.sha256)
        : CHANGED;
    }
    if (this.#before.file(from) || isWithin(path, from)) {
      return CHANGED;
    }
    for (const item of this.#before.below(from)) {
      const seen = this.#target.known.get(item.path);
      const sha256 = seen && seen.version === item.version ? seen.sha256 : null;
      const to = path + item.path.slice(from.length);
      const outcome = await this.#moveFile(item.path, to, sha256, item.size);
      if (outcome.status !== 'applied') {
        return outcome;
      }
    }
    return { status: 'applied', entry: impliedDirectory() };
  }

  #mkdir({ path }: Of<'mkdir'>): Outcome {
    return this.#before.file(path) || this.#before.fileAbove(path) !== undefined
      ? failed({
          path,
          code: 'failed',
          message: trans.__(
            "The folder can't be made in the cloud: a file has its name, or that of a folder above it."
          )
        })
      : { status: 'applied', entry: impliedDirectory() };
  }

  /**
   * What is deleted at the old name must be whole at the new one.
   *
   * @param expected The content's hash; null: not known.
   * @param size In bytes; null: not known.
   */
  async #moveFile(
    from: string,
    to: string,
    expected: string | null,
    size: number | null = null
  ): Promise<Outcome> {
    const { files, projectId } = this.#target;
    const { signal } = this.#options;
    const { content } = await files.download(projectId, from, { signal });
    const sha256 = await hashOf(content);
    if (sha256 !== (expected ?? sha256) || sizeOf(content) !== (size ?? sizeOf(content))) {
      return CHANGED;
    }
    const outcome = await this.#write(to, content, sha256);
    await files.remove(projectId, from, signal);
    return outcome;
  }

  async #write(path: string, content: Content, sha256: string): Promise<Outcome> {
    const { files, projectId } = this.#target;
    const { signal, onBytes } = this.#options;
    const { signed_url: url, file_version_id: version } = await files.preload(
      projectId,
      path,
      signal
    );
    await files.upload(url, await sliceOf(content), signal);
    onBytes?.(sizeOf(content));
    await files.commitVersion(projectId, version, signal);
    const size = sizeOf(content);
    return {
      status: 'applied',
      entry: entryOf({ version, seenAt: Date.now() }, sha256, size)
    };
  }

  async #isExpected(path: string, expect: Entry | null): Promise<boolean> {
    const there = this.#before.file(path);
    if (!there || !expect) {
      return !there && !expect;
    }
    return there.version === null
      ? (await this.#hashAt(path)) === expect.sha256
      : there.version === expect.version;
  }

  async #hashAt(path: string): Promise<string> {
    const { files, projectId } = this.#target;
    const { content } = await files.download(projectId, path, { signal: this.#options.signal });
    return hashOf(content);
  }

  readonly #target: CoreTarget;
  readonly #before: CoreListing;
  readonly #options: TransferOptions;
}

const CHANGED: Outcome = { status: 'changed' };

function failed(problem: Problem): Outcome {
  return { status: 'failed', problem };
}
