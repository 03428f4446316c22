/** Rows in one statement: far below SQLite's 32,766 variables, and enough that more gain nothing. */
const CHUNK = 500;

export function* chunksOf<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += CHUNK) {
    yield items.slice(start, start + CHUNK);
  }
}
