import { ancestorsOf, invalidPath } from '../sync/path';
import type { FilesClient } from './files-client';
import type { CoreFile } from './schemas';

/** A file as a cloud with the core only lists it. */
export interface CoreItem {
  readonly path: string;
  /** Whatever tells one state of the file from another; null where the cloud lists nothing of the kind. */
  readonly version: string | null;
  /** The version's id; null where the cloud lists none. */
  readonly versionId: string | null;
  /** Bytes; null: not listed. */
  readonly size: number | null;
  /** Ms since the epoch. */
  readonly seenAt: number;
}

/** What a cloud with the core only holds; directories are what files lie in. */
export class CoreListing {
  constructor(files: readonly CoreFile[]) {
    this.items = files.map(itemOf);
    for (const item of this.items) {
      if (invalidPath(item.path) !== null) {
        continue;
      }
      this.#files.set(item.path, item);
      ancestorsOf(item.path).forEach(above => this.#directories.add(above));
    }
  }

  static async of(
    files: FilesClient,
    projectId: string,
    signal: AbortSignal
  ): Promise<CoreListing> {
    return new CoreListing(await files.listCore(projectId, signal));
  }

  /** As they were listed: names that lead astray, and one listed twice, included. */
  readonly items: readonly CoreItem[];

  file(path: string): CoreItem | undefined {
    return this.#files.get(path);
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  /** A file that stands where a parent of the path would have to be. */
  fileAbove(path: string): string | undefined {
    return ancestorsOf(path).find(above => this.#files.has(above));
  }

  /** The files in the directory, at any depth. */
  below(path: string): CoreItem[] {
    return [...this.#files.values()].filter(item => item.path.startsWith(`${path}/`));
  }

  readonly #files = new Map<string, CoreItem>();
  readonly #directories = new Set<string>();
}

function itemOf(file: CoreFile): CoreItem {
  const { size = null, last_modified: modified } = file;
  const dated = modified && size !== null ? `${modified} ${size}` : null;
  return {
    path: file.path ?? file.name ?? '',
    version: file.file_version_id ?? bareEtag(file.etag) ?? dated,
    versionId: file.file_version_id ?? null,
    size,
    seenAt: Date.parse(modified ?? '') || Date.now()
  };
}

function bareEtag(etag: string | null | undefined): string | null {
  return etag?.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') || null;
}
