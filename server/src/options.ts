import type { PostgresAddress } from './database/postgres-address';

/** How a server behaves. Sizes in bytes, times in ms. */
export interface ServerOptions {
  /** Where everything is kept; null: in memory and a temporary folder, for tests. */
  readonly data: string | null;
  /** The database, of a PostgreSQL server; null: the embedded one in the data folder. */
  readonly database: PostgresAddress | null;
  /** Serve the core of the Projects API and no extension. */
  readonly coreOnly: boolean;
  /** Origins beside the loopback ones whose pages may call the API; `*` for every one. */
  readonly allowOrigins: readonly string[];
  /** Larger files are announced in parts of this. */
  readonly partSize: number;
  readonly maxFileSize: number;
  /** What the files of one project may hold together; null: no limit. */
  readonly quota: number | null;
  /** How long a signed URL is good for. */
  readonly uploadLifetime: number;
  /** How long a ticket for the events socket is good for. */
  readonly ticketLifetime: number;
  /** Between two pings of an events socket; one that did not answer the last is cut off. */
  readonly pingInterval: number;
  /** Events sockets that one user may have open at once, in each server process. */
  readonly maxSockets: number;
}

export const MB = 1024 * 1024;

export const defaultOptions: ServerOptions = {
  data: null,
  database: null,
  coreOnly: false,
  allowOrigins: [],
  partSize: 16 * MB,
  maxFileSize: 5 * 1024 * MB,
  quota: null,
  uploadLifetime: 15 * 60 * 1000,
  ticketLifetime: 30_000,
  pingInterval: 30_000,
  maxSockets: 32
};

/** Limits that are the protocol's, not the operator's. */
export const MAX_COMMIT_OPERATIONS = 1000;
export const MAX_PRELOADS = 1000;
export const MAX_LISTING_PAGE = 1000;
/** Of a request's JSON, in bytes. */
export const MAX_BODY = 16 * MB;
