import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';

import { ancestorsOf, isWithin } from '../sync/path';
import { ProjectsError } from '../tokens';
import { trans } from '../sync/words';

/** What is at a path of the Jupyter server. */
export type Found = 'nothing' | 'empty-folder' | 'folder' | 'file';

/**
 * @param path - relative to the Jupyter root; '' is the root
 * @throws whatever the server answers but 404: not to be seen is not to be absent
 */
export async function findAt(contents: Contents.IManager, path: string): Promise<Found> {
  try {
    const model = await contents.get(path, { content: true, type: 'directory' });
    if (model.type !== 'directory') {
      return 'file';
    }
    return Array.isArray(model.content) && model.content.length === 0 ? 'empty-folder' : 'folder';
  } catch (error) {
    if (statusOf(error) === 404) {
      return 'nothing';
    }
    if (statusOf(error) === 400) {
      // Asked for a directory, the server answers so for a file.
      return 'file';
    }
    throw error;
  }
}

/** Makes the folder and those above it; existing ones are left alone. */
export async function makeFolder(contents: Contents.IManager, path: string): Promise<void> {
  for (const each of [...ancestorsOf(path), path]) {
    const found = await findAt(contents, each);
    if (found === 'file') {
      throw new ProjectsError(
        'invalid-arguments',
        trans.__('“%1” is a file. Choose another folder.', each)
      );
    }
    if (found === 'nothing') {
      await contents.save(each, { type: 'directory' });
    }
  }
}

/** `path`, or `path-2` and so on: the first that is nothing yet, or an empty folder. */
export async function freeFolder(
  contents: Contents.IManager,
  path: string,
  isTaken: (path: string) => boolean
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const candidate = attempt === 1 ? path : `${path}-${attempt}`;
    const found = isTaken(candidate) ? 'folder' : await findAt(contents, candidate);
    if (found === 'nothing' || found === 'empty-folder') {
      return candidate;
    }
  }
}

/**
 * Refuses a folder that can't be a project's: one that is a project, lies in one or holds one, or is the state's.
 */
export function checkFolder(
  path: string,
  linked: readonly { readonly path: string; readonly name: string }[],
  stateFolder: string
): void {
  if (isWithin(path, stateFolder)) {
    throw new ProjectsError(
      'invalid-arguments',
      trans.__('“%1” holds the state of Projects itself. Choose another folder.', path)
    );
  }
  for (const project of linked) {
    if (project.path === path) {
      throw new ProjectsError(
        'already-linked',
        trans.__(
          '“%1” is the project “%2” already. Unlink it first to use the folder for another.',
          path,
          project.name
        )
      );
    }
    if (isWithin(path, project.path)) {
      throw new ProjectsError(
        'already-linked',
        trans.__(
          '“%1” lies in “%2”, which is the project “%3”. Choose a folder outside of it.',
          path,
          project.path,
          project.name
        )
      );
    }
    if (isWithin(project.path, path)) {
      throw new ProjectsError(
        'already-linked',
        trans.__(
          '“%1” holds “%2”, which is the project “%3”. Choose a folder that holds no project.',
          path,
          project.path,
          project.name
        )
      );
    }
  }
}

function statusOf(error: unknown): number | null {
  return error instanceof ServerConnection.ResponseError ? error.response.status : null;
}
