import type { FileStatus, ReportedConflict, SyncReport } from '../tokens';

/** The mark in the name of a conflict copy; the name without it is that of the file it was made for. */
const COPY_MARK = / \(conflict [0-9a-f]{8}(?: \d+)?\)/;

/**
 * The conflicts that wait for a choice: those of the last sync where it got that far, else those that a look at the
 * files found. A copy is told with its file, not as a conflict of its own.
 *
 * @param files - null while they are not known
 */
export function openConflicts(
  report: SyncReport | null,
  files: readonly FileStatus[] | null
): readonly ReportedConflict[] {
  if (report && report.state !== 'failed' && report.state !== 'stopped') {
    return report.conflicts;
  }
  const found = (files ?? []).filter(({ status }) => status === 'conflict');
  const paths = new Set(found.map(({ path }) => path));
  const copies = new Map(
    found
      .map(({ path }): [string, string] => [path.replace(COPY_MARK, ''), path])
      .filter(([original, path]) => original !== path && paths.has(original))
  );
  const isCopy = new Set(copies.values());
  return found
    .filter(({ path }) => !isCopy.has(path))
    .map(({ path, reason }) => ({ path, copy: copies.get(path) ?? null, reason }));
}

/** Paths of copies that were made for files which are in conflict: they are part of those conflicts. */
export function copiesIn(files: readonly FileStatus[]): ReadonlySet<string> {
  const paths = files.filter(({ status }) => status === 'conflict').map(({ path }) => path);
  const known = new Set(paths);
  return new Set(
    paths.filter(path => COPY_MARK.test(path) && known.has(path.replace(COPY_MARK, '')))
  );
}
