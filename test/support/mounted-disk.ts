import { execFile } from 'node:child_process';
import { statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A program with its arguments that starts another one, for which a disk of its own, in memory, lies at the folder: nobody
 * else sees it, and it ends with that one. null where this machine lets none be mounted.
 */
export async function mounting(path: string, megabytes: number): Promise<readonly string[] | null> {
  const own = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const mount = `mount -t tmpfs -o size=${megabytes}m tmpfs "$0" && exec "$@"`;
  const wrapper = ['unshare', ...own, 'sh', '-c', mount, path];
  try {
    await promisify(execFile)('unshare', [...wrapper.slice(1), 'true']);
    return wrapper;
  } catch {
    return null;
  }
}

/** The path under which everybody finds what the process sees at one. */
export function seenBy(pid: number, path: string): string {
  return join(`/proc/${pid}/root`, path);
}

/** Writes a file that leaves so many bytes of room on its disk. */
export async function fill(file: string, room: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(file));
  await writeFile(file, new Uint8Array(Math.max(0, bavail * bsize - room)));
}
