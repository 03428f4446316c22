import type { TranslationBundle } from '@jupyterlab/translation';

import type { SyncReport } from '../tokens';

export interface Message {
  readonly text: string;
  readonly kind: 'success' | 'warning' | 'error';
}

/** One sentence on how a sync of the project ended, and what to do next. */
export function reportMessage(
  report: SyncReport,
  title: string,
  trans: TranslationBundle
): Message {
  const changes = report.actions.length;
  if (report.dryRun && report.state !== 'failed' && report.state !== 'stopped') {
    const text =
      changes === 0
        ? trans.__('A sync of “%1” would change nothing.', title)
        : trans._n(
            'A sync of “%2” would make %1 change.',
            'A sync of “%2” would make %1 changes.',
            changes,
            title
          );
    return { text, kind: 'success' };
  }
  switch (report.state) {
    case 'synced': {
      const text =
        changes === 0
          ? trans.__('“%1” is up to date.', title)
          : trans._n('“%2” is synced: %1 change.', '“%2” is synced: %1 changes.', changes, title);
      return { text, kind: 'success' };
    }
    case 'conflicts':
      return {
        text: trans._n(
          '“%2” has %1 conflict. Choose what to keep in the Projects panel.',
          '“%2” has %1 conflicts. Choose what to keep in the Projects panel.',
          report.conflicts.length,
          title
        ),
        kind: 'warning'
      };
    case 'partial':
      return {
        text: trans._n(
          '“%2” is synced, but %1 path has a problem. The Projects panel says why.',
          '“%2” is synced, but %1 paths have a problem. The Projects panel says why.',
          report.problems.length,
          title
        ),
        kind: 'warning'
      };
    case 'stopped':
      return {
        text: trans.__(
          'The sync of “%1” was stopped before it changed anything: %2.',
          title,
          stopWords(report, trans)
        ),
        kind: 'warning'
      };
    case 'failed':
      return {
        text: trans.__('“%1” could not be synced: %2.', title, stopWords(report, trans)),
        kind: 'error'
      };
  }
}

/** Why a run stopped, as the rest of a sentence. */
export function stopWords(report: SyncReport, trans: TranslationBundle): string {
  switch (report.stopReason) {
    case 'mass-delete':
      return trans.__('it would have deleted most of the files on one side');
    case 'root-missing':
      return trans.__('the folder, or the project in the cloud, is gone');
    case 'root-emptied':
      return trans.__('one side is suddenly empty');
    case 'root-replaced':
      return trans.__('the folder is no longer a folder');
    case 'all-changed':
      return trans.__('every file changed on one side');
    case 'cloud-restored':
      return trans.__('the cloud was restored from a backup');
    case 'signed-out':
      return trans.__('you are signed out; sign in and sync again');
    case 'offline':
      return trans.__('the cloud does not answer; your files stay as they are, sync again later');
    case null:
      return report.problems[0]?.message.replace(/\.$/, '') ?? trans.__('see the Projects panel');
  }
}
