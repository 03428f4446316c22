import type { Contents } from '@jupyterlab/services';
import { ContentsManager, ServerConnection } from '@jupyterlab/services';

import { decodeBase64 } from '../../../src/local/base64';
import { ContentsStorage } from '../../../src/local/contents-storage';

const MEGABYTE = 1024 * 1024;
const MODEL: Contents.IModel = {
  name: 'large',
  path: 'large',
  type: 'file',
  writable: true,
  created: '',
  last_modified: '',
  mimetype: '',
  content: null,
  format: null
};

/** A storage over a contents manager that takes what is saved, in chunks or not. */
function make({ takesChunks }: { takesChunks: boolean }) {
  let held = new Uint8Array();
  const sizes: number[] = [];
  const serverSettings = ServerConnection.makeSettings();
  const contents = new ContentsManager({ serverSettings });
  contents.save = (path, options = {}) => {
    const model: Partial<Contents.IModel> = options;
    const part = decodeBase64(String(model.content));
    sizes.push(part.length);
    const isFurther = takesChunks && model.chunk !== undefined && model.chunk !== 1;
    held = isFurther ? new Uint8Array([...held, ...part]) : part;
    return Promise.resolve({ ...MODEL, path, size: held.length });
  };
  const storage = new ContentsStorage({
    contents,
    serverSettings,
    folder: 'state'
  });
  return { storage, sizes, held: () => held };
}

describe('ContentsStorage', () => {
  const bytes = Uint8Array.from({ length: 2.5 * MEGABYTE }, (_, index) => index % 251);

  it('should send what is large in small pieces, so that the page goes on meanwhile', async () => {
    const { storage, sizes, held } = make({ takesChunks: true });
    await storage.write('large', bytes);
    expect(sizes).toEqual([MEGABYTE, MEGABYTE, MEGABYTE / 2]);
    expect(Buffer.compare(held(), bytes)).toBe(0);
  });

  it('should send it whole where the contents manager knows of no pieces, at once from then on', async () => {
    const { storage, sizes, held } = make({ takesChunks: false });
    await storage.write('large', bytes);
    expect(Buffer.compare(held(), bytes)).toBe(0);
    sizes.length = 0;
    await storage.write('large', bytes);
    expect(sizes).toEqual([bytes.length]);
    expect(Buffer.compare(held(), bytes)).toBe(0);
  });
});
