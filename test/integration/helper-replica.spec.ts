import { mkdir } from 'node:fs/promises';
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

describeReplica('HelperReplica over a real kernel', make, {
  names: ['a:b.txt', 'back\\slash.txt', 'star*.txt', '.hidden', 'backup~', 'module.pyc'],
  protects: true
});
