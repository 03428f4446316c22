import type { Contents } from '@jupyterlab/services';

import type { CloudClient } from '../cloud/client';
import type { FileVersion } from '../cloud/schemas';
import type { LocalProject } from '../state/local-project';
import { sliceOf } from '../sync/content';
import type { Side } from '../sync/entry';
import { joinPath } from '../sync/path';
import type { Replica } from '../sync/replica';
import type { ConflictSides, FileSide } from '../tokens';
import { lookAtConflict, readHeld } from './conflict-look';
import type { ConflictLook, Held } from './conflict-look';
import { asProjectsError } from './errors';
import type { Syncing } from './syncing';

/** Of larger contents nothing but their size is told; bytes. */
const LARGEST = 8 * 1024 * 1024;

/** Both contents of an open conflict, and what they were made from. What can't be told is null. */
export async function conflictSides(
  parts: {
    readonly syncing: Syncing;
    readonly client: CloudClient;
    readonly contents: Contents.IManager;
  },
  project: LocalProject,
  path: string
): Promise<ConflictSides> {
  const look = await lookAtConflict(parts.syncing, project, path);
  const { conflict } = look;
  const replicas = await parts.syncing.replicas(project);
  const versions = await versionsOf(parts.client, project.id, conflict.path);
  const [mine, theirs, base] = await Promise.all([
    mineOf(parts.contents, project, look, replicas),
    theirsOf(look, versions, replicas),
    baseOf(look, versions, replicas.cloud)
  ]);
  const { copy, reason } = conflict;
  return { path: conflict.path, copy, reason, mine, theirs, base };
}

type Replicas = { readonly [side in Side]: Replica };

async function mineOf(
  contents: Contents.IManager,
  project: LocalProject,
  { mine }: ConflictLook,
  replicas: Replicas
): Promise<FileSide | null> {
  if (!mine) {
    return null;
  }
  const at =
    mine.side === 'local' ? await savedAt(contents, joinPath(project.path, mine.path)) : null;
  return { ...(await described(mine, replicas)), at, author: null };
}

async function theirsOf(
  { theirs }: ConflictLook,
  versions: readonly FileVersion[],
  replicas: Replicas
): Promise<FileSide | null> {
  if (!theirs) {
    return null;
  }
  const { version, sha256 } = theirs.entry;
  const found =
    versions.find(each => each.file_version_id === version) ??
    versions.find(each => each.sha256 === sha256);
  return { ...(await described(theirs, replicas)), ...authorship(found) };
}

async function baseOf(
  { conflict }: ConflictLook,
  versions: readonly FileVersion[],
  cloud: Replica
): Promise<FileSide | null> {
  const found = conflict.base && versions.find(each => each.sha256 === conflict.base);
  if (!found || found.sha256 === null) {
    return null;
  }
  const { path, size, sha256 } = found;
  const { signal } = new AbortController();
  const content =
    size > LARGEST ? null : await cloud.recall?.({ path: conflict.path, sha256 }, { signal });
  return {
    path,
    size,
    sha256,
    content: content ? await sliceOf(content) : null,
    ...authorship(found)
  };
}

async function described(held: Held, replicas: Replicas) {
  const { size, sha256 } = held.entry;
  const content = size > LARGEST ? null : await readHeld(replicas, held);
  return { path: held.path, size, sha256: sha256 ?? '', content };
}

function authorship(version: FileVersion | undefined): Pick<FileSide, 'at' | 'author'> {
  const author = version?.created_by;
  return {
    at: version ? new Date(version.created_at).toISOString() : null,
    author: author ? { id: author.id, name: author.name ?? '' } : null
  };
}

/** When this server's file was saved last. It is a help to the person: where it can't be told, nothing else fails. */
async function savedAt(contents: Contents.IManager, path: string): Promise<string | null> {
  try {
    const { last_modified } = await contents.get(path, { content: false });
    return last_modified ? new Date(last_modified).toISOString() : null;
  } catch {
    return null;
  }
}

/** None where the cloud keeps none. */
async function versionsOf(
  client: CloudClient,
  projectId: string,
  path: string
): Promise<readonly FileVersion[]> {
  try {
    const offered = await client.capabilities();
    return offered?.features.includes('versions')
      ? await client.files.versions(projectId, path)
      : [];
  } catch (error) {
    throw asProjectsError(error);
  }
}
