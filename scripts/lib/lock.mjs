import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { processIdentity } from './identity.mjs';

/**
 * Takes a lock that ends with this process, however that ends.
 *
 * @param {string} path The lock's file.
 * @returns {{release: () => void} | {heldBy: number}} heldBy: the process that has it.
 */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  for (;;) {
    if (createWhole(path, mine)) {
      return { release: () => rmSync(path, { force: true }) };
    }
    const found = read(path);
    if (found === null) {
      continue;
    }
    const holder = parse(found);
    if (holder !== null && processIdentity(holder.pid) === holder.identity) {
      return { heldBy: holder.pid };
    }
    removeStale(path, found);
  }
}

/**
 * Waits for the lock, and does the work while it has it.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{signal?: AbortSignal, onWait?: (pid: number) => void}} [options] onWait: called once when another process has it.
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { signal, onWait } = {}) {
  let told = false;
  for (;;) {
    const lock = tryLock(path);
    if ('release' in lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!told) {
      told = true;
      onWait?.(lock.heldBy);
    }
    await delay(200, undefined, { signal });
  }
}

/** The file appears with its whole content or not at all, so that no reader takes a lock being made for a stale one. */
function createWhole(path, content) {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Of several processes that see the same stale lock each moves away what lies there, and gives back what is not stale. */
function removeStale(path, stale) {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') {
      return;
    }
    throw error;
  }
  if (read(aside) !== stale) {
    linkSync(aside, path);
  }
  rmSync(aside, { force: true });
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

function parse(text) {
  try {
    const { pid, identity } = JSON.parse(text);
    return Number.isInteger(pid) && typeof identity === 'string' ? { pid, identity } : null;
  } catch {
    return null;
  }
}
