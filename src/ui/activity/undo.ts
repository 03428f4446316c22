import type { Activity, FileVersion } from '../../tokens';

/** Whether the line tells of a content that went: only that can come back. */
export function mayBeUndone({ kind, path, change }: Activity): boolean {
  return kind === 'action' && path !== null && (change === 'delete' || change === 'update');
}

/**
 * The content that the file had before what the line tells of; null where no version of it is known.
 *
 * @param versions - newest first
 */
export function versionBefore(
  { at, change }: Pick<Activity, 'at' | 'change'>,
  versions: readonly FileVersion[]
): FileVersion | null {
  const until = versions.filter(({ createdAt }) => Date.parse(createdAt) <= Date.parse(at));
  if (change === 'delete') {
    return until[0] ?? null;
  }
  // The update's own content is the newest by then; what was uploaded again unchanged is no other content.
  const [own, ...earlier] = until;
  return earlier.find(({ sha256 }) => sha256 === null || sha256 !== own?.sha256) ?? null;
}
