import type { Contents } from '@jupyterlab/services';

/**
 * Tells the page that a file or folder has got another name, as JupyterLab tells it where the page itself renames: what is open under the old
 * name goes on under the new one.
 *
 * #### Notes
 * For moves that were made behind the contents API's back. The paths are relative to the Jupyter root.
 */
export async function announceMove(
  contents: Contents.IManager,
  from: string,
  path: string
): Promise<void> {
  const { fileChanged } = contents;
  if ('emit' in fileChanged && typeof fileChanged.emit === 'function') {
    const newValue = await contents.get(path, { content: false, hash: true });
    fileChanged.emit({ type: 'rename', oldValue: { path: from }, newValue });
  }
}
