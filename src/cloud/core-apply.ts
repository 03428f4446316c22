import type { Content } from '../sync/content';
import { hashOf, sizeOf, sliceOf } from '../sync/content';
import type { Entry } from '../sync/entry';
import { invalidPath, isWithin } from '../sync/path';
import type { Problem } from '../sync/problem';
import type { Operation, Outcome, TransferOptions } from '../sync/replica';
import { chunksOf, concurrently } from './concurrent';
import { CoreListing } from './core-listing';
import { entryOf, impliedDirectory } from './core-scan';
import { invalidName } from './entries';
import { CloudError } from './errors';
import { isRefusal, notEmpty, problemOf } from './problems';
import type { CloudTarget } from './target';

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
  target: CloudTarget,
  operations: readonly Operation[],
  options: TransferOptions
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
    outcomes.push(...done.map((outcome, index) => withVersion(outcome, chunk[index]!.path, after)));
  }
  return outcomes;
}

/** Where the cloud lists another version than the one that was written, the next scan will see that. */
function withVersion(outcome: Outcome, path: string, after: CoreListing | null): Outcome {
  const item = after?.file(path);
  if (outcome.status !== 'applied' || outcome.entry?.kind !== 'file' || !item) {
    return outcome;
  }
  const { sha256, size } = outcome.entry;
  return { status: 'applied', entry: entryOf(item, sha256, size) };
}

class CoreWriter {
  constructor(target: CloudTarget, before: CoreListing, options: TransferOptions) {
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
      return (await this.#isExpected(from, expect)) ? this.#moveFile(from, path) : CHANGED;
    }
    if (this.#before.file(from) || isWithin(path, from)) {
      return CHANGED;
    }
    for (const item of this.#before.below(from)) {
      await this.#moveFile(item.path, path + item.path.slice(from.length));
    }
    return { status: 'applied', entry: impliedDirectory() };
  }

  #mkdir({ path }: Of<'mkdir'>): Outcome {
    return this.#before.file(path) || this.#before.fileAbove(path) !== undefined
      ? failed({
          path,
          code: 'failed',
          message:
            "The folder can't be made in the cloud: a file has its name, or that of a folder above it."
        })
      : { status: 'applied', entry: impliedDirectory() };
  }

  async #moveFile(from: string, to: string): Promise<Outcome> {
    const { files, projectId } = this.#target;
    const { signal } = this.#options;
    const { content } = await files.download(projectId, from, { signal });
    const outcome = await this.#write(to, content, await hashOf(content));
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
      entry: entryOf({ path, version, size, seenAt: Date.now() }, sha256, size)
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

  readonly #target: CloudTarget;
  readonly #before: CoreListing;
  readonly #options: TransferOptions;
}

const CHANGED: Outcome = { status: 'changed' };

function failed(problem: Problem): Outcome {
  return { status: 'failed', problem };
}
