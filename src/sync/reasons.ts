import type { Rule } from './decide';
import { otherSide } from './entry';
import type { Side } from './entry';

/** A side, as a person at this computer calls it. */
export function where(side: Side): string {
  return side === 'local' ? 'here' : 'in the cloud';
}

/** A rule in words, for what was taken from a side. */
export function reasonOf(rule: Rule, from: Side): string {
  switch (rule) {
    case 'changed':
      return `changed ${where(from)}`;
    case 'created':
      return `new ${where(from)}`;
    case 'deleted':
      return `deleted ${where(from)}`;
    case 'edit-wins':
      return `deleted ${where(otherSide(from))} but changed ${where(from)}: the change is kept`;
  }
}
