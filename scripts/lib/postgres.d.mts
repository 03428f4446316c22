/** The folder of PostgreSQL's programs for the tests; null where it is not installed. */
export function findPostgres(): string | null;
