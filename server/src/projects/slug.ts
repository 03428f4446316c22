import { randomInt } from 'node:crypto';

const adjectives =
  'amber brisk calm clever cosy deep early fair gentle keen light merry noble quiet swift warm'.split(
    ' '
  );
const nouns =
  'brook cedar cloud comet dune ember fern field harbor lake maple meadow otter pine river stone'.split(
    ' '
  );

/** What a project without a chosen name is called: two words and a number. */
export function randomSlug(): string {
  const pick = (words: readonly string[]) => words[randomInt(words.length)] ?? '';
  return `${pick(adjectives)}-${pick(nouns)}-${randomInt(1000, 10000)}`;
}

export function isSlug(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name);
}

/** `my-data_set` gives `My data set`. */
export function titleFrom(slug: string): string {
  const words = slug.replaceAll(/[-_]+/g, ' ').trim();
  return words === '' ? slug : words.charAt(0).toUpperCase() + words.slice(1);
}
