import type { ServiceManager } from '@jupyterlab/services';

import { ContentsReplica } from '../../../src/local/contents-replica';
import { HelperKernel } from '../../../src/local/helper/kernel';
import { HelperReplica } from '../../../src/local/helper/replica';
import { batchesOf, forEachLimited } from '../../../src/sync/batches';
import type { Located, Operation, Replica } from '../../../src/sync/replica';

/** As the engine does it. */
const BATCH = { items: 200, bytes: 16 * 1024 * 1024 };
const BATCHES_AT_ONCE = 2;

/** ms. */
export interface Times {
  readonly scan: number;
  readonly read: number;
  readonly write: number;
  readonly files: number;
}

/**
 * Looks at a folder that nothing is known of, reads all its files, and writes them to another, as the local side of two first syncs
 * does.
 *
 * @param from, to - relative to the Jupyter root
 */
export async function measure(
  services: ServiceManager.IManager,
  way: 'helper' | 'contents',
  from: string,
  to: string
): Promise<Times> {
  const { signal } = new AbortController();
  const stateFolder = 'Projects/_state';
  const { contents, serverSettings } = services;
  const helper = new HelperKernel({ ...services, contents, serverSettings, stateFolder });
  const replica = (root: string): Replica =>
    way === 'helper'
      ? new HelperReplica({ helper, root, contents, serverSettings, stateFolder })
      : new ContentsReplica({ contents, serverSettings, root });
  try {
    for (const path of ['Projects', stateFolder, to]) {
      await contents.save(path, { type: 'directory' });
    }
    if (way === 'helper') {
      await helper.setRoots(new Map([from, to].map(root => [root, {}])));
      if (!(await helper.start())) {
        throw new Error(`The helper kernel did not start: ${helper.status.reason}`);
      }
    }
    const source = replica(from);
    const target = replica(to);
    const known = { entries: new Map(), cursor: null };
    const began = performance.now();
    const { entries } = await source.scan(known, { signal, ignores: () => false });
    const scanned = performance.now();
    const files: Located[] = [];
    const directories: string[] = [];
    for (const [path, entry] of entries) {
      if (entry.kind === 'file') {
        files.push({ path, entry });
      } else {
        directories.push(path);
      }
    }
    const operations: Operation[] = [];
    const batches = batchesOf(files, ({ entry }) => entry.size, BATCH);
    await forEachLimited(batches, BATCHES_AT_ONCE, async batch => {
      const results = await source.read(batch, { signal });
      results.forEach((result, index) => {
        const { path } = batch[index]!;
        if (result.status !== 'read') {
          throw new Error(`"${path}" was not read: ${JSON.stringify(result)}`);
        }
        const sha256 = result.entry.sha256 ?? '';
        operations.push({ op: 'put', path, content: result.content, sha256, expect: null });
      });
    });
    const read = performance.now();
    const depths = Map.groupBy(directories, path => path.split('/').length);
    for (const depth of [...depths.keys()].sort((a, b) => a - b)) {
      await applyAll(
        target,
        (depths.get(depth) ?? []).map(path => ({ op: 'mkdir', path }))
      );
    }
    const puts = batchesOf(operations, each => (each.op === 'put' ? sizeOf(each) : 0), BATCH);
    await forEachLimited(puts, BATCHES_AT_ONCE, batch => applyAll(target, batch));
    const written = performance.now();
    return {
      scan: scanned - began,
      read: read - scanned,
      write: written - read,
      files: files.length
    };
  } finally {
    await helper.shutdown();
    helper.dispose();
  }
}

async function applyAll(target: Replica, operations: readonly Operation[]): Promise<void> {
  const { signal } = new AbortController();
  const outcomes = await target.apply(operations, { signal });
  const failed = outcomes.find(({ status }) => status !== 'applied');
  if (failed) {
    throw new Error(`Not all was written: ${JSON.stringify(failed)}`);
  }
}

function sizeOf({ content }: Extract<Operation, { op: 'put' }>): number {
  return content instanceof Blob ? content.size : content.byteLength;
}
