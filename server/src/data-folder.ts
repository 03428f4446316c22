import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CommandError, systemCode } from './errors';

/**
 * Where a server keeps everything: `db`, `blobs`, `parts`, `tmp`, `secret`, and the lock of the one process that has it
 * open. Where the database is a PostgreSQL server's: no `db` and no lock, but `installation`, which names the database.
 */
export class DataFolder {
  readonly path: string;
  readonly #token: string | null;

  private constructor(path: string, token: string | null) {
    this.path = path;
    this.#token = token;
  }

  /** Throws a `CommandError` while another process has it open, and where its database is a PostgreSQL server's. */
  static async open(path: string): Promise<DataFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if ((await readIfThere(installationOf(path))) !== null) {
      throw new CommandError(
        `The data folder ${path} belongs to a database of a PostgreSQL server: name that with PROJECTS_DATABASE_URL.`
      );
    }
    const owner = JSON.stringify({
      pid: process.pid,
      started: await startOf(process.pid),
      token: randomUUID()
    });
    const lock = lockOf(path);
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await takeLock(lock, owner)) {
        return new DataFolder(path, owner);
      }
      await dropStaleLock(lock, path);
    }
    throw inUse(path, null);
  }

  /**
   * For several processes, whose database is a PostgreSQL server's. Throws a `CommandError` where the folder holds an
   * embedded one.
   */
  static async openShared(path: string): Promise<DataFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const folder = new DataFolder(path, null);
    if (await isThere(folder.database)) {
      throw new CommandError(
        `The data folder ${path} holds an embedded database: start without PROJECTS_DATABASE_URL, or take another folder.`
      );
    }
    return folder;
  }

  get database(): string {
    return join(this.path, 'db');
  }

  /** Which database names the contents here; null: none does yet. */
  async installation(): Promise<string | null> {
    return (await readIfThere(installationOf(this.path)))?.trim() ?? null;
  }

  async keepInstallation(id: string): Promise<void> {
    await writePrivately(installationOf(this.path), `${id}\n`);
  }

  /** What signs upload URLs: made once, readable by its owner alone. Two processes must not ask for it at once. */
  async secret(): Promise<Buffer> {
    const file = join(this.path, 'secret');
    try {
      const secret = Buffer.from((await readFile(file, 'utf8')).trim(), 'hex');
      if (secret.length === 32) {
        return secret;
      }
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
    }
    const secret = randomBytes(32);
    await writePrivately(file, `${secret.toString('hex')}\n`);
    return secret;
  }

  async close(): Promise<void> {
    if (this.#token === null) {
      return;
    }
    const lock = lockOf(this.path);
    if ((await readIfThere(lock)) === this.#token) {
      await rm(lock, { force: true });
    }
  }
}

/** Writes a file that only its owner can read, whole or not at all. */
export async function writePrivately(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, text, { mode: 0o600, flush: true });
  await rename(temporary, file);
}

function lockOf(path: string): string {
  return join(path, 'lock');
}

function installationOf(path: string): string {
  return join(path, 'installation');
}

async function takeLock(lock: string, owner: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx', 0o600);
    await handle.writeFile(owner);
    await handle.close();
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Removes the lock of a process that is gone; throws while it lives. */
async function dropStaleLock(lock: string, path: string): Promise<void> {
  const held = await readIfThere(lock);
  if (held === null) {
    return;
  }
  const { pid, started } = parseOwner(held);
  if (pid !== null && isAlive(pid) && (await startOf(pid)) === started) {
    throw inUse(path, pid);
  }
  await rm(lock, { force: true });
}

function parseOwner(text: string): { pid: number | null; started: string | null } {
  try {
    const { pid, started } = JSON.parse(text) as { pid?: unknown; started?: unknown };
    return {
      pid: typeof pid === 'number' ? pid : null,
      started: typeof started === 'string' ? started : null
    };
  } catch {
    // Killed while it wrote its lock.
    return { pid: null, started: null };
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/**
 * When the process started, as its system tells it: a pid that is used again is told apart. null: not told here, or it has
 * ended and its parent has not noticed yet.
 */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' ? null : (fields[18] ?? null);
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes(systemCode(error) ?? '');
}

function inUse(path: string, pid: number | null): CommandError {
  return new CommandError(
    `The data folder ${path} is open in another process${pid === null ? '' : ` (pid ${pid})`}: stop that server first.`
  );
}
