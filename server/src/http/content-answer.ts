import { Refusal } from '../errors';
import type { Entry } from '../files/entry';
import type { BlobStore } from '../storage/blob-store';
import { names } from './preconditions';

export interface ContentRequest {
  readonly request: Request;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Quoted. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether `Range` is heeded. */
  readonly ranges: boolean;
}

/** The content, a range of it, or word that the client has it already. HEAD opens no file. */
export async function answerContent(
  blobs: BlobStore,
  { request, sha256, size, etag, headers, ranges }: ContentRequest
): Promise<Response> {
  const common = {
    ...headers,
    ETag: etag,
    ...(ranges ? { 'Accept-Ranges': 'bytes' } : {}),
    'Cache-Control': 'private, no-cache'
  };
  const noneMatch = request.headers.get('if-none-match');
  if (noneMatch !== null && names(noneMatch, etag.slice(1, -1))) {
    return new Response(null, { status: 304, headers: common });
  }
  const full = {
    ...common,
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment',
    'X-Content-Type-Options': 'nosniff'
  };
  const range = ranges ? rangeOf(request, etag, size) : null;
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const length = end - start + 1;
  const isHead = request.method === 'HEAD';
  const body = isHead || length === 0 ? null : await blobs.read(sha256, start, end);
  return new Response(body, {
    status: range ? 206 : 200,
    headers: {
      ...full,
      'Content-Length': String(length),
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {})
    }
  });
}

/** null: the whole. Throws 416 for a range beyond the end. */
function rangeOf(
  request: Request,
  etag: string,
  size: number
): { start: number; end: number } | null {
  const header = request.headers.get('range');
  const ifRange = request.headers.get('if-range');
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if ((from === '' && to === '') || (ifRange !== null && ifRange.trim() !== etag)) {
    return null;
  }
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) {
    return null;
  }
  if (start > end) {
    throw new Refusal(
      416,
      'range_not_satisfiable',
      `The content has ${size} bytes.`,
      {},
      { 'Content-Range': `bytes */${size}` }
    );
  }
  return { start, end };
}

/** Longer metadata stays out of headers, which proxies bound. */
const MAX_HEADER = 4096;

/** What a listing tells of an entry, as headers. Text is percent-encoded. */
export function entryHeaders(entry: Entry): Record<string, string> {
  const metadata = entry.metadata && encodeURIComponent(JSON.stringify(entry.metadata));
  const description = entry.description && encodeURIComponent(entry.description);
  return {
    'X-File-Id': entry.file_id,
    'X-File-Kind': entry.kind,
    'X-File-Size': String(entry.size),
    'X-File-Version-Id': entry.file_version_id,
    ...(entry.sha256 === null ? {} : { 'X-Sha256': entry.sha256 }),
    'X-Revision': String(entry.revision),
    'X-Created-At': entry.created_at.toISOString(),
    'X-Updated-At': entry.updated_at.toISOString(),
    'X-Updated-By-Id': entry.updated_by,
    'X-Updated-By-Name': encodeURIComponent(entry.updated_by_name),
    ...(description && description.length <= MAX_HEADER
      ? { 'X-File-Description': description }
      : {}),
    ...(metadata && metadata.length <= MAX_HEADER ? { 'X-File-Metadata': metadata } : {})
  };
}
