import type { Contents } from '@jupyterlab/services';

import { sizeOf, sliceOf } from '../sync/content';
import type { Content } from '../sync/content';
import { encodeBase64 } from './base64';
import { isDiskFull, statusOf } from './failures';

/** Bytes. */
const CHUNK_SIZE = 8 * 1024 * 1024;
/** How often a write in chunks is tried as a whole. */
const CHUNKED_TRIES = 2;

/** Saves one file's model by one request. */
export type Save = (model: Partial<Contents.IModel>) => Promise<Contents.IModel>;

/**
 * Saves the bytes as they are, whatever the file's type: a notebook saved as one would be laid out anew.
 *
 * @param chunkSize - content above this goes in chunks of this; bytes
 */
export async function saveBytes(
  save: Save,
  content: Content,
  onBytes: (bytes: number) => void,
  chunkSize = CHUNK_SIZE
): Promise<Contents.IModel> {
  if (sizeOf(content) <= chunkSize) {
    const model = await save(await modelOf(await sliceOf(content)));
    onBytes(sizeOf(content));
    return model;
  }
  for (let tries = 1; ; tries += 1) {
    try {
      return await saveChunks(save, content, tries === 1 ? onBytes : () => undefined, chunkSize);
    } catch (error) {
      const status = statusOf(error);
      const isRefused = status !== null && status < 500;
      if (tries >= CHUNKED_TRIES || isRefused || isDiskFull(error)) {
        throw error;
      }
    }
  }
}

/** The first chunk truncates, later ones append, -1 marks the last: no chunk is ever sent again by itself. */
async function saveChunks(
  save: Save,
  content: Content,
  onBytes: (bytes: number) => void,
  chunkSize: number
): Promise<Contents.IModel> {
  const size = sizeOf(content);
  for (let start = 0, chunk = 1; ; start += chunkSize, chunk += 1) {
    const end = Math.min(start + chunkSize, size);
    const isLast = end === size;
    const part = await modelOf(await sliceOf(content, start, end));
    const model = await save({ ...part, chunk: isLast ? -1 : chunk });
    onBytes(end - start);
    if (isLast) {
      return model;
    }
  }
}

async function modelOf(bytes: Uint8Array): Promise<Partial<Contents.IModel>> {
  return { type: 'file', format: 'base64', content: await encodeBase64(bytes) };
}
