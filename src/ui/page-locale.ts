/**
 * The language of the page as a BCP 47 tag, which `Intl` takes: JupyterLab's own tags may have an underscore.
 *
 * @param lang - The page's, as `fr_FR`; '' when it has none.
 */
export function pageLocale(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang.replace('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}
