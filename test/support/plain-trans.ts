import type { TranslationBundle } from '@jupyterlab/translation';

/** English as it stands in the code, with its placeholders filled: `%1` is the first argument, of `_n` the number. */
export const plainTrans: TranslationBundle = {
  __: fill,
  gettext: fill,
  _n: fillPlural,
  ngettext: fillPlural,
  _p: (_context, text, ...args) => fill(text, ...args),
  pgettext: (_context, text, ...args) => fill(text, ...args),
  _np: (_context, one, many, n, ...args) => fillPlural(one, many, n, ...args),
  npgettext: (_context, one, many, n, ...args) => fillPlural(one, many, n, ...args),
  dcnpgettext: (_domain, _context, one, many, n, ...args) => fillPlural(one, many, n, ...args)
};

function fill(text: string, ...args: unknown[]): string {
  return text.replace(/%(\d+)/g, (_match, index) => String(args[Number(index) - 1]));
}

function fillPlural(one: string, many: string, n: number, ...args: unknown[]): string {
  return fill(n === 1 ? one : many, n, ...args);
}
