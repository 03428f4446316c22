import type { Content } from '../sync/content';
import { hashOf } from '../sync/content';
import type { TransferOptions } from '../sync/replica';
import type { FilesClient } from './files-client';

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
  const { content } = await files.downloadVersion(projectId, version.file_version_id, options);
  return (await hashOf(content)) === sha256 ? content : null;
}
