import { joinPath } from '../sync/path';
import type { ContentsFiles } from './contents-files';

/**
 * Makes the directory `path` below `top`, which must be there, and every one between; what is there already stays.
 */
export async function makeDirectories(
  files: ContentsFiles,
  top: string,
  path: string
): Promise<void> {
  let current = top;
  for (const name of path === '' ? [] : path.split('/')) {
    current = joinPath(current, name);
    const there = await files.stat(current);
    if (there?.type !== 'directory') {
      // Over a file the server refuses this.
      await files.makeDirectory(current);
    }
  }
}
