import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { fill, mounting, seenBy } from '../../support/mounted-disk';
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

function mounted(path: string, wrapper: readonly string[]): SmallDisk {
  const filler = ({ pid }: LabServer) => join(seenBy(pid, path), 'filler.bin');
  return {
    path,
    wrapper,
    fill: (lab, _page, room) => fill(filler(lab), room),
    empty: lab => rm(filler(lab)),
    read: ({ pid }, name) => readFile(join(seenBy(pid, path), name)),
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
