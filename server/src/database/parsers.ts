/** PostgreSQL's type `bigint`, by its number in the catalogue. */
const BIGINT = 20;

/**
 * How values become JavaScript's where the drivers disagree: pg makes a bigint a string, PGlite a number or a `bigint`. Counts
 * here stay below 2^53. What isn't named becomes the same in both: a time a `Date`, jsonb an object.
 */
export const parsers: Readonly<Record<number, (text: string) => unknown>> = { [BIGINT]: Number };
