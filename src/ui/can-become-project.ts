import { isWithin } from '../sync/path';
import type { ProjectSummary } from '../tokens';

/**
 * True for a folder that is in no project and has none in it; never for the Jupyter root.
 *
 * @param path - Relative to the Jupyter root.
 */
export function canBecomeProject(path: string, projects: readonly ProjectSummary[]): boolean {
  return (
    path !== '' &&
    !projects.some(
      ({ localPath }) =>
        localPath !== null && (isWithin(path, localPath) || isWithin(localPath, path))
    )
  );
}
