import type { Contents } from '@jupyterlab/services';

import type { Entry } from '../sync/entry';
import { joinPath } from '../sync/path';
import type { ContentsFiles, FileState } from './contents-files';
import type { ServerClock } from './server-clock';

/** What the parts of the local replica share. */
export interface LocalContext {
  readonly contents: Contents.IManager;
  readonly files: ContentsFiles;
  readonly clock: ServerClock;
  /** The project's folder as the contents manager names it. */
  readonly root: string;
  /** How many requests may be under way at once. */
  readonly maxConcurrency: number;
}

/** The path as the contents manager names it. */
export function fullPath(context: LocalContext, path: string): string {
  return joinPath(context.root, path);
}

/**
 * Whether the manager would take the path for one of another drive: `lab:x` in the root of the server, where a drive
 * is called `lab`.
 */
export function clashesWithDrive(context: LocalContext, path: string): boolean {
  const { contents, root } = context;
  return contents.driveName(fullPath(context, path)) !== contents.driveName(root);
}

export function fileEntry(state: Omit<FileState, 'isWritable'>, seenAt: number): Entry {
  return {
    kind: 'file',
    size: state.size,
    sha256: state.sha256,
    version: state.lastModified,
    id: null,
    seenAt
  };
}

/** When the entry's file was last modified, as the contents API tells it; entries of the helper kernel have more in their version. */
export function lastModifiedOf({ version }: Entry): string {
  const end = version.indexOf(' ');
  return end < 0 ? version : version.slice(0, end);
}

/** A directory's time stamp changes with what it holds, so it is no version of the directory: all have the same. */
export function directoryEntry(seenAt: number): Entry {
  return { kind: 'directory', size: 0, sha256: null, version: 'directory', id: null, seenAt };
}
