import { join } from 'node:path';

import { jest } from '@jest/globals';
import { ContentsManager } from '@jupyterlab/services';

import { ContentsStorage } from '../../src/local/contents-storage';
import { Folder } from '../support/folder';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';

let jupyter: JupyterServer;
let folders = 0;

beforeAll(async () => {
  // JupyterLab's client tells the console of every 404 and every traceback.
  jest.spyOn(console, 'debug').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jupyter = await startJupyter();
});

afterAll(async () => {
  await jupyter.stop();
});

function make() {
  folders += 1;
  const folder = `Projects ${folders}/_state`;
  const contents = new ContentsManager({ serverSettings: jupyter.settings });
  const storage = new ContentsStorage({ contents, serverSettings: jupyter.settings, folder });
  return { storage, contents, disk: new Folder(join(jupyter.root, folder)) };
}

describe('ContentsStorage', () => {
  it('should know of no file before the first write', async () => {
    expect(await make().storage.read('state.sqlite3')).toBeNull();
  });

  it('should make its folder and give back the very bytes', async () => {
    const { storage, disk } = make();
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 256);
    await storage.write('state.sqlite3', bytes);
    expect(Buffer.compare((await storage.read('state.sqlite3')) ?? new Uint8Array(), bytes)).toBe(
      0
    );
    expect([...(await disk.files()).keys()]).toEqual(['state.sqlite3']);
  });

  it('should overwrite with less, and see at once what was written beside it', async () => {
    const { storage, disk } = make();
    await storage.write('a', new Uint8Array(1000));
    await storage.write('a', new Uint8Array([1, 2, 3]));
    expect(await storage.read('a')).toEqual(new Uint8Array([1, 2, 3]));
    await disk.write('a', new Uint8Array([3, 2, 1]));
    expect(await storage.read('a')).toEqual(new Uint8Array([3, 2, 1]));
  });

  it('should write more than one request takes', async () => {
    const { storage } = make();
    const bytes = Uint8Array.from({ length: 20_000_000 }, (_, index) => index % 251);
    await storage.write('large', bytes);
    expect(Buffer.compare((await storage.read('large')) ?? new Uint8Array(), bytes)).toBe(0);
  });

  it('should tell a server that does not answer from a file that is not there', async () => {
    const { contents } = make();
    const settings = { ...jupyter.settings, token: 'wrong' };
    const denied = new ContentsStorage({
      contents: new ContentsManager({ serverSettings: settings }),
      serverSettings: settings,
      folder: 'Projects'
    });
    await expect(denied.read('a')).rejects.toThrow('Forbidden');
    await expect(denied.write('a', new Uint8Array(1))).rejects.toThrow();
    contents.get = () => Promise.reject(new Error('no idea'));
    const lost = new ContentsStorage({
      contents,
      serverSettings: jupyter.settings,
      folder: 'Projects'
    });
    await expect(lost.read('a')).rejects.toThrow('no idea');
  });

  it('should say in words that the disk is full', async () => {
    const { storage, contents } = make();
    contents.save = () =>
      Promise.reject(new Error('Unexpected error: [Errno 28] No space left on device: /srv/x'));
    await expect(storage.write('a', new Uint8Array(10))).rejects.toThrow(
      /^The disk of the Jupyter server is full: "[^"]*a" could not be written. Free some space/
    );
  });

  it('should reject when fewer bytes were kept than sent', async () => {
    const { storage, contents } = make();
    const save = contents.save.bind(contents);
    contents.save = async (path, options) => ({ ...(await save(path, options)), size: 1 });
    await expect(storage.write('a', new Uint8Array(10))).rejects.toThrow('1 of 10 bytes');
  });
});
