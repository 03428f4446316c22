import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { ContentsManager } from '@jupyterlab/services';

import { ContentsReplica } from '../../src/local/contents-replica';
import { describeReplica } from '../conformance/replica';
import type { ReplicaUnderTest } from '../conformance/replica';
import { Folder } from '../support/folder';
import { heedingPermissions, startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';

let jupyter: JupyterServer;
let projects = 0;

beforeAll(async () => {
  // JupyterLab's client tells the console of every 404 and every traceback.
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jupyter = await startJupyter({ wrapper: heedingPermissions() });
});

afterAll(async () => {
  await jupyter.stop();
});

/** What a server without sums, or JupyterLite, answers. */
function withoutHashes(contents: ContentsManager): void {
  const get = contents.get.bind(contents);
  contents.get = async (path, options) => ({
    ...(await get(path, { ...options, hash: false })),
    hash: undefined,
    hash_algorithm: undefined
  });
}

async function make(hashes: boolean): Promise<ReplicaUnderTest> {
  projects += 1;
  const root = `projects of "tests"/100% ? #${projects}: 漢`;
  const folder = new Folder(join(jupyter.root, root));
  await mkdir(folder.path, { recursive: true });
  const contents = new ContentsManager({ serverSettings: jupyter.settings });
  if (!hashes) {
    withoutHashes(contents);
  }
  const get = contents.get.bind(contents);
  let hashed = 0;
  contents.get = (path, options) => {
    if (options?.type === 'file') {
      hashed += 1;
    }
    return get(path, options);
  };
  return {
    replica: new ContentsReplica({ contents, serverSettings: jupyter.settings, root }),
    outside: {
      write: (path, content) => folder.write(path, content),
      remove: path => folder.remove(path),
      mkdir: path => folder.mkdir(path),
      protect: path => folder.protect(path),
      files: () => folder.files(),
      removeRoot: () => folder.removeAll(),
      settle: () => folder.age()
    },
    hashed: () => hashed,
    dispose: () => contents.dispose()
  };
}

const traits = {
  names: ['a:b.txt', 'back\\slash.txt', 'star*.txt'],
  refused: 'dir/.hidden',
  protects: true
};

describeReplica('ContentsReplica over a real server', () => make(true), traits);
describeReplica('ContentsReplica over a server without hashes', () => make(false), traits);

describe('ContentsReplica', () => {
  it('should tell what the rules left out, and not what is below it', async () => {
    const { replica, outside, dispose } = await make(true);
    await outside.write('kept/noise.log', 'noise');
    await outside.write('skipped/deep/file.log', 'skipped');
    const scan = await replica.scan(
      { entries: new Map(), cursor: null },
      {
        signal: new AbortController().signal,
        ignores: path => path === 'skipped' || path.endsWith('.log')
      }
    );
    expect([...(scan.ignored ?? [])].sort()).toEqual(['kept/noise.log', 'skipped']);
    await dispose?.();
  });
});
