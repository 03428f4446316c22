import { closeSync, fsyncSync, openSync } from 'node:fs';

import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** What emscripten's file system on Node knows of an open file. */
interface OpenFile {
  /** Node's descriptor; directories have none. */
  readonly nfd?: number;
  readonly node: unknown;
}

interface NodeFileSystem {
  readonly stream_ops: { fsync?: (file: OpenFile) => number };
  realPath(node: unknown): string;
}

/**
 * A database's folder on disk, where a flush reaches the disk: PGlite's own does nothing then.
 */
export class DurableFileSystem extends NodeFS {
  override async init(...[database, options]: Parameters<NodeFS['init']>) {
    const { emscriptenOpts } = await super.init(database, options);
    const addFlush = (module: object) => {
      if (!('NODEFS' in module)) {
        throw new Error('This PGlite has no file system of the kind that can be flushed.');
      }
      const files = module.NODEFS as NodeFileSystem;
      files.stream_ops.fsync = file => flush(files, file);
    };
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFlush] }
    };
  }
}

/** PGlite's start, but for the option that tells PostgreSQL not to flush. */
export const durableStart = [
  ...PGlite.defaultStartParams.filter(parameter => parameter !== '-F'),
  ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync']
];

function flush(files: NodeFileSystem, { nfd, node }: OpenFile): number {
  if (nfd !== undefined) {
    fsyncSync(nfd);
    return 0;
  }
  if (process.platform !== 'win32') {
    const folder = openSync(files.realPath(node), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
  return 0;
}
