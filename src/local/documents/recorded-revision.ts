import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';

export type Context = DocumentRegistry.IContext<DocumentRegistry.IModel>;

/**
 * The parts of JupyterLab's context that say which revision of the file it holds. It names them private, and offers no other way
 * than to load the file again, which takes the content of the moment and throws away what was typed.
 */
interface RevisionHolder {
  _updateContentsModel(file: Contents.IModel): void;
  _lineEnding: string | null;
}

/** Whether the revision of what a context holds can be recorded. */
export function canRecord(context: object): context is RevisionHolder {
  return '_updateContentsModel' in context && typeof context._updateContentsModel === 'function';
}

/** Whether JupyterLab asks the person what is to become of a save, as the file is another; it tells nobody. */
export function isAsking(context: object): boolean {
  return '_conflictModalIsOpen' in context && context._conflictModalIsOpen === true;
}

/** Whether the file is another than the one that the context holds, as JupyterLab itself would find before a save. */
export function isOther(file: Contents.IModel, { contentsModel }: Context): boolean {
  if (!contentsModel) {
    return false;
  }
  return file.hash && contentsModel.hash
    ? file.hash !== contentsModel.hash
    : file.last_modified !== contentsModel.last_modified;
}

/**
 * Records that the document holds this file, and how its lines end.
 *
 * @param file - as it was read with the content that the document has taken
 */
export function recordRevision(context: Context, file: Contents.IModel): void {
  if (!canRecord(context)) {
    throw new Error('This version of JupyterLab does not let a document follow its file.');
  }
  if (file.format === 'text') {
    context._lineEnding = lineEndingOf(String(file.content));
  }
  context._updateContentsModel({ ...file, content: null });
}

/** What JupyterLab writes between lines when it saves; null for its own. */
function lineEndingOf(text: string): string | null {
  if (text.includes('\r\n')) {
    return '\r\n';
  }
  return text.includes('\r') ? '\r' : null;
}
