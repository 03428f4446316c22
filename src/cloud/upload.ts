import type { Content } from '../sync/content';
import { sizeOf, sliceOf } from '../sync/content';
import type { Problem } from '../sync/problem';
import type { TransferOptions } from '../sync/replica';
import { chunksOf, concurrently } from './concurrent';
import { CloudError } from './errors';
import { isolated } from './isolate';
import { isRefusal, problemOf, tooLarge } from './problems';
import type { CloudTarget } from './target';

/** Requests with content that are under way at once. */
const UPLOADS_AT_ONCE = 6;

/** Files announced in one request. */
const PRELOADS_AT_ONCE = 500;

/** Signed URLs expire: what comes too late is announced again, so often in all. */
const ROUNDS = 2;

const EXPIRED = new Set([401, 403, 404, 410]);

export interface Upload {
  readonly path: string;
  readonly content: Content;
  readonly sha256: string;
}

/** The version that the content will be when it is committed, or why it could not be sent. */
export type Uploaded = { readonly version: string } | { readonly problem: Problem };

/** Brings content to the cloud: only what the project does not hold yet, large files in parts. In the uploads' order. */
export async function uploadAll(
  target: CloudTarget,
  uploads: readonly Upload[],
  options: TransferOptions
): Promise<Uploaded[]> {
  const results = new Map<Upload, Uploaded>();
  let waiting: readonly Upload[] = uploads.filter(upload => {
    const limit = target.limits.max_file_size;
    const fits = limit === undefined || sizeOf(upload.content) <= limit;
    if (!fits) {
      results.set(upload, { problem: tooLarge(upload.path, limit) });
    }
    return fits;
  });
  for (let round = 1; waiting.length > 0; round += 1) {
    waiting = await sendRound(target, waiting, options, results, round === ROUNDS);
  }
  return uploads.map(upload => {
    const result = results.get(upload);
    if (!result) {
      throw new Error('an upload was left out');
    }
    return result;
  });
}

/** One piece of content with the URL that takes it. */
interface Piece {
  readonly upload: Upload;
  readonly url: string;
  readonly start: number;
  readonly end: number;
}

/** Gives back what must be announced anew. */
async function sendRound(
  target: CloudTarget,
  uploads: readonly Upload[],
  options: TransferOptions,
  results: Map<Upload, Uploaded>,
  isLast: boolean
): Promise<Upload[]> {
  const pieces: Piece[] = [];
  for (const chunk of chunksOf(uploads, PRELOADS_AT_ONCE)) {
    const announced = await announce(target, chunk, options.signal);
    for (const { upload, result, urls } of announced) {
      results.set(upload, result);
      pieces.push(...urls);
    }
  }
  const expired = new Set<Upload>();
  await concurrently(pieces, UPLOADS_AT_ONCE, async ({ upload, url, start, end }) => {
    if (expired.has(upload) || isProblem(results.get(upload))) {
      return;
    }
    try {
      await target.files.upload(url, await sliceOf(upload.content, start, end), options.signal);
      options.onBytes?.(end - start);
    } catch (error) {
      if (!(error instanceof CloudError)) {
        throw error;
      }
      if (EXPIRED.has(error.status) && !isLast) {
        expired.add(upload);
      } else if (isRefusal(error) || EXPIRED.has(error.status)) {
        results.set(upload, { problem: problemOf(upload.path, error) });
      } else {
        throw error;
      }
    }
  });
  return [...expired].filter(upload => !isProblem(results.get(upload)));
}

interface Announced {
  readonly upload: Upload;
  readonly result: Uploaded;
  readonly urls: readonly Piece[];
}

function announce(
  target: CloudTarget,
  uploads: readonly Upload[],
  signal: AbortSignal
): Promise<Announced[]> {
  return isolated<Upload, Announced>(
    uploads,
    async some => {
      const files = some.map(({ path, content, sha256 }) => ({
        path,
        size: sizeOf(content),
        sha256
      }));
      const { items } = await target.files.preloads(target.projectId, { files }, signal);
      return some.map((upload, index) => {
        const item = items[index]!;
        return {
          upload,
          result: { version: item.file_version_id },
          urls: piecesOf(upload, item.signed_url, item.parts ?? [])
        };
      });
    },
    (upload, error) => ({ upload, result: { problem: problemOf(upload.path, error) }, urls: [] })
  );
}

function piecesOf(
  upload: Upload,
  signedUrl: string | null,
  parts: readonly { offset: number; size: number; signed_url: string | null }[]
): Piece[] {
  if (parts.length === 0) {
    return signedUrl === null
      ? []
      : [{ upload, url: signedUrl, start: 0, end: sizeOf(upload.content) }];
  }
  return parts.flatMap(({ offset, size, signed_url: url }) =>
    url === null ? [] : [{ upload, url, start: offset, end: offset + size }]
  );
}

function isProblem(result: Uploaded | undefined): boolean {
  return result !== undefined && 'problem' in result;
}
