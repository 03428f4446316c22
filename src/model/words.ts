import type { TranslationBundle } from '@jupyterlab/translation';

import type { Action, SyncReport } from '../tokens';

/** Why a run stopped or failed and what to do next; '' when it did neither. */
export function messageOf(report: SyncReport | null, trans: TranslationBundle): string {
  if (report?.state === 'failed') {
    return report.problems[0]?.message ?? trans.__('The sync failed. Try it again.');
  }
  switch (report?.state === 'stopped' ? report.stopReason : null) {
    case 'root-missing':
      return trans.__(
        'The folder, or the project in the cloud, is gone. Nothing was deleted on the other side. Put it back and sync, or unlink the project.'
      );
    case 'root-replaced':
      return trans.__(
        'A file has the place of the folder. Nothing was changed. Put the folder back and sync, or unlink the project.'
      );
    case 'root-emptied':
      return trans.__(
        'One side is empty now. Nothing was deleted on the other. Put the files back and sync, or unlink and link the project to have them brought back.'
      );
    case 'all-changed':
      return trans.__(
        'Every file changed on one side. Nothing was overwritten on the other. Look whether that is meant.'
      );
    case 'mass-delete':
      return trans.__(
        'More than half of the files were deleted on one side. Nothing was deleted on the other. Look whether that is meant.'
      );
    case 'cloud-restored':
      return trans.__(
        'The cloud was restored from a backup and is not what it was. Nothing was changed. Unlink and link the project to merge both sides.'
      );
    default:
      return '';
  }
}

/** One line of the activity log. */
export function actionText(action: Action, trans: TranslationBundle): string {
  const { kind, side, reason } = action;
  const here = side === 'local';
  switch (kind) {
    case 'create':
      return here ? trans.__('Downloaded: %1', reason) : trans.__('Uploaded: %1', reason);
    case 'update':
      return here
        ? trans.__('Updated here: %1', reason)
        : trans.__('Updated in the cloud: %1', reason);
    case 'delete':
      return here
        ? trans.__('Deleted here: %1', reason)
        : trans.__('Deleted in the cloud: %1', reason);
    case 'move':
      return here ? trans.__('Moved here: %1', reason) : trans.__('Moved in the cloud: %1', reason);
    case 'mkdir':
      return here
        ? trans.__('Folder made here: %1', reason)
        : trans.__('Folder made in the cloud: %1', reason);
  }
}
