import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  Action,
  ConflictChoice,
  FileStatusWord,
  HelperStatus,
  Progress,
  ProjectStatus,
  ProjectSummary,
  Role,
  SyncReport
} from '../tokens';
import { formatBytes, formatSeconds } from './format';
import { stopWords } from './report-words';

export function statusWords(status: ProjectStatus, trans: TranslationBundle): string {
  switch (status) {
    case 'not-linked':
      return trans.__('In the cloud only');
    case 'waiting':
      return trans.__('Waiting for its first look');
    case 'syncing':
      return trans.__('Syncing…');
    case 'synced':
      return trans.__('Synced');
    case 'conflicts':
      return trans.__('Conflicts to resolve');
    case 'problems':
      return trans.__('Synced, with problems');
    case 'stopped':
      return trans.__('Stopped for safety');
    case 'failed':
      return trans.__('Sync failed');
    case 'offline':
      return trans.__('Offline');
    case 'signed-out':
      return trans.__('Signed out');
    case 'paused':
      return trans.__('Paused');
  }
}

/** What is known of a project beside its summary. */
export interface Circumstances {
  /** Of its running sync. */
  readonly progress?: Progress | null;
  /** Of its last sync. */
  readonly report?: SyncReport | null;
}

/** The status, with how far it is, why it is so, and how many conflicts and problems there are. */
export function summaryWords(
  project: ProjectSummary,
  trans: TranslationBundle,
  { progress = null, report = null }: Circumstances = {}
): string {
  const { status, conflicts, problems } = project;
  const counts = [
    conflicts > 0 ? trans._n('%1 conflict to resolve', '%1 conflicts to resolve', conflicts) : '',
    problems > 0 ? trans._n('%1 problem', '%1 problems', problems) : ''
  ].filter(Boolean);
  const told = counts.length > 0 && (status === 'conflicts' || status === 'problems');
  let words = statusWords(status, trans);
  if (status === 'syncing' && progress && progress.filesTotal > 0) {
    words = trans.__('Syncing %1 of %2', progress.filesDone, progress.filesTotal);
  } else if (status === 'stopped' && report?.state === 'stopped') {
    words = trans.__('Stopped: %1', stopWords(report, trans));
  }
  return (told ? counts : [words, ...counts]).join(' · ');
}

export function roleWords(role: Role | null, trans: TranslationBundle): string {
  switch (role) {
    case 'owner':
      return trans.__('you own it');
    case 'writer':
      return trans.__('you can write');
    case 'reader':
      return trans.__('you can only read');
    case 'finder':
      return trans.__('you can see that it exists');
    case null:
      return '';
  }
}

export function fileStatusWords(status: FileStatusWord, trans: TranslationBundle): string {
  switch (status) {
    case 'synced':
      return trans.__('Synced');
    case 'local-change':
      return trans.__('Changed here');
    case 'cloud-change':
      return trans.__('Changed in the cloud');
    case 'conflict':
      return trans.__('Conflict');
    case 'ignored':
      return trans.__('Ignored');
    case 'problem':
      return trans.__('Problem');
    case 'syncing':
      return trans.__('Syncing…');
  }
}

/** What an action does to its path, seen from this server. */
export function actionWords(action: Action, trans: TranslationBundle): string {
  const local = action.side === 'local';
  switch (action.kind) {
    case 'create':
      return local ? trans.__('Download') : trans.__('Upload');
    case 'update':
      return local ? trans.__('Update here') : trans.__('Update in the cloud');
    case 'delete':
      return local ? trans.__('Delete here') : trans.__('Delete in the cloud');
    case 'move':
      return local ? trans.__('Rename here') : trans.__('Rename in the cloud');
    case 'mkdir':
      return local ? trans.__('Make folder here') : trans.__('Make folder in the cloud');
  }
}

export interface ChoiceWords {
  readonly label: string;
  /** What happens to the two contents. */
  readonly effect: string;
}

export function choiceWords(choice: ConflictChoice, trans: TranslationBundle): ChoiceWords {
  switch (choice) {
    case 'keep-local':
      return {
        label: trans.__('Keep mine'),
        effect: trans.__('Your content gets the name, on both sides; the cloud’s goes.')
      };
    case 'keep-cloud':
      return {
        label: trans.__('Keep the cloud’s'),
        effect: trans.__('The cloud’s content has the name, on both sides; yours goes.')
      };
    case 'keep-both':
      return {
        label: trans.__('Keep both'),
        effect: trans.__('Both stay as two files; the conflict is only taken off this list.')
      };
  }
}

/** How changes on this server are noticed: one sentence; '' where no folder is linked. */
export function helperWords({ state, reason }: HelperStatus, trans: TranslationBundle): string {
  switch (state) {
    case 'ready':
      return trans.__('Changes are seen at once, by the helper kernel.');
    case 'starting':
      return trans.__('The helper kernel is starting…');
    case 'refused':
      return trans.__(
        'Changes may be seen late: the kernels of this server see other files than Jupyter shows, so there is no helper kernel.'
      );
    case 'lost':
      return reason !== null && /\s/.test(reason)
        ? trans.__(
            'Changes may be seen late: the helper kernel could not be started (%1). It is tried again with the next sync.',
            reason
          )
        : trans.__(
            'Changes may be seen late: the helper kernel ended. It is started again with the next sync.'
          );
    case 'off':
      return whyOff(reason, trans);
  }
}

function whyOff(reason: string | null, trans: TranslationBundle): string {
  switch (reason) {
    case 'disabled':
      return trans.__(
        'Changes may be seen late: the helper kernel is turned off in the settings of Projects.'
      );
    case 'no-python':
      return trans.__(
        'Changes may be seen late: this server has no Python kernel that could be the helper kernel.'
      );
    default:
      return '';
  }
}

/** `12 of 200 files, 3 MB of 20 MB`; what it is doing where there is nothing to count. */
export function progressWords(
  progress: Progress,
  locale: string,
  trans: TranslationBundle
): string {
  if (progress.phase === 'saving') {
    return trans.__('Saving what was synced…');
  }
  if (progress.filesTotal === 0 && progress.phase === 'waiting') {
    return trans.__('Waiting for another browser that syncs…');
  }
  if (progress.phase === 'looking' || progress.filesTotal === 0) {
    return trans.__('Looking for changes…');
  }
  const counts = countWords(progress, locale, trans);
  return progress.phase === 'waiting' ? trans.__('Syncing in another browser: %1', counts) : counts;
}

function countWords(progress: Progress, locale: string, trans: TranslationBundle): string {
  const files = trans.__('%1 of %2 files', progress.filesDone, progress.filesTotal);
  if (progress.bytesTotal === 0) {
    return files;
  }
  return trans.__(
    '%1, %2 of %3',
    files,
    formatBytes(progress.bytesDone, locale),
    formatBytes(progress.bytesTotal, locale)
  );
}

/** `1.2 MB/s, about 2 minutes left`; '' while that can't be told. */
export function paceWords(progress: Progress, locale: string, trans: TranslationBundle): string {
  const { bytesPerSecond, secondsLeft } = progress;
  const rate = bytesPerSecond ? trans.__('%1/s', formatBytes(bytesPerSecond, locale)) : '';
  const left =
    secondsLeft === undefined ? '' : trans.__('about %1 left', formatSeconds(secondsLeft, locale));
  return [rate, left].filter(Boolean).join(', ');
}

/** From 0 to 100: by bytes where there are any, else by files; null while nothing is counted yet. */
export function progressPercent(progress: Progress): number | null {
  if (progress.phase === 'saving') {
    return 100;
  }
  const [done, total] =
    progress.bytesTotal > 0
      ? [progress.bytesDone, progress.bytesTotal]
      : [progress.filesDone, progress.filesTotal];
  return total > 0 ? Math.min(100, Math.round((100 * done) / total)) : null;
}
