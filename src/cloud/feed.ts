import type { Entry } from '../sync/entry';
import { ancestorsOf } from '../sync/path';
import type { CloudClient } from './client';
import type { Cursor } from './cursor';
import { entryOf, sameOr } from './entries';
import { CloudError, unexpectedAnswer } from './errors';
import { MAX_EMPTY_PAGES } from './paging';
import type { CloudFile } from './schemas';

/** Who is farther behind than this, in pages, gets on faster by a listing. */
const MAX_PAGES = 1000;

/** What the feed of changes told. */
export type FeedOutcome =
  | {
      readonly status: 'followed';
      readonly items: readonly CloudFile[];
      readonly cursor: Cursor;
    }
  /** It does not reach back that far: everything must be listed. */
  | { readonly status: 'expired' }
  /** The cloud is not the one that the cursor came from: restored from a backup, or behind it. */
  | { readonly status: 'restored' };

/** Reads all that changed since the cursor: one request where nothing did. */
export async function readFeed(
  client: CloudClient,
  projectId: string,
  cursor: Cursor,
  signal: AbortSignal
): Promise<FeedOutcome> {
  const items: CloudFile[] = [];
  let { epoch, revision } = cursor;
  try {
    for (let pages = 1, empty = 0; pages <= MAX_PAGES; pages += 1) {
      const page = await client.files.changes(projectId, revision, epoch, signal);
      if (page.revision < revision || (epoch && page.epoch && page.epoch !== epoch)) {
        return { status: 'restored' };
      }
      if (page.has_more && page.revision === revision) {
        throw unexpectedAnswer('GET /{id}/changes', 'revision: more is announced, and none comes');
      }
      empty = page.items.length === 0 ? empty + 1 : 0;
      if (page.has_more && empty === MAX_EMPTY_PAGES) {
        throw unexpectedAnswer('GET /{id}/changes', 'items: more are announced, and none come');
      }
      items.push(...page.items);
      ({ revision } = page);
      epoch ??= page.epoch ?? null;
      if (!page.has_more) {
        return { status: 'followed', items, cursor: { epoch, revision } };
      }
    }
    return { status: 'expired' };
  } catch (error) {
    if (error instanceof CloudError && error.status === 410) {
      return { status: error.reason === 'epoch_changed' ? 'restored' : 'expired' };
    }
    throw error;
  }
}

/**
 * The known entries with the changes done to them, or null when the two don't go together: a listing must tell.
 *
 * #### Notes
 * Items come in the order of revisions, and each says what its path holds as of then. A file that shows up under
 * another path has left its old one, whether or not the feed says so.
 */
export function withChanges(
  known: ReadonlyMap<string, Entry>,
  items: readonly CloudFile[]
): ReadonlyMap<string, Entry> | null {
  if (items.length === 0) {
    return known;
  }
  const entries = new Map(known);
  const pathOf = new Map<string, string>();
  for (const [path, { id }] of known) {
    if (id !== null) {
      pathOf.set(id, path);
    }
  }
  for (const item of items) {
    const { path, file_id: id } = item;
    if (item.deleted === true) {
      entries.delete(path);
      continue;
    }
    const old = pathOf.get(id);
    if (old !== undefined && old !== path && entries.get(old)?.id === id) {
      entries.delete(old);
    }
    pathOf.set(id, path);
    entries.set(path, sameOr(known.get(path), entryOf(item)));
  }
  for (const path of entries.keys()) {
    if (ancestorsOf(path).some(above => entries.get(above)?.kind !== 'directory')) {
      return null;
    }
  }
  return entries;
}
