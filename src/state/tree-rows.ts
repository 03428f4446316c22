import type { Kysely } from 'kysely';

import type { Breathe } from '../sync/breathe';
import { nodeOf } from '../sync/entry';
import type { Entry, Node, Side } from '../sync/entry';
import { chunksOf } from './chunks';
import type { BaseNodeRow, SideEntryRow, Tables } from './tables';

/** Rows that are read at once: it goes by in a few ms. */
const PAGE = 500;

export async function readBase(
  db: Kysely<Tables>,
  projectId: string,
  breathe: Breathe
): Promise<Map<string, Node>> {
  const rows = db
    .selectFrom('base_nodes')
    .select(['path', 'kind', 'size', 'sha256'])
    .where('project_id', '=', projectId)
    .orderBy('path')
    .limit(PAGE);
  return treeOf(
    last => rows.where('path', '>', last).execute(),
    row => nodeOf(row),
    breathe
  );
}

export async function readEntries(
  db: Kysely<Tables>,
  projectId: string,
  side: Side,
  breathe: Breathe
): Promise<Map<string, Entry>> {
  const rows = db
    .selectFrom('side_entries')
    .select(['path', 'kind', 'size', 'sha256', 'version', 'entry_id', 'seen_at'])
    .where('project_id', '=', projectId)
    .where('side', '=', side)
    .orderBy('path')
    .limit(PAGE);
  return treeOf(
    last => rows.where('path', '>', last).execute(),
    ({ kind, size, sha256, version, entry_id: id, seen_at: seenAt }) => {
      return { kind, size, sha256, version, id, seenAt };
    },
    breathe
  );
}

/** @param pageAfter - gives the rows that follow a path, by path, a page of them at most */
async function treeOf<R extends { readonly path: string }, T>(
  pageAfter: (last: string) => Promise<R[]>,
  valueOf: (row: R) => T,
  breathe: Breathe
): Promise<Map<string, T>> {
  const tree = new Map<string, T>();
  // No path is empty.
  for (let last: string | undefined = ''; last !== undefined;) {
    const rows: R[] = await pageAfter(last);
    rows.forEach(row => tree.set(row.path, valueOf(row)));
    last = rows.at(-1)?.path;
    await breathe();
  }
  return tree;
}

/** null forgets a path; a row that holds the same already is not touched. */
export async function writeBase(
  db: Kysely<Tables>,
  projectId: string,
  nodes: ReadonlyMap<string, Node | null>,
  breathe: Breathe
): Promise<void> {
  const rows: BaseNodeRow[] = [];
  const forgotten: string[] = [];
  for (const [path, node] of nodes) {
    if (node) {
      rows.push({ project_id: projectId, path, ...nodeOf(node) });
    } else {
      forgotten.push(path);
    }
  }
  for (const paths of chunksOf(forgotten)) {
    await breathe();
    await db
      .deleteFrom('base_nodes')
      .where('project_id', '=', projectId)
      .where('path', 'in', paths)
      .execute();
  }
  for (const chunk of chunksOf(rows)) {
    await breathe();
    await db
      .insertInto('base_nodes')
      .values(chunk)
      .onConflict(conflict =>
        conflict
          .columns(['project_id', 'path'])
          .doUpdateSet(eb => ({
            kind: eb.ref('excluded.kind'),
            size: eb.ref('excluded.size'),
            sha256: eb.ref('excluded.sha256')
          }))
          .where(eb =>
            eb.or([
              eb('base_nodes.kind', 'is distinct from', eb.ref('excluded.kind')),
              eb('base_nodes.size', 'is distinct from', eb.ref('excluded.size')),
              eb('base_nodes.sha256', 'is distinct from', eb.ref('excluded.sha256'))
            ])
          )
      )
      .execute();
  }
}

/** As `writeBase`. */
export async function writeEntries(
  db: Kysely<Tables>,
  projectId: string,
  side: Side,
  entries: ReadonlyMap<string, Entry | null>,
  breathe: Breathe
): Promise<void> {
  const rows: SideEntryRow[] = [];
  const forgotten: string[] = [];
  for (const [path, entry] of entries) {
    if (entry) {
      const { version, id, seenAt } = entry;
      const own = { version, entry_id: id, seen_at: seenAt };
      rows.push({ project_id: projectId, side, path, ...nodeOf(entry), ...own });
    } else {
      forgotten.push(path);
    }
  }
  for (const paths of chunksOf(forgotten)) {
    await breathe();
    await db
      .deleteFrom('side_entries')
      .where('project_id', '=', projectId)
      .where('side', '=', side)
      .where('path', 'in', paths)
      .execute();
  }
  for (const chunk of chunksOf(rows)) {
    await breathe();
    await db
      .insertInto('side_entries')
      .values(chunk)
      .onConflict(conflict =>
        conflict
          .columns(['project_id', 'side', 'path'])
          .doUpdateSet(eb => ({
            kind: eb.ref('excluded.kind'),
            size: eb.ref('excluded.size'),
            sha256: eb.ref('excluded.sha256'),
            version: eb.ref('excluded.version'),
            entry_id: eb.ref('excluded.entry_id'),
            seen_at: eb.ref('excluded.seen_at')
          }))
          .where(eb =>
            eb.or([
              eb('side_entries.kind', 'is distinct from', eb.ref('excluded.kind')),
              eb('side_entries.size', 'is distinct from', eb.ref('excluded.size')),
              eb('side_entries.sha256', 'is distinct from', eb.ref('excluded.sha256')),
              eb('side_entries.version', 'is distinct from', eb.ref('excluded.version')),
              eb('side_entries.entry_id', 'is distinct from', eb.ref('excluded.entry_id')),
              eb('side_entries.seen_at', 'is distinct from', eb.ref('excluded.seen_at'))
            ])
          )
      )
      .execute();
  }
}
