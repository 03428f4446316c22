import type { TranslationBundle } from '@jupyterlab/translation';

import type { Action, SyncReport } from '../tokens';

/** What a person may say to a sync that a guard stopped. */
export type WordKind = 'approve' | 'restore';

/**
 * Which words have an effect on the stopped run.
 *
 * @param preview - of a sync as it would be now
 */
export function wordsFor(report: SyncReport, preview: SyncReport): readonly WordKind[] {
  switch (report.state === 'stopped' ? report.stopReason : null) {
    case 'mass-delete':
    case 'root-emptied':
      return ['restore', 'approve'];
    case 'root-missing':
      return isCloudGone(preview) ? [] : ['restore', 'approve'];
    case 'all-changed':
    case 'cloud-restored':
      return ['approve'];
    default:
      return [];
  }
}

/** What the plan deletes or overwrites. */
export function takenAway({ actions }: SyncReport): readonly Action[] {
  return actions.filter(({ kind }) => kind === 'delete' || kind === 'update');
}

export interface WordWords {
  readonly label: string;
  readonly effect: string;
}

export function wordWords(
  word: WordKind,
  report: SyncReport | null,
  trans: TranslationBundle
): WordWords {
  if (word === 'restore') {
    return {
      label: trans.__('Restore'),
      effect: trans.__('Undoes the deletions: what the other side still has comes back.')
    };
  }
  const label = trans.__('Approve');
  return report?.stopReason === 'cloud-restored'
    ? {
        label,
        effect: trans.__(
          'Merges both sides as at a first sync: nothing is deleted, and where a file differs both contents are kept.'
        )
      }
    : {
        label,
        effect: trans.__(
          'Lets the sync go ahead this once, with just what it would delete or overwrite now.'
        )
      };
}

/** Where the folder is gone instead, it is the cloud's files that would be deleted. */
function isCloudGone({ actions }: SyncReport): boolean {
  return actions.some(({ kind, side }) => kind === 'delete' && side === 'local');
}
