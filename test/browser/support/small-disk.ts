import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Page } from '@playwright/test';

import type { LabServer } from './lab-server';

/** A folder for a Jupyter server whose disk can be full. */
export interface SmallDisk {
  /** As the server sees it. */
  readonly path: string;
  /** Starts the server so that it sees it. */
  readonly wrapper?: readonly string[];
  /** Leaves so many bytes of room. */
  fill(lab: LabServer, page: Page, room: number): Promise<void>;
  empty(lab: LabServer, page: Page): Promise<void>;
  read(lab: LabServer, path: string): Promise<Buffer>;
  remove(): Promise<void>;
}

/**
 * A disk of its own in memory, where this machine lets one be mounted: only the server sees it, and it ends with the
 * server. Elsewhere the page is answered as a Jupyter server with a full disk answers.
 */
export async function smallDisk(megabytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'projects-disk-'));
  const wrapper = await mounting(path, megabytes);
  return wrapper ? mounted(path, wrapper) : pretended(path);
}

async function mounting(path: string, megabytes: number): Promise<readonly string[] | null> {
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

function mounted(path: string, wrapper: readonly string[]): SmallDisk {
  const seenBy = ({ pid }: LabServer, name: string) => join(`/proc/${pid}/root`, path, name);
  return {
    path,
    wrapper,
    async fill(lab, _page, room) {
      const { bavail, bsize } = await statfs(seenBy(lab, ''));
      await writeFile(seenBy(lab, 'filler.bin'), new Uint8Array(bavail * bsize - room));
    },
    empty: lab => rm(seenBy(lab, 'filler.bin')),
    read: (lab, name) => readFile(seenBy(lab, name)),
    remove: () => rm(path, { recursive: true })
  };
}

function pretended(path: string): SmallDisk {
  const WRITES = /\/api\/contents\/Projects\/full-disk\//;
  return {
    path,
    async fill(_lab, page) {
      await page.route(WRITES, route =>
        route.request().method() === 'PUT'
          ? route.fulfill({
              status: 500,
              json: {
                message:
                  'Unexpected error while saving file: kept.bin [Errno 28] No space left on device',
                reason: null
              }
            })
          : route.fallback()
      );
    },
    empty: (_lab, page) => page.unroute(WRITES),
    read: (_lab, name) => readFile(join(path, name)),
    remove: () => rm(path, { recursive: true })
  };
}
