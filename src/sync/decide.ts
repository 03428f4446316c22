import { sameNode } from './entry';
import type { Node, Side } from './entry';

/** What the three states of one path lead to, before its surroundings are looked at. */
export type Decision =
  /** Both sides hold the same, or nothing. */
  | { readonly kind: 'settled' }
  /** One side's state goes to the other; `node` is undefined where it is an absence. */
  | { readonly kind: 'take'; readonly from: Side; readonly rule: Rule }
  /** Two files of other content. */
  | { readonly kind: 'conflict' }
  /** A file on one side, a directory on the other: `file` names the side of the file. */
  | { readonly kind: 'clash'; readonly file: Side };

export type Rule =
  | 'changed'
  | 'created'
  | 'deleted'
  /** Edited on the side it is taken from, deleted on the other. */
  | 'edit-wins';

/**
 * The table of the sync rules: `base`, `local` and `cloud` at one path, undefined where nothing is.
 */
export function decide(
  base: Node | undefined,
  local: Node | undefined,
  cloud: Node | undefined
): Decision {
  if (sameNode(local, cloud)) {
    return { kind: 'settled' };
  }
  if (sameNode(base, local)) {
    return { kind: 'take', from: 'cloud', rule: ruleOf(base, cloud) };
  }
  if (sameNode(base, cloud)) {
    return { kind: 'take', from: 'local', rule: ruleOf(base, local) };
  }
  if (!local) {
    return { kind: 'take', from: 'cloud', rule: 'edit-wins' };
  }
  if (!cloud) {
    return { kind: 'take', from: 'local', rule: 'edit-wins' };
  }
  if (local.kind !== cloud.kind) {
    return { kind: 'clash', file: local.kind === 'file' ? 'local' : 'cloud' };
  }
  return { kind: 'conflict' };
}

function ruleOf(base: Node | undefined, now: Node | undefined): Rule {
  if (!now) {
    return 'deleted';
  }
  return base ? 'changed' : 'created';
}
