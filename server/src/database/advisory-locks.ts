/** Of PostgreSQL's advisory locks those with this as first number are this server's. */
const OURS = 1347571530;

/** Takes the lock that transactions hold; it goes with the transaction. */
export const SERIAL_LOCK = `select pg_advisory_xact_lock(${OURS + 1}, 0)`;

/** Waits for the lock of a name ($1); it goes with `UNLOCK`, or with the connection. */
export const LOCK = `select pg_advisory_lock(${OURS}, hashtext($1))`;
export const UNLOCK = `select pg_advisory_unlock(${OURS}, hashtext($1))`;
