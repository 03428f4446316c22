import { hashOf, sizeOf, sliceOf } from '../sync/content';
import type { Content } from '../sync/content';
import type { Entry } from '../sync/entry';
import { foldOf } from '../sync/fold';
import { isWithin, nameOf, parentOf } from '../sync/path';
import type { Problem, ProblemCode } from '../sync/problem';
import type { Operation, Outcome, TransferOptions } from '../sync/replica';
import { childrenOf, isWritable } from './contents-files';
import type { FileState } from './contents-files';
import { forbidden, problemOf, rootError, statusOf, wholeSideError } from './failures';
import { directoryEntry, fileEntry, fullPath } from './local-context';
import type { LocalContext } from './local-context';
import { makeDirectories } from './make-directories';
import { trans } from '../sync/words';

type Put = Extract<Operation, { op: 'put' }>;
type Delete = Extract<Operation, { op: 'delete' }>;
type Move = Extract<Operation, { op: 'move' }>;
type There = FileState | 'directory' | null;

const CHANGED: Outcome = { status: 'changed' };
const GONE: Outcome = { status: 'applied', entry: null };
const ANY_SPELLING = { case: true, unicode: true };

/**
 * Makes one change.
 *
 * #### Notes
 * The contents API knows no conditional write: between the look at the target and the write lies a moment in which
 * an edit goes unseen. A request under way is waited for when the signal is aborted, so that nothing is written
 * after the promise has settled.
 */
export async function applyOperation(
  context: LocalContext,
  operation: Operation,
  options: TransferOptions
): Promise<Outcome> {
  try {
    switch (operation.op) {
      case 'put':
        return await put(context, operation, options);
      case 'delete':
        return await remove(context, operation, options);
      case 'move':
        return await move(context, operation, options);
      case 'mkdir':
        await makeDirectory(context, operation.path);
        return { status: 'applied', entry: directoryEntry(context.clock.now()) };
    }
  } catch (error) {
    options.signal.throwIfAborted();
    return failure(context, operation.path, error);
  }
}

async function put(context: LocalContext, operation: Put, options: TransferOptions) {
  const { path, content, sha256, expect } = operation;
  const { files, clock } = context;
  const full = fullPath(context, path);
  const before = await files.state(full);
  if (isFile(before) && before.sha256 === sha256) {
    return applied(fileEntry(before, clock.now()));
  }
  if (!meets(before, expect)) {
    return CHANGED;
  }
  if (isFile(before) && !before.isWritable) {
    return writeProtected(path);
  }
  options.signal.throwIfAborted();
  const write = () => files.write(full, content, options.onBytes);
  try {
    await withParents(context, path, write);
  } catch (error) {
    const whole = wholeSideError(error);
    if (whole) {
      throw whole;
    }
    return afterFailedWrite(context, operation, error);
  }
  const seenAt = clock.now();
  const after = await files.state(full);
  if (isFile(after) && after.sha256 === sha256) {
    return applied(fileEntry(after, seenAt));
  }
  return failed(
    path,
    'busy',
    trans.__(
      '"%1" holds something else than what was just written: another program may be writing it. Sync again.',
      path
    )
  );
}

/** What is left where a write failed, and what to say about it. */
async function afterFailedWrite(
  context: LocalContext,
  { path, content, sha256, expect }: Put,
  error: unknown
): Promise<Outcome> {
  const { files, clock } = context;
  const full = fullPath(context, path);
  const problem = problemOf(path, error);
  const left = await files.state(full);
  if (isFile(left) && left.sha256 === sha256) {
    return applied(fileEntry(left, clock.now()));
  }
  if (expect === null && isFile(left) && !(await removeBegun(context, full, left, content))) {
    const message = trans.__(
      '%1 An incomplete "%2" is left, and is completed by the next sync.',
      problem.message,
      path
    );
    return { status: 'failed', problem: { ...problem, message } };
  }
  if (expect !== null && !meets(left, expect)) {
    const message = trans.__(
      '%1 What it held before was damaged by the attempt, and comes back with the next sync.',
      problem.message
    );
    return { status: 'failed', problem: { ...problem, message } };
  }
  return { status: 'failed', problem };
}

/**
 * Removes what a failed write of a new file left, and tells whether nothing of it remains. Only what is verifiably
 * ours may go: nothing was there just before, and these bytes begin what was sent.
 */
async function removeBegun(
  { files }: LocalContext,
  full: string,
  left: FileState,
  content: Content
): Promise<boolean> {
  if (left.size >= sizeOf(content)) {
    return true;
  }
  if ((await hashOf(await sliceOf(content, 0, left.size))) !== left.sha256) {
    return true;
  }
  try {
    await files.remove(full);
    return true;
  } catch (error) {
    const whole = wholeSideError(error);
    if (whole) {
      throw whole;
    }
    // On a full disk there may be no room for the trash's own note about the file.
    return false;
  }
}

async function remove(
  context: LocalContext,
  { path, expect }: Delete,
  options: TransferOptions
): Promise<Outcome> {
  const { files } = context;
  const full = fullPath(context, path);
  const there = expect.kind === 'file' ? await files.state(full) : await statOf(context, path);
  if (there === null) {
    return GONE;
  }
  if (!meets(there, expect)) {
    return CHANGED;
  }
  if (there === 'directory') {
    const listing = await files.list(full);
    if (listing === null) {
      // Somebody put a file in its place.
      return CHANGED;
    }
    if (childrenOf(listing).length > 0) {
      return notEmpty(path);
    }
    if (!isWritable(listing)) {
      return writeProtected(path);
    }
  }
  // Without a trash the server would delete what a person has protected.
  if (isFile(there) && !there.isWritable) {
    return writeProtected(path);
  }
  options.signal.throwIfAborted();
  try {
    await files.remove(full);
  } catch (error) {
    if (statusOf(error) === 404) {
      return GONE;
    }
    if (there === 'directory' && statusOf(error) === 400) {
      // Without a trash the server keeps a directory that holds what it does not list.
      return notEmpty(path);
    }
    throw error;
  }
  return GONE;
}

async function move(
  context: LocalContext,
  { from, path, expect }: Move,
  options: TransferOptions
): Promise<Outcome> {
  const { files, clock } = context;
  if (isWithin(path, from)) {
    return failed(path, 'failed', trans.__('"%1" can not be moved into itself.', from));
  }
  const there =
    expect.kind === 'file'
      ? await files.state(fullPath(context, from))
      : await statOf(context, from);
  if (there === null || !meets(there, expect)) {
    return CHANGED;
  }
  // Not every drive refuses a taken name by itself.
  const target = await files.stat(fullPath(context, path));
  if (target !== null && !(await isSameEntry(context, from, path))) {
    return CHANGED;
  }
  options.signal.throwIfAborted();
  const rename = () => files.rename(fullPath(context, from), fullPath(context, path));
  try {
    // Jupyter leaves an empty `.ipynb_checkpoints` where the file was: no listing shows it.
    const model = await withParents(context, path, rename);
    return there === 'directory'
      ? applied(directoryEntry(clock.now()))
      : applied(fileEntry({ ...there, lastModified: model.last_modified }, clock.now()));
  } catch (error) {
    const status = statusOf(error);
    if (status === 409 && target === null) {
      return CHANGED;
    }
    if (status === 409) {
      const message = trans.__(
        '"%1" could not be renamed to "%2", which are one name to the disk that Jupyter uses here. Rename it there.',
        from,
        path
      );
      return failed(path, 'name-clash', message);
    }
    if (status === 404 && (await files.stat(fullPath(context, from))) === null) {
      return CHANGED;
    }
    throw error;
  }
}

/** Whether the one file or folder answers to both names, which differ in spelling alone: no listing has the new one. */
async function isSameEntry(context: LocalContext, from: string, path: string): Promise<boolean> {
  if (foldOf(from, ANY_SPELLING) !== foldOf(path, ANY_SPELLING)) {
    return false;
  }
  const parent = await context.files.list(fullPath(context, parentOf(path)));
  return parent !== null && !childrenOf(parent).some(({ name }) => name === nameOf(path));
}

async function makeDirectory(context: LocalContext, path: string): Promise<void> {
  try {
    await context.files.makeDirectory(fullPath(context, path));
  } catch (error) {
    if (wholeSideError(error) || (await statOf(context, parentOf(path))) !== null) {
      throw error;
    }
    await makeDirectories(context.files, context.root, path);
  }
}

/** Runs the request, and once more when it failed for want of the path's parents, after making them. */
async function withParents<T>(
  context: LocalContext,
  path: string,
  request: () => Promise<T>
): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const status = statusOf(error);
    const parent = parentOf(path);
    // "No such parent" is a 500 for a write and a 404 for a move; drives without HTTP have no status.
    const isCandidate = status === 500 || status === 404 || status === null;
    if (parent === '' || !isCandidate || wholeSideError(error)) {
      throw error;
    }
    const there = await statOf(context, parent);
    if (there === 'directory' && isForWantOfParent(error)) {
      // Who wrote beside it has made them meanwhile.
      return request();
    }
    if (there !== null) {
      throw error;
    }
    await makeDirectories(context.files, context.root, parent);
    return request();
  }
}

/** As the server says it: `[Errno 2] No such file or directory`. */
function isForWantOfParent(error: unknown): boolean {
  return error instanceof Error && /\[Errno 2\]|no such file or directory/i.test(error.message);
}

/** What is at the path; of a file only that it is one. */
async function statOf(context: LocalContext, path: string): Promise<There> {
  const model = await context.files.stat(fullPath(context, path));
  if (model === null || model.type === 'directory') {
    return model && 'directory';
  }
  return {
    size: model.size ?? 0,
    sha256: '',
    lastModified: model.last_modified,
    isWritable: isWritable(model)
  };
}

async function failure(context: LocalContext, path: string, error: unknown): Promise<Outcome> {
  const whole = wholeSideError(error);
  if (whole) {
    throw whole;
  }
  if (statusOf(error) === 403) {
    // One file's permissions, or the end of the session? The root tells.
    try {
      await context.files.stat(context.root);
    } catch (cause) {
      throw rootError(cause);
    }
  }
  return { status: 'failed', problem: problemOf(path, error) };
}

function meets(there: There, expect: Entry | null): boolean {
  if (expect === null || there === null) {
    return expect === null && there === null;
  }
  return isFile(there)
    ? expect.kind === 'file' && there.sha256 === expect.sha256
    : expect.kind === 'directory';
}

function isFile(there: There): there is FileState {
  return there !== null && there !== 'directory';
}

function applied(entry: Entry): Outcome {
  return { status: 'applied', entry };
}

function failed(path: string, code: ProblemCode, message: string): Outcome {
  const problem: Problem = { path, code, message };
  return { status: 'failed', problem };
}

function writeProtected(path: string): Outcome {
  return { status: 'failed', problem: forbidden(path) };
}

function notEmpty(path: string): Outcome {
  return failed(
    path,
    'not-empty',
    trans.__(
      'The folder "%1" stays: it still holds something that is ignored, hidden or new.',
      path
    )
  );
}
