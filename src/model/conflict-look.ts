import type { LocalProject } from '../state/local-project';
import { hashOf, sliceOf } from '../sync/content';
import type { Entry, Side } from '../sync/entry';
import type { Conflict } from '../sync/memory';
import type { Replica } from '../sync/replica';
import { ProjectsError } from '../tokens';
import { asProjectsError } from './errors';
import { conflictAt } from './open-conflict';
import type { Syncing } from './syncing';
import { trans } from '../sync/words';

/** A content as it lies on a side. */
export interface Held {
  readonly side: Side;
  readonly path: string;
  readonly entry: Entry;
}

/** An open conflict, and where its two contents are now; null for one that is no file. */
export interface ConflictLook {
  readonly conflict: Conflict;
  readonly mine: Held | null;
  readonly theirs: Held | null;
  /** The two sides hold the same at the name and at the copy: both contents are in the cloud. */
  readonly isSettled: boolean;
}

/** Looks at both sides; changes nothing. Rejects with `not-found` where no conflict is open at the path. */
export async function lookAtConflict(
  syncing: Syncing,
  project: LocalProject,
  path: string
): Promise<ConflictLook> {
  const { situation, conflicts } = await syncing.look(project);
  const conflict = conflictAt(conflicts, path);
  if (!conflict) {
    throw new ProjectsError('not-found', trans.__('There is no open conflict at “%1”.', path));
  }
  const { local, cloud } = situation;
  const held = (side: Side, at: string | null): Held | null => {
    const entry = at === null ? undefined : { local, cloud }[side].get(at);
    return at !== null && entry?.kind === 'file' ? { side, path: at, entry } : null;
  };
  const { copy } = conflict;
  const isSame = (at: string): boolean => local.get(at)?.sha256 === cloud.get(at)?.sha256;
  const kept = held('local', copy) ?? held('cloud', copy);
  return {
    conflict,
    mine: kept ?? held('local', conflict.path),
    theirs: held('cloud', conflict.path),
    isSettled: copy !== null && kept !== null && isSame(copy) && isSame(conflict.path)
  };
}

/** The bytes of what was looked at. Rejects where it is something else by now. */
export async function readHeld(
  replicas: { readonly [side in Side]: Replica },
  { side, path, entry }: Held
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = new AbortController();
  try {
    const [result] = await replicas[side].read([{ path, entry }], { signal });
    if (result?.status === 'failed') {
      throw new ProjectsError('failed', result.problem.message);
    }
    const bytes = result?.status === 'read' ? await sliceOf(result.content) : null;
    if (!bytes || (await hashOf(bytes)) !== entry.sha256) {
      throw lookAgain(path);
    }
    return bytes;
  } catch (error) {
    throw asProjectsError(error);
  }
}

export function lookAgain(path: string): ProjectsError {
  return new ProjectsError(
    'failed',
    trans.__(
      '“%1” is not what you were shown any more: it was changed meanwhile. Nothing was replaced. Look at it again, then choose.',
      path
    )
  );
}
