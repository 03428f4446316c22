import type { Rule } from './decide';
import type { Side } from './entry';
import { trans } from './words';

/** A rule in words, for what was taken from a side, as a person at this computer sees it. */
export function reasonOf(rule: Rule, from: Side): string {
  const isHere = from === 'local';
  switch (rule) {
    case 'changed':
      return isHere ? trans.__('changed here') : trans.__('changed in the cloud');
    case 'created':
      return isHere ? trans.__('new here') : trans.__('new in the cloud');
    case 'deleted':
      return isHere ? trans.__('deleted here') : trans.__('deleted in the cloud');
    case 'edit-wins':
      return isHere
        ? trans.__('deleted in the cloud but changed here: the change is kept')
        : trans.__('deleted here but changed in the cloud: the change is kept');
  }
}

/** @param side - whose file has the name that is a folder on the other side */
export function clashReason(name: string, side: Side): string {
  return side === 'local'
    ? trans.__('%1 is a file here and a folder in the cloud: the folder keeps the name', name)
    : trans.__('%1 is a file in the cloud and a folder here: the folder keeps the name', name);
}

/** @param side - where it was moved */
export function moveReason(side: Side): string {
  return side === 'local' ? trans.__('moved here') : trans.__('moved in the cloud');
}

/** @param side - where it is spelled so */
export function spellingReason(name: string, spelled: string, side: Side): string {
  return side === 'local'
    ? trans.__('%1 is spelled %2 here', name, spelled)
    : trans.__('%1 is spelled %2 in the cloud', name, spelled);
}
