import { hashOf, sizeOf } from '../sync/content';
import type { Entry } from '../sync/entry';
import { ancestorsOf, invalidPath } from '../sync/path';
import type { Problem } from '../sync/problem';
import type { Known, Scan, ScanOptions } from '../sync/replica';
import { concurrently } from './concurrent';
import type { CoreItem } from './core-listing';
import { CoreListing } from './core-listing';
import { Listing, visible } from './entries';
import { CloudError } from './errors';
import type { FilesClient } from './files-client';
import { isRefusal } from './problems';
import { MISSING } from './scan-cloud';
import { trans } from '../sync/words';

const READS_AT_ONCE = 4;

/** A download that has not the size that is listed is made again, so often in all. */
const TRIES = 2;

export interface CoreScanOptions extends ScanOptions {
  /** Paths whose known hash may be wrong: they are read again. */
  readonly doubted?: ReadonlySet<string>;
}

/** The version of a directory that is there because something lies in it. */
export const IMPLIED = 'implied';

/**
 * Looks at a project of a cloud with the core only: by a listing, and by reading what it says nothing known about.
 *
 * #### Notes
 * Directories known from before are kept though they are empty: such a cloud can't hold them, and their absence
 * proves nothing.
 */
export async function scanCore(
  files: FilesClient,
  projectId: string,
  known: Known,
  options: CoreScanOptions
): Promise<Scan> {
  let listed: CoreListing;
  try {
    listed = await CoreListing.of(files, projectId, options.signal);
  } catch (error) {
    if (error instanceof CloudError && error.status === 404) {
      return MISSING;
    }
    throw error;
  }
  const listing = new Listing(known.entries);
  for (const [path, entry] of directoriesOf(listed, known)) {
    listing.add(path, entry);
  }
  const unread: CoreItem[] = [];
  for (const item of listed.items) {
    const isTrusted = options.verify !== true && options.doubted?.has(item.path) !== true;
    const vouched = isTrusted ? vouchedFor(item, known) : null;
    if (vouched) {
      listing.add(item.path, vouched);
    } else if (invalidPath(item.path) !== null || isIgnored(item.path, options)) {
      listing.add(item.path, entryOf(item, null, item.size ?? 0));
    } else {
      unread.push(item);
    }
  }
  await readAll(files, projectId, unread, listing, options);
  const { entries, unknown, problems } = listing.finish();
  return {
    root: 'present',
    entries: visible(entries, options.ignores),
    cursor: null,
    hasImpliedDirectories: true,
    unknown,
    problems
  };
}

/** Hashes by reading. A file that was replaced meanwhile is unknown: its version is not that of what was read. */
async function readAll(
  files: FilesClient,
  projectId: string,
  items: readonly CoreItem[],
  listing: Listing,
  options: ScanOptions
): Promise<void> {
  if (items.length === 0) {
    return;
  }
  const { signal } = options;
  const hashes = await concurrently(items, READS_AT_ONCE, async item => {
    try {
      for (let attempt = 1; ; attempt += 1) {
        const { content } = await files.download(projectId, item.path, { signal });
        const size = sizeOf(content);
        if (size === (item.size ?? size)) {
          return { sha256: await hashOf(content), size };
        }
        if (attempt === TRIES) {
          return null;
        }
      }
    } catch (error) {
      if (error instanceof CloudError && (error.status === 404 || isRefusal(error))) {
        return error;
      }
      throw error;
    }
  });
  const after = await CoreListing.of(files, projectId, signal);
  for (const [index, item] of items.entries()) {
    const read = hashes[index] ?? null;
    const now = after.file(item.path);
    if (now?.version !== item.version) {
      listing.addUnknown(item.path, null);
    } else if (read instanceof CloudError) {
      const { path } = item;
      listing.addUnknown(path, { path, code: 'unreadable', message: read.message });
    } else if (read === null) {
      listing.addUnknown(item.path, otherSize(item.path));
    } else {
      listing.add(item.path, entryOf(item, read.sha256, read.size));
    }
  }
}

function directoriesOf(listed: CoreListing, known: Known): Map<string, Entry> {
  const directories = new Map<string, Entry>();
  for (const [path, entry] of known.entries) {
    if (entry.kind === 'directory' && !listed.file(path) && listed.fileAbove(path) === undefined) {
      directories.set(path, entry);
    }
  }
  for (const { path } of listed.items) {
    for (const above of invalidPath(path) === null ? ancestorsOf(path) : []) {
      if (!directories.has(above)) {
        directories.set(above, impliedDirectory());
      }
    }
  }
  return directories;
}

export function impliedDirectory(): Entry {
  return {
    kind: 'directory',
    size: 0,
    sha256: null,
    version: IMPLIED,
    id: null,
    seenAt: Date.now()
  };
}

/** Where the cloud lists no version, the hash is one. */
export function entryOf(
  item: Pick<CoreItem, 'version' | 'seenAt'>,
  sha256: string | null,
  size: number
): Entry {
  return {
    kind: 'file',
    size,
    sha256,
    version: item.version ?? `sha256:${sha256}`,
    id: null,
    seenAt: item.seenAt
  };
}

function vouchedFor(item: CoreItem, known: Known): Entry | null {
  const entry = known.entries.get(item.path);
  return entry?.kind === 'file' && item.version !== null && entry.version === item.version
    ? entry
    : null;
}

function otherSize(path: string): Problem {
  return {
    path,
    code: 'corrupt',
    message: trans.__(
      'The cloud gave more or less of this file than it lists, twice. Nothing was changed; sync again, and if it stays so tell whoever runs the cloud.'
    )
  };
}

function isIgnored(path: string, { ignores }: ScanOptions): boolean {
  return ancestorsOf(path).some(above => ignores(above, 'directory')) || ignores(path, 'file');
}
