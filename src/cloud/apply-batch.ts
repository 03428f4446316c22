import { batchesOf } from '../sync/batches';
import { invalidPath } from '../sync/path';
import type { Problem } from '../sync/problem';
import type { ApplyOptions, Operation, Outcome, TransferOptions } from '../sync/replica';
import { entryOf, invalidName } from './entries';
import { unexpectedAnswer } from './errors';
import { isolated } from './isolate';
import { corrupt, forbidden, notEmpty, problemOf } from './problems';
import { randomId } from './random-id';
import type { CommitOperation, CommitResult } from './schemas';
import type { CloudTarget } from './target';
import { uploadAll } from './upload';
import { trans } from '../sync/words';

/** Where the cloud does not tell how many operations a commit may have. */
const DEFAULT_OPERATIONS = 500;

type Put = Extract<Operation, { op: 'put' }>;

/** An operation as the wire has it: the last of the wire's operations is it, what comes before makes it possible. */
interface Prepared {
  readonly operation: Operation;
  readonly wire: readonly [...CommitOperation[], CommitOperation];
}

/**
 * Applies operations through the extensions *batch* and *commits*: content first, then all that changes the tree, each
 * operation with its precondition.
 */
export async function applyBatch(
  target: CloudTarget,
  operations: readonly Operation[],
  options: ApplyOptions
): Promise<Outcome[]> {
  const outcomes = new Map<Operation, Outcome>();
  const indexOf = new Map(operations.map((operation, index) => [operation, index]));
  const settle = (operation: Operation, outcome: Outcome) => {
    outcomes.set(operation, outcome);
    options.onOutcome?.(indexOf.get(operation)!, outcome);
  };
  for (const operation of operations) {
    const reason = invalidPath(operation.path);
    if (reason !== null) {
      const problem = invalidName(operation.path, reason);
      outcomes.set(operation, { status: 'failed', problem });
    }
  }
  let waiting = operations.filter(operation => !outcomes.has(operation));
  for (const isLast of [false, true]) {
    const prepared = await prepare(target, waiting, options, outcomes);
    const missing: Operation[] = [];
    await commitAll(target, prepared, options.signal, ({ operation }, { result, refused }) => {
      if (refused) {
        settle(operation, { status: 'failed', problem: refused });
      } else if (result.status === 'missing_content' && operation.op === 'put' && !isLast) {
        missing.push(operation);
      } else {
        settle(operation, outcomeOf(operation, result));
      }
    });
    waiting = missing;
    if (waiting.length === 0) {
      break;
    }
  }
  return operations.map(operation => outcomes.get(operation)!);
}

/** Uploads what is to be put; those that could not be have their outcome. */
async function prepare(
  target: CloudTarget,
  operations: readonly Operation[],
  options: TransferOptions,
  outcomes: Map<Operation, Outcome>
): Promise<Prepared[]> {
  const puts = operations.filter((operation): operation is Put => operation.op === 'put');
  const kept = puts.flatMap(put =>
    put.keep ? [{ put, upload: { ...put.keep, path: put.path } }] : []
  );
  const uploads = [...puts, ...kept.map(({ upload }) => upload)];
  const uploaded = await uploadAll(target, uploads, options);
  const versions = new Map<Operation, Versions>();
  for (const [index, put] of [...puts, ...kept.map(each => each.put)].entries()) {
    const result = uploaded[index]!;
    if ('problem' in result) {
      outcomes.set(put, { status: 'failed', problem: result.problem });
    } else {
      const isKept = index >= puts.length;
      versions.set(put, { ...versions.get(put), [isKept ? 'keep' : 'put']: result.version });
    }
  }
  return operations
    .filter(operation => !outcomes.has(operation))
    .map(operation => ({
      operation,
      wire: onWire(operation, versions.get(operation) ?? {}, target.seenRevision ?? null)
    }));
}

/** The versions that a put's contents will be. */
interface Versions {
  readonly put?: string;
  readonly keep?: string;
}

/** What goes along with a directory must be what the scan saw: its own version does not tell that. */
function onWire(
  operation: Operation,
  versions: Versions,
  seenRevision: number | null
): Prepared['wire'] {
  const { path } = operation;
  switch (operation.op) {
    case 'put': {
      const condition = operation.expect?.version ?? null;
      const put = { op: 'put', path, file_version_id: versions.put ?? '' } as const;
      return versions.keep === undefined
        ? [{ ...put, if_version: condition }]
        : [
            { ...put, file_version_id: versions.keep, if_version: condition },
            { ...put, if_version: versions.keep }
          ];
    }
    case 'delete':
      return [{ op: 'delete', path, if_version: operation.expect.version }];
    case 'move': {
      const { from, expect } = operation;
      const condition =
        expect.kind === 'directory' && seenRevision !== null ? { if_revision: seenRevision } : {};
      return [{ op: 'move', from, to: path, if_version: expect.version, ...condition }];
    }
    case 'mkdir':
      return [{ op: 'mkdir', path }];
  }
}

/** What a commit said of an operation, or why it was refused as a whole. */
type Committed =
  | { readonly result: CommitResult; readonly refused?: undefined }
  | { readonly result?: undefined; readonly refused: Problem };

/**
 * Tells of each what came of it once its commit was answered.
 *
 * #### Notes
 * A key belongs to the operations that it is sent with: it is theirs over all tries, and nobody else's.
 */
async function commitAll(
  target: CloudTarget,
  prepared: readonly Prepared[],
  signal: AbortSignal,
  tell: (of: Prepared, committed: Committed) => void
): Promise<void> {
  const size = target.limits.max_commit_operations ?? DEFAULT_OPERATIONS;
  for (const chunk of batchesOf(prepared, ({ wire }) => wire.length, {
    items: size,
    bytes: size
  })) {
    const committed = await isolated<Prepared, Committed>(
      chunk,
      async some => {
        const request = {
          idempotency_key: randomId(),
          operations: some.flatMap(each => each.wire)
        };
        const { results } = await target.files.commit(target.projectId, request, signal);
        let end = 0;
        return some.map(({ wire }) => {
          end += wire.length;
          return { result: results[end - 1]! };
        });
      },
      ({ operation: { path } }, error) => ({ refused: problemOf(path, error) })
    );
    chunk.forEach((each, index) => tell(each, committed[index]!));
  }
}

function outcomeOf(operation: Operation, result: CommitResult): Outcome {
  const { path } = operation;
  switch (result.status) {
    case 'applied':
      return applied(operation, result);
    case 'conflict':
      return conflicting(operation, result);
    case 'missing_content':
      return { status: 'failed', problem: corrupt(path) };
    case 'forbidden':
      return { status: 'failed', problem: forbidden(path) };
    case 'invalid':
      return {
        status: 'failed',
        problem: invalidName(path, result.message ?? trans.__('the cloud does not take it'))
      };
  }
}

function applied(operation: Operation, { file }: CommitResult): Outcome {
  if (operation.op === 'delete') {
    return { status: 'applied', entry: null };
  }
  if (!file || (operation.op === 'put' && file.sha256 !== operation.sha256)) {
    throw unexpectedAnswer('POST /{id}/commits', 'results: expected the file that was made');
  }
  return { status: 'applied', entry: entryOf(file) };
}

/** A condition did not hold; where what was wanted is there already, an earlier try's answer was lost. */
function conflicting(operation: Operation, { file, message }: CommitResult): Outcome {
  const { path } = operation;
  switch (operation.op) {
    case 'put':
      // What was to become a version with it has not: somebody else brought the same content.
      return file?.kind === 'file' && file.sha256 === operation.sha256 && !operation.keep
        ? { status: 'applied', entry: entryOf(file) }
        : { status: 'changed' };
    case 'delete':
      if (!file) {
        return { status: 'applied', entry: null };
      }
      return file.kind === 'directory' && file.file_version_id === operation.expect.version
        ? { status: 'failed', problem: notEmpty(path) }
        : { status: 'changed' };
    case 'move':
      return file?.path === path && file.file_id === operation.expect.id
        ? { status: 'applied', entry: entryOf(file) }
        : { status: 'changed' };
    case 'mkdir': {
      const why = message ?? trans.__('a file has its name, or that of a folder above it');
      return {
        status: 'failed',
        problem: {
          path,
          code: 'failed',
          message: trans.__("The folder can't be made in the cloud: %1.", why)
        }
      };
    }
  }
}
