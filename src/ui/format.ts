import type { TranslationBundle } from '@jupyterlab/translation';

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/**
 * A size for people, in steps of 1,000: `999 byte`, `1.2 MB`.
 *
 * @param bytes - Zero or more.
 * @param locale - A BCP 47 tag, as `fr-CA`.
 */
export function formatBytes(bytes: number, locale: string): string {
  const step = Math.min(
    BYTE_UNITS.length - 1,
    bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3 + 1e-9)
  );
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: BYTE_UNITS[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 ? 0 : 1
  }).format(bytes / 1000 ** step);
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60]
];

/**
 * How long ago, for people: `just now`, `2 minutes ago`.
 *
 * @param time - RFC 3339.
 * @param now - Ms since the epoch.
 * @param locale - A BCP 47 tag.
 */
export function formatAgo(
  time: string,
  now: number,
  locale: string,
  trans: TranslationBundle
): string {
  const seconds = Math.round((now - Date.parse(time)) / 1000);
  const found = STEPS.find(([, length]) => seconds >= length);
  if (!found) {
    return trans.__('just now');
  }
  const [unit, length] = found;
  return new Intl.RelativeTimeFormat(locale).format(-Math.floor(seconds / length), unit);
}

/**
 * A length of time for people, as exact as an estimate can be: `15 seconds`, `2 minutes`, `3 hours`.
 *
 * @param seconds - Zero or more.
 * @param locale - A BCP 47 tag.
 */
export function formatSeconds(seconds: number, locale: string): string {
  const [value, unit] =
    seconds < 55
      ? [Math.max(5, 5 * Math.round(seconds / 5)), 'second']
      : seconds < 3570
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
