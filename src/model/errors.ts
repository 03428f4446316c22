import { CloudError } from '../cloud/errors';
import { StateError } from '../state/state-error';
import { ReplicaError } from '../sync/problem';
import { ProjectsError } from '../tokens';

/** Any failure as one that a person can act on. */
export function asProjectsError(error: unknown): ProjectsError {
  if (error instanceof ProjectsError) {
    return error;
  }
  const options = { cause: error };
  if (error instanceof CloudError && error.status === 404) {
    return new ProjectsError('not-found', error.message, options);
  }
  if (error instanceof ReplicaError) {
    return new ProjectsError(error.code, error.message, options);
  }
  if (error instanceof StateError && error.code === 'already-linked') {
    return new ProjectsError('already-linked', error.message, options);
  }
  if (error instanceof StateError && error.code === 'not-found') {
    return new ProjectsError('not-linked', error.message, options);
  }
  return new ProjectsError('failed', wordsOf(error), options);
}

/** For `catch`: the failure as one that a person can act on. */
export function rethrow(error: unknown): never {
  throw asProjectsError(error);
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
