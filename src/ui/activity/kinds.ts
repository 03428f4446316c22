import type { Activity } from '../../tokens';

/** What a line of the log can be looked for by. */
export type ActivityKind = 'up' | 'down' | 'deleted' | 'conflict' | 'problem' | 'other';

export const ACTIVITY_KINDS: readonly ActivityKind[] = [
  'up',
  'down',
  'deleted',
  'conflict',
  'problem',
  'other'
];

export function kindOf({ kind, side, change }: Activity): ActivityKind {
  switch (kind) {
    case 'conflict':
    case 'problem':
      return kind;
    case 'action':
      if (change === 'delete') {
        return 'deleted';
      }
      return side === undefined ? 'other' : side === 'cloud' ? 'up' : 'down';
    case 'run':
    case 'link':
      return 'other';
  }
}

export interface ActivityFilter {
  /** null: all projects. */
  readonly projectId: string | null;
  /** Of the path; upper and lower case are the same; '': any. */
  readonly text: string;
  /** null: any. */
  readonly kind: ActivityKind | null;
}

export function filterActivity(
  lines: readonly Activity[],
  { projectId, text, kind }: ActivityFilter
): readonly Activity[] {
  const wanted = text.trim().toLowerCase();
  return lines.filter(
    line =>
      (projectId === null || line.projectId === projectId) &&
      (kind === null || kindOf(line) === kind) &&
      (wanted === '' || (line.path ?? '').toLowerCase().includes(wanted))
  );
}
