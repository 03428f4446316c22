import type { Row } from './file-tree';

/** What a key does in a tree. */
export type KeyEffect =
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'open' | 'close'; readonly path: string }
  | { readonly kind: 'activate' | 'menu'; readonly at: number };

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** A page, in rows. */
const PAGE = 10;

/**
 * What the key does, by the ARIA pattern of a tree; null where it is none of its keys.
 *
 * @param at - the row that has the keyboard
 */
export function keyEffect(rows: readonly Row[], at: number, pressed: Key): KeyEffect | null {
  const row = rows[at];
  const { key } = pressed;
  if (!row || pressed.ctrlKey || pressed.altKey || pressed.metaKey) {
    return null;
  }
  const go = (to: number): KeyEffect => ({
    kind: 'go',
    to: Math.min(Math.max(0, to), rows.length - 1)
  });
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'PageDown':
      return go(at + PAGE);
    case 'PageUp':
      return go(at - PAGE);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (!row.node.isFolder) {
        return go(at);
      }
      return row.isOpen ? go(at + 1) : { kind: 'open', path: row.node.path };
    case 'ArrowLeft':
      return row.isOpen ? { kind: 'close', path: row.node.path } : go(parentOf(rows, at));
    case 'Enter':
    case ' ':
      return { kind: 'activate', at };
    case 'ContextMenu':
      return { kind: 'menu', at };
    case 'F10':
      return pressed.shiftKey ? { kind: 'menu', at } : null;
    default:
      return null;
  }
}

function parentOf(rows: readonly Row[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index -= 1) {
    if ((rows[index]?.level ?? 1) < level) {
      return index;
    }
  }
  return at;
}

/** The next row whose name begins with what was typed, after the one at hand; null where none does. */
export function findTyped(rows: readonly Row[], at: number, typed: string): number | null {
  const wanted = typed.toLowerCase();
  // Who goes on with a word stays where it still fits; a first letter goes on to the next.
  const from = typed.length > 1 ? at : at + 1;
  for (let step = 0; step < rows.length; step += 1) {
    const index = (from + step) % rows.length;
    if (rows[index]?.node.name.toLowerCase().startsWith(wanted)) {
      return index;
    }
  }
  return null;
}
