import type { TranslationBundle } from '@jupyterlab/translation';

import type { Activity, SyncReport } from '../tokens';
import { actionText, messageOf } from './words';

export interface About {
  readonly projectId: string;
  readonly projectTitle: string;
  /** RFC 3339 UTC. */
  readonly at: string;
}

/**
 * The log's lines of a run, oldest first: what it did, and what is new in what it left. A run that did nothing and
 * left what the one before left has none.
 */
export function activityOf(
  report: SyncReport,
  previous: SyncReport | null,
  about: About,
  trans: TranslationBundle
): Activity[] {
  const line = (kind: Activity['kind'], path: string | null, text: string): Activity => ({
    ...about,
    kind,
    path,
    text
  });
  const lines: Activity[] = report.actions.map(action => ({
    ...line('action', action.path, actionText(action, trans)),
    side: action.side,
    change: action.kind
  }));
  const known = new Set([
    ...(previous?.conflicts ?? []).map(keyOf),
    ...(previous?.problems ?? []).map(keyOf)
  ]);
  for (const conflict of report.conflicts.filter(each => !known.has(keyOf(each)))) {
    const { path, copy, reason } = conflict;
    const text =
      copy === null
        ? trans.__('Conflict, %1: both sides are left as they are until you choose.', reason)
        : trans.__('Conflict, %1: your content is kept as “%2”.', reason, copy);
    lines.push(line('conflict', path, text));
  }
  for (const problem of report.problems.filter(each => !known.has(keyOf(each)))) {
    lines.push(line('problem', problem.path || null, problem.message));
  }
  const message = messageOf(report, trans);
  if (report.state === 'stopped' && message !== messageOf(previous, trans)) {
    lines.push(line('run', null, message));
  }
  return lines;
}

function keyOf(value: object): string {
  return JSON.stringify(value);
}
