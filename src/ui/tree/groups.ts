import type { FileStatus, FileStatusWord } from '../../tokens';
import { copiesIn } from '../open-conflicts';

/** Files that have something in common for a person. */
export type Group = 'conflicts' | 'problems' | 'working' | 'up' | 'down';

export const GROUPS: readonly Group[] = ['conflicts', 'problems', 'working', 'up', 'down'];

/** The group that a status is in; null for what needs nothing. */
export function groupOf(status: FileStatusWord): Group | null {
  switch (status) {
    case 'conflict':
      return 'conflicts';
    case 'problem':
      return 'problems';
    case 'syncing':
      return 'working';
    case 'local-change':
      return 'up';
    case 'cloud-change':
      return 'down';
    case 'synced':
    case 'ignored':
      return null;
  }
}

/** The status that stands for the group by its icon. */
export const GROUP_STATUS: Readonly<Record<Group, FileStatusWord>> = {
  conflicts: 'conflict',
  problems: 'problem',
  working: 'syncing',
  up: 'local-change',
  down: 'cloud-change'
};

/** How many files are in each group; those without any are left out. A conflict is one, though it may be of two files. */
export function countGroups(files: readonly FileStatus[]): ReadonlyMap<Group, number> {
  const counts = new Map<Group, number>();
  const copies = copiesIn(files);
  for (const { path, status } of files) {
    const group = groupOf(status);
    if (group && !copies.has(path)) {
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * Those of the group whose path has the text in it.
 *
 * @param group - null: all
 * @param text - upper and lower case are the same; '': any
 */
export function inGroup(
  files: readonly FileStatus[],
  group: Group | null,
  text: string
): readonly FileStatus[] {
  const wanted = text.toLowerCase();
  return group === null && wanted === ''
    ? files
    : files.filter(
        ({ path, status }) =>
          (group === null || groupOf(status) === group) &&
          (wanted === '' || path.toLowerCase().includes(wanted))
      );
}

interface ProblemOf {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** The files with what the last sync could not do about them, which no look at both sides tells. */
export function withProblems(
  files: readonly FileStatus[],
  problems: readonly ProblemOf[]
): readonly FileStatus[] {
  const messages = new Map(
    problems
      .filter(({ path, code }) => path !== '' && code !== 'left')
      .map(({ path, message }) => [path, message])
  );
  if (messages.size === 0) {
    return files;
  }
  const told = files.map(file => {
    const message = messages.get(file.path);
    messages.delete(file.path);
    const isOpen = file.status === 'local-change' || file.status === 'cloud-change';
    return message !== undefined && isOpen
      ? { ...file, status: 'problem' as const, reason: message }
      : file;
  });
  const unseen = [...messages].map(
    ([path, reason]) => ({ path, status: 'problem', reason }) as const
  );
  return [...told, ...unseen];
}
