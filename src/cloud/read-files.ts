import { hashOf } from '../sync/content';
import type { Problem } from '../sync/problem';
import type { Located, ReadResult, TransferOptions } from '../sync/replica';
import { concurrently } from './concurrent';
import { CloudError } from './errors';
import type { FilesClient } from './files-client';
import type { Http } from './http';
import { isRefusal } from './problems';
import { trans } from '../sync/words';

const DOWNLOADS_AT_ONCE = 8;

/** A download whose content does not fit its hash is made again, so often in all. */
const TRIES = 2;

/** Downloads the wanted files, several at once, each checked against its hash. */
export function readFiles(
  files: FilesClient,
  projectId: string,
  wanted: readonly Located[],
  options: TransferOptions
): Promise<ReadResult[]> {
  return concurrently(wanted, DOWNLOADS_AT_ONCE, located =>
    readFile(files, projectId, located, options)
  );
}

async function readFile(
  files: FilesClient,
  projectId: string,
  { path, entry }: Located,
  options: TransferOptions
): Promise<ReadResult> {
  for (let attempt = 1; ; attempt += 1) {
    let answer: Http.IAnswer;
    try {
      answer = await files.download(projectId, path, options);
    } catch (error) {
      return resultOf(path, error);
    }
    const { content, headers } = answer;
    if ((await hashOf(content)) === entry.sha256) {
      return { status: 'read', content, entry };
    }
    if (!isVersion(headers.get('ETag'), entry.version)) {
      return { status: 'changed' };
    }
    if (attempt === TRIES) {
      return { status: 'failed', problem: corrupt(path) };
    }
  }
}

/** Where a cloud, or CORS, keeps the ETag back, other content is taken for another version. */
function isVersion(etag: string | null, version: string): boolean {
  return etag?.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') === version;
}

function resultOf(path: string, error: unknown): ReadResult {
  if (error instanceof CloudError && error.status === 404) {
    return { status: 'changed' };
  }
  if (error instanceof CloudError && isRefusal(error)) {
    return error.code === 'forbidden'
      ? {
          status: 'failed',
          problem: {
            path,
            code: 'forbidden',
            message: trans.__(
              'You may not read this file in the cloud. Ask the owner of the project.'
            )
          }
        }
      : { status: 'failed', problem: { path, code: 'unreadable', message: error.message } };
  }
  throw error;
}

function corrupt(path: string): Problem {
  return {
    path,
    code: 'corrupt',
    message: trans.__(
      'The cloud gave other content than it announced, twice. Nothing was changed; sync again, and if it stays so tell whoever runs the cloud.'
    )
  };
}
