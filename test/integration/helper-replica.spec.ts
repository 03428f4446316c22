import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { jest } from '@jest/globals';

import { HelperReplica } from '../../src/local/helper/replica';
import { describeReplica } from '../conformance/replica';
import type { ReplicaUnderTest } from '../conformance/replica';
import { Folder } from '../support/folder';
import { HelperPage, STATE_FOLDER } from '../support/helper-kernel';
import { heedingPermissions, startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';

let jupyter: JupyterServer;
let page: HelperPage;
let projects = 0;

beforeAll(async () => {
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jupyter = await startJupyter({ wrapper: heedingPermissions() });
  page = new HelperPage(jupyter);
  await page.helper.start();
});

afterAll(async () => {
  await page.close();
  await jupyter.stop();
});

async function make(): Promise<ReplicaUnderTest> {
  projects += 1;
  const root = `projects of "tests"/100% ? #${projects}: 漢`;
  const folder = new Folder(join(jupyter.root, root));
  await mkdir(folder.path, { recursive: true });
  const { helper } = page;
  await helper.setRoots(new Map([[root, {}]]));
  let hashed = 0;
  const { contents, settings: serverSettings } = jupyter;
  return {
    replica: new HelperReplica({
      helper,
      root,
      contents,
      serverSettings,
      stateFolder: STATE_FOLDER,
      onHashed: files => {
        hashed += files;
      }
    }),
    outside: {
      write: (path, content) => folder.write(path, content),
      remove: path => folder.remove(path),
      mkdir: path => folder.mkdir(path),
      protect: path => folder.protect(path),
      files: () => folder.files(),
      removeRoot: () => folder.removeAll(),
      // The time of change can't be set: what vouches for content is two seconds old.
      settle: () => new Promise(resolve => setTimeout(resolve, 2100))
    },
    hashed: () => hashed,
    dispose: () => undefined
  };
}

describe('the helper', () => {
  it('should be ready', () => {
    expect(page.helper.status).toEqual({ state: 'ready', reason: null });
  });
});

it('should read many small files by one pack that is gone afterwards, and leave out what was edited since', async () => {
  const { helper } = page;
  const folder = new Folder(join(jupyter.root, 'packed'));
  const files = new Map(
    Array.from({ length: 120 }, (_, number) => [`file ${number}.bin`, randomBytes(12_000)])
  );
  for (const [path, bytes] of files) {
    await folder.write(path, bytes);
  }
  await helper.setRoots(new Map([['packed', {}]]));
  const { contents, settings: serverSettings } = jupyter;
  let fetched = 0;
  const replica = new HelperReplica({
    helper,
    root: 'packed',
    contents,
    serverSettings,
    stateFolder: STATE_FOLDER,
    onRequest: () => {
      fetched += 1;
    }
  });
  const { signal } = new AbortController();
  const known = { entries: new Map(), cursor: null };
  const { entries } = await replica.scan(known, { signal, ignores: () => false });
  await folder.write('file 7.bin', randomBytes(12_000));
  fetched = 0;
  const wanted = [...files.keys()].map(path => ({ path, entry: entries.get(path)! }));
  const results = await replica.read(wanted, { signal });
  expect(fetched).toBe(1);
  results.forEach((result, at) => {
    const { path } = wanted[at]!;
    if (path === 'file 7.bin') {
      expect(result.status).toBe('changed');
    } else {
      const content = result.status === 'read' ? result.content : null;
      expect(Buffer.from(content as Uint8Array).equals(files.get(path)!)).toBe(true);
    }
  });
  const left = await readdir(join(jupyter.root, STATE_FOLDER));
  expect(left.filter(name => name.startsWith('helper-pack-'))).toEqual([]);
});

describeReplica('HelperReplica over a real kernel', make, {
  names: ['a:b.txt', 'back\\slash.txt', 'star*.txt', '.hidden', 'backup~', 'module.pyc'],
  protects: true
});
