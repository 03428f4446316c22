import type { TranslationBundle } from '@jupyterlab/translation';

import { formatAgo } from '../format';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * When something was done, for people: `5 minutes ago`, `yesterday 14:03`, `3 Mar 2026, 14:03`.
 *
 * @param time - RFC 3339.
 * @param now - Ms since the epoch.
 * @param locale - A BCP 47 tag.
 */
export function whenWords(
  time: string,
  now: number,
  locale: string,
  trans: TranslationBundle
): string {
  const then = Date.parse(time);
  if (now - then < HOUR) {
    return formatAgo(time, now, locale, trans);
  }
  const days = Math.round((startOfDay(now) - startOfDay(then)) / DAY);
  if (days > 1) {
    return new Date(then).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  }
  const day = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
  const clock = new Date(then).toLocaleTimeString(locale, { timeStyle: 'short' });
  return trans.__('%1 %2', day, clock);
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
