import { ServerConnection } from '@jupyterlab/services';

import type { Content } from '../sync/content';
import { isNetworkError } from './failures';

/** What is read into memory at most; larger content is a Blob; bytes. */
const MAX_IN_MEMORY = 8 * 1024 * 1024;

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes that came since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * The bytes under a download URL of the server, or null where it gives none: which proves no absence.
 *
 * @param url - starts with the server's base URL
 * @param size - of the file as it was last seen; bytes
 *
 * #### Notes
 * Never out of the browser's cache: the server's answers carry Last-Modified and no Cache-Control that forbids it.
 */
export async function fetchRaw(
  settings: ServerConnection.ISettings,
  url: string,
  size: number,
  { signal, onBytes }: FetchOptions
): Promise<Content | null> {
  try {
    const init: RequestInit = { cache: 'no-store', signal: signal ?? null };
    const response = await ServerConnection.makeRequest(url, init, settings);
    // A redirected answer is a sign-in page.
    if (response.status !== 200 || response.redirected) {
      await response.body?.cancel();
      return null;
    }
    if (size <= MAX_IN_MEMORY) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      onBytes?.(bytes.byteLength);
      return bytes;
    }
    return await blobOf(response, onBytes);
  } catch (error) {
    signal?.throwIfAborted();
    if (isNetworkError(error) || error instanceof TypeError) {
      return null;
    }
    throw error;
  }
}

/** Counts while the platform collects the bytes, which need not be in memory for that. */
async function blobOf(response: Response, onBytes?: (bytes: number) => void): Promise<Blob> {
  if (!response.body || !onBytes) {
    return response.blob();
  }
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onBytes(chunk.byteLength);
      controller.enqueue(chunk);
    }
  });
  return new Response(response.body.pipeThrough(counter)).blob();
}
