import type { CloudClient } from '../cloud/client';
import { CloudError } from '../cloud/errors';
import type { CloudFile } from '../cloud/schemas';
import { ProjectsError } from '../tokens';
import type { DeletedFile } from '../tokens';
import { asProjectsError } from './errors';
import { trans } from '../sync/words';

/**
 * The files of a project that are gone, newest first: the feed of its changes, read from its start, tells them. A file that was moved is
 * not gone.
 */
export async function deletedFiles(
  client: CloudClient,
  projectId: string
): Promise<readonly DeletedFile[]> {
  try {
    const features = (await client.capabilities())?.features ?? [];
    if (!['versions', 'changes', 'commits'].every(each => features.includes(each))) {
      throw new ProjectsError(
        'failed',
        trans.__(
          'This cloud does not keep files that were deleted: it has only those that are there now.'
        )
      );
    }
    const files = await allChanges(client, projectId);
    const present = new Set([...files.values()].filter(isPresent).map(file => file.file_id));
    return [...files.values()]
      .filter(file => file.kind === 'file' && !isPresent(file) && !present.has(file.file_id))
      .map(deletedFileOf)
      .sort((a, b) => (a.deletedAt < b.deletedAt ? 1 : a.deletedAt > b.deletedAt ? -1 : 0));
  } catch (error) {
    if (error instanceof CloudError && error.status === 410) {
      throw new ProjectsError(
        'failed',
        trans.__(
          'The cloud no longer tells all that was deleted in this project. The history of a file whose path you know can still be asked for.'
        )
      );
    }
    throw asProjectsError(error);
  }
}

/** What the feed told last of each path. */
async function allChanges(client: CloudClient, id: string): Promise<Map<string, CloudFile>> {
  const files = new Map<string, CloudFile>();
  for (let since = 0; ;) {
    const { items, revision, has_more } = await client.files.changes(id, since, null);
    items.forEach(file => files.set(file.path, file));
    if (!has_more || revision <= since) {
      return files;
    }
    since = revision;
  }
}

function isPresent({ deleted }: CloudFile): boolean {
  return deleted !== true;
}

function deletedFileOf({ path, size, updated_at, updated_by }: CloudFile): DeletedFile {
  return {
    path,
    size,
    deletedAt: new Date(updated_at).toISOString(),
    author: updated_by ? { id: updated_by.id, name: updated_by.name ?? '' } : null
  };
}
