import type { TranslationBundle } from '@jupyterlab/translation';

import type { Action, SyncReport } from '../tokens';

/** What is known of where the cloud's side of a tied project is. */
export interface Whereabouts {
  /** The cloud that the project is in, and the one that is set now. */
  readonly cloudUrl: string;
  readonly currentUrl: string;
  /** The cloud that is set told all that the account can see, and the project was not among it. */
  readonly isUnseen: boolean;
}

/**
 * Why a cloud can show nothing of a project though it may well be there; '' when it shows it, or when that is not known.
 */
export function elsewhere(
  { cloudUrl, currentUrl, isUnseen }: Whereabouts,
  trans: TranslationBundle
): string {
  if (cloudUrl !== currentUrl) {
    return trans.__(
      'This project is in the cloud %1, and the cloud that is set now is %2. Nothing was changed. Set its cloud in the settings to sync it; unlink it only if you no longer want it in this folder.',
      cloudUrl,
      currentUrl
    );
  }
  return isUnseen
    ? trans.__(
        'The account that is signed in can not see this project in %1: it is another account’s, was not shared with this one, or was deleted. Nothing was changed. Sign in as who can see it; unlink it only if it was deleted.',
        cloudUrl
      )
    : '';
}

/** Why a run stopped or failed and what to do next; '' when it did neither. */
export function messageOf(report: SyncReport | null, trans: TranslationBundle): string {
  if (report?.state === 'failed') {
    return report.problems[0]?.message ?? trans.__('The sync failed. Try it again.');
  }
  switch (report?.state === 'stopped' ? report.stopReason : null) {
    case 'root-missing':
      return trans.__(
        'The folder, or the project in the cloud, is gone. Nothing was deleted on the other side. Put it back and sync, or unlink the project. If it is the folder: Restore makes it again from the cloud, Approve deletes the files in the cloud too.'
      );
    case 'root-replaced':
      return trans.__(
        'A file or a link has the place of the folder. Nothing was changed. Put the folder back and sync, or unlink the project; link it again to sync what the link leads to.'
      );
    case 'root-emptied':
      return trans.__(
        'One side is empty now. Nothing was deleted on the other. Restore brings the files back, Approve deletes them on the other side too.'
      );
    case 'all-changed':
      return trans.__(
        'Every file changed on one side. Nothing was overwritten on the other. Look whether that is meant: Approve overwrites the files on the other side too. If it is not, put them back and sync.'
      );
    case 'mass-delete':
      return trans.__(
        'More than half of the files were deleted on one side. Nothing was deleted on the other. Restore brings them back, Approve deletes them on the other side too.'
      );
    case 'cloud-restored':
      return trans.__(
        'The cloud was restored from a backup and is not what it was. Nothing was changed. Approve merges both sides as at a first sync: nothing is deleted, and where a file differs both contents are kept.'
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
