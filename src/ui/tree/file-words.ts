import type { TranslationBundle } from '@jupyterlab/translation';

import type { FileStatus, FileStatusWord } from '../../tokens';
import { fileStatusWords } from '../words';
import type { Counts, TreeNode } from './file-tree';
import { WORST_FIRST } from './file-tree';
import type { Group } from './groups';

/** One letter for each status, so that it is told without its colour. */
export function statusLetter(status: FileStatusWord, trans: TranslationBundle): string {
  switch (status) {
    case 'synced':
      return trans._p('letter of a file status: synced', 'S');
    case 'local-change':
      return trans._p('letter of a file status: goes up', 'U');
    case 'cloud-change':
      return trans._p('letter of a file status: comes down', 'D');
    case 'conflict':
      return trans._p('letter of a file status: conflict', 'C');
    case 'ignored':
      return trans._p('letter of a file status: ignored', 'I');
    case 'problem':
      return trans._p('letter of a file status: problem', 'P');
    case 'syncing':
      return trans._p('letter of a file status: being worked on', 'W');
  }
}

/** What a status means for the file, with its reason: one or two sentences. */
export function fileWords(file: FileStatus, trans: TranslationBundle): string {
  const what = meaning(file, trans);
  const reason = file.reason.trim();
  if (reason === '' || file.status === 'synced') {
    return what;
  }
  const sentence = reason.charAt(0).toLocaleUpperCase() + reason.slice(1);
  return trans.__('%1. %2', what, /[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
}

function meaning({ status, where }: FileStatus, trans: TranslationBundle): string {
  if (status === 'local-change') {
    switch (where) {
      case 'local':
        return trans.__('Only here: goes up with the next sync');
      case 'cloud':
        return trans.__('Deleted here: is deleted in the cloud with the next sync');
      default:
        return trans.__('Changed here: goes up with the next sync');
    }
  }
  if (status === 'cloud-change') {
    switch (where) {
      case 'cloud':
        return trans.__('Only in the cloud: comes down with the next sync');
      case 'local':
        return trans.__('Deleted in the cloud: is deleted here with the next sync');
      default:
        return trans.__('Changed in the cloud: comes down with the next sync');
    }
  }
  return fileStatusWords(status, trans);
}

/** True where the next sync takes the file away. */
export function isLeaving({ status, where }: FileStatus): boolean {
  return (
    (status === 'local-change' && where === 'cloud') ||
    (status === 'cloud-change' && where === 'local')
  );
}

/** What is in a folder and in all below it: `2 conflicts, 3 go up`. */
export function folderWords({ counts }: TreeNode, trans: TranslationBundle): string {
  const told = WORST_FIRST.filter(status => status !== 'synced' && status !== 'ignored').flatMap(
    status => {
      const count = counts[status];
      return count === undefined ? [] : [countWords(status, count, trans)];
    }
  );
  return told.length > 0 ? told.join(', ') : trans.__('All synced');
}

function countWords(status: FileStatusWord, count: number, trans: TranslationBundle): string {
  switch (status) {
    case 'conflict':
      return trans._n('%1 conflict', '%1 conflicts', count);
    case 'problem':
      return trans._n('%1 problem', '%1 problems', count);
    case 'syncing':
      return trans._n('%1 being synced', '%1 being synced', count);
    case 'local-change':
      return trans._n('%1 goes up', '%1 go up', count);
    case 'cloud-change':
      return trans._n('%1 comes down', '%1 come down', count);
    case 'ignored':
      return trans._n('%1 ignored', '%1 ignored', count);
    case 'synced':
      return trans._n('%1 synced', '%1 synced', count);
  }
}

/** How many of a folder's files have its worst status. */
export function worstCount(counts: Counts, worst: FileStatusWord): number {
  return counts[worst] ?? 0;
}

export function groupWords(group: Group, trans: TranslationBundle): string {
  switch (group) {
    case 'conflicts':
      return trans.__('Conflicts');
    case 'problems':
      return trans.__('Problems');
    case 'working':
      return trans.__('Being synced');
    case 'up':
      return trans.__('Goes up');
    case 'down':
      return trans.__('Comes down');
  }
}
