import { formatAgo, formatBytes, formatSeconds } from '../../../src/ui/format';
import { pageLocale } from '../../../src/ui/page-locale';
import { plainTrans } from '../../support/plain-trans';

describe('formatBytes()', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1234, '1.2 kB'],
    [20_500_000, '20.5 MB'],
    [1e9, '1 GB'],
    [5e15, '5,000 TB']
  ])('%d is %s', (bytes, words) => {
    expect(formatBytes(bytes, 'en')).toBe(words);
  });

  it('follows the language', () => {
    expect(formatBytes(1_500_000, 'fr')).toMatch(/^1,5\sMo$/);
  });
});

describe('formatAgo()', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  it.each([
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [130, '2 minutes ago'],
    [3_600, '1 hour ago'],
    [86_400 * 2, '2 days ago'],
    [86_400 * 45, '1 month ago'],
    [86_400 * 800, '2 years ago']
  ])('%d seconds back is %s', (seconds, words) => {
    const time = new Date(now - seconds * 1000).toISOString();
    expect(formatAgo(time, now, 'en', plainTrans)).toBe(words);
  });

  it('takes a clock that is ahead for now', () => {
    expect(formatAgo('2026-05-01T12:10:00Z', now, 'en', plainTrans)).toBe('just now');
  });
});

describe('pageLocale()', () => {
  it.each([
    ['en', 'en'],
    ['fr_FR', 'fr-FR'],
    ['zh-cn', 'zh-CN'],
    ['', 'en'],
    ['no such language', 'en']
  ])('%j is %s', (lang, locale) => {
    expect(pageLocale(lang)).toBe(locale);
  });
});

describe('formatSeconds()', () => {
  it.each([
    [0, '5 seconds'],
    [13, '15 seconds'],
    [59, '1 minute'],
    [118, '2 minutes'],
    [3590, '1 hour'],
    [9000, '3 hours']
  ])('%d reads %s', (seconds, words) => {
    expect(formatSeconds(seconds, 'en')).toBe(words);
  });
});
