import type { TranslationBundle } from '@jupyterlab/translation';

import type { Account, ConflictSides, FileSide } from '../../tokens';
import { formatBytes } from '../format';
import { whenWords } from '../review/when-words';

export interface SideWordsContext {
  readonly account: Account | null;
  /** Ms since the epoch. */
  readonly now: number;
  readonly locale: string;
  readonly trans: TranslationBundle;
}

/** Whose the contents of a conflict are, and when they were made: a sentence each. */
export function sideWords(
  sides: ConflictSides,
  context: SideWordsContext
): { readonly mine: string; readonly theirs: string; readonly base: string } {
  const { trans } = context;
  return {
    mine: mineWords(sides, context),
    theirs: sides.theirs
      ? trans.__('Theirs: %1', cloudWords(sides.theirs, context))
      : trans.__('Theirs: there is no such file in the cloud any more.'),
    base: sides.base
      ? trans.__('Both were made from this version: %1', cloudWords(sides.base, context))
      : trans.__('The version that both were made from is not known any more.')
  };
}

function mineWords({ mine, copy }: ConflictSides, context: SideWordsContext): string {
  const { trans, locale, now } = context;
  if (!mine) {
    return trans.__('Yours: there is no such file on this server any more.');
  }
  const size = formatBytes(mine.size, locale);
  const when = mine.at && whenWords(mine.at, now, locale, trans);
  if (copy !== null) {
    return when
      ? trans.__('Yours: kept on this server as “%1”, %2, %3', nameOf(copy), when, size)
      : trans.__('Yours: kept on this server as “%1”, %2', nameOf(copy), size);
  }
  return when
    ? trans.__('Yours: saved %1 on this server, %2', when, size)
    : trans.__('Yours: saved on this server, %1', size);
}

/** `by Bob, yesterday 14:03, 12 kB`, as far as it is known. */
export function cloudWords(
  { author, at, size }: Pick<FileSide, 'author' | 'at' | 'size'>,
  { account, now, locale, trans }: SideWordsContext
): string {
  const who = author && authorWords(author, account, trans);
  const parts = [who, at && whenWords(at, now, locale, trans), formatBytes(size, locale)];
  return new Intl.ListFormat(locale, { type: 'unit', style: 'long' }).format(
    parts.flatMap(part => (part ? [part] : []))
  );
}

function authorWords(
  author: { readonly id: string; readonly name: string },
  account: Account | null,
  trans: TranslationBundle
): string {
  if (author.id === account?.id) {
    return trans.__('by you');
  }
  return author.name ? trans.__('by %1', author.name) : '';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
