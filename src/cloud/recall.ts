import type { Content } from '../sync/content';
import { hashOf } from '../sync/content';
import type { TransferOptions } from '../sync/replica';
import type { FilesClient } from './files-client';

/** A download whose content does not fit its hash is made again, so often in all. */
const TRIES = 3;

/** Content that a path of the project held once, found by its hash among the versions; null when it is not there. */
export async function recallContent(
  files: FilesClient,
  projectId: string,
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  options: TransferOptions
): Promise<Content | null> {
  const versions = await files.versions(projectId, path, options.signal);
  const version = versions.find(each => each.sha256 === sha256);
  if (!version) {
    return null;
  }
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const { content } = await files.downloadVersion(projectId, version.file_version_id, options);
    if ((await hashOf(content)) === sha256) {
      return content;
    }
  }
  return null;
}
