import { sizeOf, sliceOf } from '../../sync/content';
import type { Entry } from '../../sync/entry';
import type { Problem } from '../../sync/problem';
import type { Operation, Outcome, TransferOptions } from '../../sync/replica';
import { mapBounded } from '../bounded';
import { directoryEntry } from '../local-context';
import { entryOf, isRacy, statOf } from './entries';
import type { Stat } from './entries';
import { HelperError, unlessHelperFailed } from './helper-error';
import type { HelperKernel } from './kernel';
import { problemOf } from './problems';
import { trans } from '../../sync/words';

/** Bytes of one message, and operations in it: each put is an open file until it is done. */
const MESSAGE = 4 * 1024 * 1024;
const OPERATIONS = 200;
/** How many messages are under way at once. */
const WINDOW = 2;

const CHANGED: Outcome = { status: 'changed' };

/**
 * Changes by the helper: each file is written beside its target and renamed when the target still is what the plan saw.
 *
 * #### Notes
 * A message under way is waited for when the signal is aborted, so that nothing is written after the promise has settled.
 */
export class HelperApply {
  constructor(options: HelperApply.IOptions) {
    this.#options = options;
  }

  async run(operations: readonly Operation[]): Promise<Outcome[]> {
    const { signal, refuses } = this.#options;
    signal.throwIfAborted();
    const outcomes: Outcome[] = operations.map(() => CHANGED);
    const waiting: Waiting[] = [];
    operations.forEach((operation, at) => {
      const problem = refuses(operation);
      if (problem) {
        outcomes[at] = { status: 'failed', problem };
      } else {
        waiting.push({ operation, at });
      }
    });
    await mapBounded(batchesOf(waiting), WINDOW, async batch => {
      signal.throwIfAborted();
      const told = await this.#send(batch);
      batch.forEach(({ operation, at }, index) => {
        const outcome = told[index];
        outcomes[at] = outcome ? outcomeOf(operation, outcome) : CHANGED;
      });
    });
    return outcomes;
  }

  async #send(batch: readonly Waiting[]): Promise<readonly Told[]> {
    const { helper, root, trash, onBytes } = this.#options;
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const operations: object[] = [];
    for (const { operation } of batch) {
      if (operation.op === 'mkdir') {
        operations.push(operation);
        continue;
      }
      const expect = expected(operation.expect);
      if (operation.op !== 'put') {
        operations.push({ ...operation, expect });
        continue;
      }
      const { op, path, sha256, content } = operation;
      if (sizeOf(content) > MESSAGE) {
        operations.push({ op, path, sha256, expect, staged: await this.#stage(operation) });
      } else {
        const bytes = await sliceOf(content);
        pieces.push(bytes);
        operations.push({ op, path, sha256, expect, length: bytes.byteLength });
      }
    }
    const args = { root, operations, trash };
    const buffers = pieces.length > 0 ? [joined(pieces)] : [];
    const { result } = await helper.request<{ outcomes: readonly Told[] }>('apply', args, {
      buffers
    });
    if (result.outcomes.length !== batch.length) {
      throw new HelperError('unexpected', trans.__('The helper kernel left operations out.'));
    }
    onBytes?.(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
    return result.outcomes;
  }

  /** Sends large content ahead, in parts; gives the name under which the program has it. */
  async #stage({ path, content }: Put): Promise<string> {
    const { helper, root, signal, onBytes } = this.#options;
    const token = `${Date.now()}-${Math.random()}`;
    const send = async (start: number) => {
      signal.throwIfAborted();
      const bytes = await sliceOf(content, start, Math.min(start + MESSAGE, sizeOf(content)));
      const args = { root, path, token, start };
      try {
        await helper.request('stage', args, { buffers: [bytes] });
      } catch (error) {
        // What can not be written is told of the operation.
        if (!(error instanceof HelperError) || !helper.isReady) {
          throw error;
        }
        return false;
      }
      onBytes?.(bytes.byteLength);
      return true;
    };
    try {
      const starts = Array.from(
        { length: Math.ceil(sizeOf(content) / MESSAGE) - 1 },
        (_, at) => (at + 1) * MESSAGE
      );
      // The first makes the file.
      if (await send(0)) {
        await mapBounded(starts, WINDOW, send);
      }
      return token;
    } catch (error) {
      if (helper.isReady) {
        await helper.request('unstage', { root, path, token }).catch(unlessHelperFailed);
      }
      throw error;
    }
  }

  readonly #options: HelperApply.IOptions;
}

export namespace HelperApply {
  export interface IOptions extends TransferOptions {
    readonly helper: HelperKernel;
    readonly root: string;
    /** Whether deleted files go to the person's trash where there is one. */
    readonly trash: boolean;
    readonly refuses: (operation: Operation) => Problem | null;
  }
}

type Put = Extract<Operation, { op: 'put' }>;

interface Waiting {
  readonly operation: Operation;
  /** Its place in the answer. */
  readonly at: number;
}

type Told =
  | readonly ['applied', ...Stat, seenAt: number]
  | readonly ['applied' | 'changed' | 'not-empty']
  | readonly ['made', seenAt: number]
  | readonly ['failed', code: string, message: string];

function outcomeOf(operation: Operation, told: Told): Outcome {
  const { path } = operation;
  switch (told[0]) {
    case 'changed':
      return CHANGED;
    case 'not-empty': {
      const message = trans.__(
        'The folder "%1" stays: it still holds something that is ignored, hidden or new.',
        path
      );
      return { status: 'failed', problem: { path, code: 'not-empty', message } };
    }
    case 'failed':
      return { status: 'failed', problem: problemOf(path, told[1], told[2]) };
    case 'made':
      return { status: 'applied', entry: directoryEntry(told[1]) };
    case 'applied':
      return { status: 'applied', entry: entryAfter(operation, told) };
  }
}

function entryAfter(
  operation: Operation,
  told: readonly ['applied', ...Stat, seenAt: number] | readonly [string]
): Entry | null {
  if (told.length === 1 || operation.op === 'delete' || operation.op === 'mkdir') {
    return null;
  }
  const [, size, modified, changed, inode, seenAt] = told;
  const sha256 = operation.op === 'put' ? operation.sha256 : operation.expect.sha256;
  return sha256 === null
    ? directoryEntry(seenAt)
    : entryOf([size, modified, changed, inode], sha256, seenAt);
}

/** What the program compares the target with: the content; and the status, which saves reading it. */
function expected(entry: Entry | null): object | null {
  if (entry === null) {
    return null;
  }
  const { kind, size, sha256, seenAt } = entry;
  const stat = statOf(entry);
  return { kind, size, sha256, seen: stat && !isRacy(stat, seenAt) ? stat : null };
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let start = 0;
  for (const piece of pieces) {
    all.set(piece, start);
    start += piece.byteLength;
  }
  return all;
}

/** Large content is a batch of its own: it is sent ahead, while others wait. */
function batchesOf(waiting: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = [];
  let batch: Waiting[] = [];
  let bytes = 0;
  for (const each of waiting) {
    const size = each.operation.op === 'put' ? sizeOf(each.operation.content) : 0;
    if (size > MESSAGE) {
      batches.push([each]);
      continue;
    }
    if (batch.length >= OPERATIONS || (batch.length > 0 && bytes + size > MESSAGE)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(each);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
