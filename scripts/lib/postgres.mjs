import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where distributions keep what they don't put on the path, a folder for each version. */
const BY_VERSION = ['/usr/lib/postgresql', '/usr/local/lib/postgresql', '/opt/homebrew/opt'];

/**
 * The folder of PostgreSQL's programs for the tests: the environment's POSTGRES_BIN, or where `postgres` and `initdb` are
 * installed, the newest first; null when they are not.
 */
export function findPostgres() {
  const chosen = process.env.POSTGRES_BIN;
  if (chosen) {
    return chosen;
  }
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const elsewhere = BY_VERSION.flatMap(folder =>
    versionsIn(folder).map(version => join(folder, version, 'bin'))
  );
  return [...onPath, ...elsewhere].find(hasBoth) ?? null;
}

function versionsIn(folder) {
  try {
    return readdirSync(folder)
      .filter(name => /^(postgresql@)?\d+$/.test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

function hasBoth(folder) {
  try {
    accessSync(join(folder, 'postgres'), constants.X_OK);
    accessSync(join(folder, 'initdb'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
