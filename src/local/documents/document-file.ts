import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';

import type { Context } from './recorded-revision';

/** A document's file without its content; null where there is none, 'unreadable' where something else has its name. */
export async function statFile(
  { path, contentsModel }: Context,
  contents: Contents.IManager
): Promise<Contents.IModel | null | 'unreadable'> {
  const type = contentsModel?.type;
  try {
    return await contents.get(path, { content: false, hash: true, ...(type && { type }) });
  } catch (error) {
    if (statusOf(error) === 404) {
      return null;
    }
    if (statusOf(error) === 400) {
      return 'unreadable';
    }
    throw error;
  }
}

/** A document's file with its content; null where the server refuses to read it as what the document is. */
export async function readFile(
  { path, contentsModel }: Context,
  contents: Contents.IManager
): Promise<Contents.IModel | null> {
  try {
    return await contents.get(path, {
      content: true,
      hash: true,
      ...(contentsModel && { type: contentsModel.type }),
      ...(contentsModel?.format && { format: contentsModel.format })
    });
  } catch (error) {
    const status = statusOf(error);
    if (status !== null && status < 500) {
      return null;
    }
    throw error;
  }
}

function statusOf(error: unknown): number | null {
  return error instanceof ServerConnection.ResponseError ? error.response.status : null;
}
