import { invalidPath } from '../sync/path';
import { CloudError, unexpectedAnswer } from './errors';
import type { Http } from './http';
import { allPages, missingFrom } from './paging';
import type { CloudFile, CommitRequest, CoreFile, FileVersion, PreloadsRequest } from './schemas';
import {
  ChangesPage,
  CommitAnswer,
  CoreFilesPage,
  FilePreload,
  FilesPage,
  FileVersionsPage,
  Preloads
} from './schemas';
import type { Wire } from './wire';
import { trans } from '../sync/words';

/** A project that changes under a listing is listed again, so often in all. */
const LISTING_TRIES = 4;

const PAGE_SIZE = '1000';

/**
 * What the Projects API offers for the files of a project.
 *
 * #### Notes
 * As for `CloudClient`: answers are parsed, and methods reject with a `CloudError`.
 */
export class FilesClient {
  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Extension *files*: all files and directories, of one revision. */
  async list(id: string, signal?: AbortSignal): Promise<FilesClient.IListing> {
    const call = 'GET /{id}/files';
    const pages = await this.#wholeList(
      call,
      url => this.#wire.json({ call, method: 'GET', url, signal }, FilesPage),
      id
    );
    const last = pages[pages.length - 1]!;
    return {
      files: pages.flatMap(page => page.items),
      revision: last.revision,
      epoch: last.epoch ?? null
    };
  }

  /** What a cloud with the core only is presumed to list: files, by path. */
  async listCore(id: string, signal?: AbortSignal): Promise<CoreFile[]> {
    const call = 'GET /{id}/files';
    const pages = await this.#wholeList(
      call,
      url => this.#wire.json({ call, method: 'GET', url, signal }, CoreFilesPage),
      id
    );
    return pages.flatMap(page => page.items);
  }

  /**
   * Extension *changes*: one page of what changed after the revision `since`. A 410 with the reason
   * `revision_expired` or `epoch_changed` asks for a listing.
   *
   * @param epoch Of the project, as it was when the revision was; null: not known.
   */
  async changes(
    id: string,
    since: number,
    epoch: string | null,
    signal?: AbortSignal
  ): Promise<ChangesPage> {
    const url = this.#url(id, '/changes', {
      since: String(since),
      epoch: epoch ?? undefined,
      limit: PAGE_SIZE
    });
    return this.#wire.json({ call: 'GET /{id}/changes', method: 'GET', url, signal }, ChangesPage);
  }

  /** Core: where to send a file's bytes, and the version that they will be. */
  async preload(id: string, path: string, signal?: AbortSignal): Promise<FilePreload> {
    return this.#wire.json(
      {
        call: 'PUT /{id}/file-preload/{path}',
        method: 'PUT',
        url: this.#url(id, `/file-preload/${encodePath(path)}`),
        body: {},
        repeat: true,
        signal
      },
      FilePreload
    );
  }

  /** Core: makes an uploaded version the file. */
  async commitVersion(id: string, version: string, signal?: AbortSignal): Promise<void> {
    await this.#wire.send({
      call: 'PATCH /{id}/file-versions/{file_version_id}',
      method: 'PATCH',
      url: this.#url(id, `/file-versions/${encodeURIComponent(version)}`),
      repeat: true,
      signal
    });
  }

  /** Core: deletes whatever the path holds. One that is gone already is fine. */
  async remove(id: string, path: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#wire.send({
        call: 'DELETE /{id}/files/{path}',
        method: 'DELETE',
        url: this.#url(id, `/files/${encodePath(path)}`),
        repeat: true,
        signal
      });
    } catch (error) {
      if (!(error instanceof CloudError && error.status === 404)) {
        throw error;
      }
    }
  }

  /** Extension *batch*. Answers one item for each file, in the same order. */
  async preloads(id: string, request: PreloadsRequest, signal?: AbortSignal): Promise<Preloads> {
    const call = 'POST /{id}/file-preloads';
    const url = this.#url(id, '/file-preloads');
    const answer = await this.#wire.json(
      { call, method: 'POST', url, body: request, repeat: true, signal },
      Preloads
    );
    const expected = request.files.map(file => file.path);
    assertSamePaths(call, expected, answer.items, 'items');
    return answer;
  }

  /** Extension *commits*. The key makes it safe to send again. Answers one result for each operation, in order. */
  async commit(id: string, request: CommitRequest, signal?: AbortSignal): Promise<CommitAnswer> {
    const call = 'POST /{id}/commits';
    const url = this.#url(id, '/commits');
    const answer = await this.#wire.json(
      { call, method: 'POST', url, body: request, repeat: true, signal },
      CommitAnswer
    );
    const expected = request.operations.map(each => (each.op === 'move' ? each.to : each.path));
    assertSamePaths(call, expected, answer.results, 'results');
    return answer;
  }

  /**
   * Sends raw bytes to a signed URL, without the key and without any header: one more would break the signature.
   */
  async upload(
    signedUrl: string,
    bytes: Uint8Array<ArrayBuffer>,
    signal?: AbortSignal
  ): Promise<void> {
    await this.#wire.http.send({
      call: 'PUT signed_url',
      method: 'PUT',
      url: signedUrl,
      body: bytes,
      repeat: true,
      signed: true,
      signal
    });
  }

  /** What the path holds now. A download that breaks off goes on there, unless the file was replaced. */
  async download(
    id: string,
    path: string,
    options: FilesClient.IDownload = {}
  ): Promise<Http.IAnswer> {
    return this.#wire.send({
      call: 'GET /{id}/files/{path}',
      method: 'GET',
      url: this.#url(id, `/files/${encodePath(path)}`),
      resumable: true,
      ...options
    });
  }

  /** Extension *versions*: a version's content, which never changes. */
  async downloadVersion(
    id: string,
    version: string,
    options: FilesClient.IDownload = {}
  ): Promise<Http.IAnswer> {
    return this.#wire.send({
      call: 'GET /{id}/file-versions/{file_version_id}/content',
      method: 'GET',
      url: this.#url(id, `/file-versions/${encodeURIComponent(version)}/content`),
      resumable: true,
      ...options
    });
  }

  /** Extension *versions*: of one path. */
  async versions(id: string, path: string, signal?: AbortSignal): Promise<FileVersion[]> {
    const call = 'GET /{id}/file-versions';
    const pages = await allPages(call, this.#url(id, '/file-versions', { path }), url =>
      this.#wire.json({ call, method: 'GET', url, signal }, FileVersionsPage)
    );
    return pages.flatMap(page => page.items);
  }

  /** Pages that are of one state, so far as they tell. */
  async #wholeList<P extends FilesPage | CoreFilesPage>(
    call: string,
    ask: (url: string) => Promise<P>,
    id: string
  ): Promise<P[]> {
    const first = this.#url(id, '/files', { limit: PAGE_SIZE });
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === LISTING_TRIES;
      try {
        const pages = await allPages(call, first, ask);
        const wrong = missingFrom(pages) ?? differing(pages);
        if (wrong === null) {
          return pages;
        }
        if (isLast) {
          throw unexpectedAnswer(call, wrong);
        }
      } catch (error) {
        // The revision that the pages were of is gone: the next listing is of a later one.
        if (isLast || !(error instanceof CloudError && error.status === 410)) {
          throw error;
        }
      }
    }
  }

  #url(id: string, rest: string, query?: Readonly<Record<string, string | undefined>>): string {
    return this.#wire.url(`/${encodeURIComponent(id)}${rest}`, query);
  }

  readonly #wire: Wire;
}

export namespace FilesClient {
  export interface IListing {
    readonly files: readonly CloudFile[];
    readonly revision: number;
    /** null where the listing does not tell. */
    readonly epoch: string | null;
  }

  export interface IDownload {
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: ((bytes: number) => void) | undefined;
  }
}

function differing(pages: readonly object[]): string | null {
  const revisions = new Set(pages.map(page => ('revision' in page ? page.revision : null)));
  return revisions.size > 1 ? 'revision: the project kept changing while it was listed' : null;
}

function assertSamePaths(
  call: string,
  expected: readonly string[],
  items: readonly { path: string }[],
  field: string
): void {
  if (items.length !== expected.length) {
    throw unexpectedAnswer(
      call,
      `${field}: expected ${expected.length} items, received ${items.length}`
    );
  }
  const odd = items.findIndex((item, index) => item.path !== expected[index]);
  if (odd >= 0) {
    throw unexpectedAnswer(call, `${field}.${odd}.path: expected the path that was asked for`);
  }
}

/** A path for a URL. One with `..` never gets so far as to lead out of the project. */
function encodePath(path: string): string {
  const reason = invalidPath(path);
  if (reason !== null) {
    throw new CloudError('failed', trans.__("A path can't be sent to the cloud: %1.", reason));
  }
  return path.split('/').map(encodeURIComponent).join('/');
}
