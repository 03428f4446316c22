import { invalidPath } from '../sync/path';
import type { Known, Scan, ScanOptions } from '../sync/replica';
import type { CloudClient } from './client';
import type { Cursor } from './cursor';
import { formatCursor, parseCursor } from './cursor';
import { entryOf, Listing, visible } from './entries';
import { CloudError } from './errors';
import { readFeed, withChanges } from './feed';
import type { SharedRules } from './shared-rules';

/** From so many changes on a cursor is worth a save of its own: half a page. */
const FAR = 500;

export const MISSING: Scan = {
  root: 'missing',
  entries: new Map(),
  cursor: null,
  unknown: [],
  problems: []
};

/**
 * Looks at a project through the extensions *files* and *changes*: by the feed where it was read before, else by a
 * listing.
 */
export async function scanCloud(
  client: CloudClient,
  projectId: string,
  known: Known,
  options: ScanOptions,
  rules: SharedRules | null = null
): Promise<Scan> {
  const before = parseCursor(known.cursor);
  try {
    if (before && options.verify !== true) {
      const feed = await readFeed(client, projectId, before, options.signal);
      if (feed.status === 'restored') {
        return await list(client, projectId, known, options, 'restored');
      }
      const entries =
        feed.status === 'followed' && feed.items.every(item => invalidPath(item.path) === null)
          ? withChanges(known.entries, feed.items)
          : null;
      if (feed.status === 'followed' && entries) {
        const told = new Set(feed.items.map(({ revision }) => revision));
        rules?.follow(before.revision, feed.cursor.revision, told);
        return {
          root: 'present',
          entries: visible(entries, options.ignores),
          cursor: formatCursor(feed.cursor),
          isFar: feed.items.length >= FAR,
          unknown: [],
          problems: []
        };
      }
    }
    return await list(client, projectId, known, options, before);
  } catch (error) {
    if (error instanceof CloudError && error.status === 404) {
      return MISSING;
    }
    throw error;
  }
}

/**
 * @param before What the listing must be a later state of, or `replaced` when it is known not to be.
 */
async function list(
  client: CloudClient,
  projectId: string,
  known: Known,
  options: ScanOptions,
  before: Cursor | null | 'restored'
): Promise<Scan> {
  const { signal } = options;
  const { files, revision, epoch: told } = await client.files.list(projectId, signal);
  const epoch = told ?? (await client.getProject(projectId, signal)).epoch ?? null;
  const listing = new Listing(known.entries);
  for (const file of files) {
    if (file.deleted !== true) {
      listing.add(file.path, entryOf(file));
    }
  }
  const { entries, unknown, problems } = listing.finish();
  const restored =
    before === 'restored' ||
    (before !== null &&
      (revision < before.revision ||
        (before.epoch !== null && epoch !== null && before.epoch !== epoch)));
  return {
    root: restored ? 'restored' : 'present',
    entries: visible(entries, options.ignores),
    // What was not understood is not in the entries, and the feed would never bring it again.
    cursor: unknown.length + problems.length === 0 ? formatCursor({ epoch, revision }) : null,
    unknown,
    problems
  };
}
