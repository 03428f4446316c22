import { randomBytes } from 'node:crypto';

import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { CloudProxy, isDownload, LOGIN_PAGE } from '../support/cloud-proxy';
import type { Answer } from '../support/cloud-proxy';
import { Device } from '../support/device';
import { RawProject } from '../support/raw-project';

const LARGE = 3 * 1024 * 1024;
const SMALL = 4;

type Spoil = (answer: Answer) => Answer | null;

const half = ({ body }: Answer) => body.subarray(0, body.length >> 1);

/** Another byte each time: a cloud that gives the same wrong content again and again has that content. */
let garbled = 0;

/** What befalls each download. */
const SPOILT: readonly [string, Spoil][] = [
  [
    'cut short of its length',
    answer => ({ ...answer, body: half(answer), end: 'cut', announced: answer.body.length })
  ],
  ['cut short in chunks', answer => ({ ...answer, body: half(answer), end: 'cut-chunked' })],
  ['short, and closed as if it were whole', answer => ({ ...answer, body: half(answer) })],
  ['empty', answer => ({ ...answer, body: Buffer.alloc(0) })],
  ['never there', () => null],
  [
    'of the right length with a wrong byte',
    answer => {
      const body = Buffer.from(answer.body);
      body[0] = (body[0] ?? 0) ^ ((garbled++ % 255) + 1);
      return { ...answer, body };
    }
  ],
  [
    'longer than it should be',
    answer => ({ ...answer, body: Buffer.concat([answer.body, Buffer.from('more')]) })
  ],
  ['the page of a network that wants to be signed in to', () => LOGIN_PAGE]
];

describe.each([
  ['with the extensions', false],
  ['with the core only', true]
])('a download from a cloud %s', (_, coreOnly) => {
  let cloud: CloudServer;
  let proxy: CloudProxy;
  let device: Device;
  let raw: RawProject;
  let folder: string;
  let id: string;
  let projects = 0;

  beforeAll(async () => {
    cloud = await startCloud({ coreOnly });
    proxy = await CloudProxy.start(cloud.url);
    device = await Device.start(proxy.url);
    await device.projects.signIn(cloud.keys.alice);
  }, 180_000);

  afterAll(async () => {
    await device?.stop();
    await proxy?.stop();
    await cloud?.stop();
  });

  const large = randomBytes(LARGE).toString('latin1');
  const small = (round: number) =>
    Object.fromEntries(
      Array.from({ length: SMALL }, (__, index) => [`small/${index}.txt`, `${index} ${round}`])
    );

  const before = { ...small(1), 'large.bin': 'not yet large', 'kept.txt': 'kept' };
  const after = {
    ...small(2),
    'kept.txt': 'kept',
    'large.bin': large,
    'new.txt': 'new in the cloud, and long enough to be cut'
  };

  /** A project on the device, with newer contents in the cloud. */
  beforeEach(async () => {
    proxy.reset();
    projects += 1;
    folder = `project-${projects}`;
    for (const [path, content] of Object.entries(before)) {
      await device.write(`${folder}/${path}`, content);
    }
    ({ projectId: id } = await device.projects.create(folder));
    raw = new RawProject(cloud.url, cloud.keys.alice, id);
    for (const [path, content] of Object.entries(small(2))) {
      await raw.write(path, content);
    }
    await raw.write('large.bin', Buffer.from(large, 'latin1'));
    await raw.write('new.txt', 'new in the cloud, and long enough to be cut');
  });

  it.each(SPOILT)('should be discarded when it is %s', async (__, spoil) => {
    const untouched = await cloudTexts();
    proxy.handle = async passing => {
      const answer = await passing.pass();
      return isDownload(passing) && answer.status < 300 ? spoil(answer) : answer;
    };
    const spoilt = await device.projects.sync({ projectId: id });
    expect(spoilt.state).not.toBe('synced');
    expect(spoilt.problems.length).toBeGreaterThan(0);
    expect(spoilt.problems.map(({ message }) => message)).not.toContain('');
    expect(await device.files(folder)).toEqual(before);
    expect(await cloudTexts()).toEqual(untouched);

    proxy.reset();
    const report = await device.projects.sync({ projectId: id });
    expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
    expect(await device.files(folder)).toEqual(after);
    expect(await cloudTexts()).toEqual(after);
  });

  it('should be made again where it was spoilt once, and keep the others', async () => {
    let spoilt = 0;
    proxy.handle = async passing => {
      const answer = await passing.pass();
      if (!isDownload(passing) || !passing.path.includes('/files/large.bin') || spoilt > 0) {
        return answer;
      }
      spoilt += 1;
      return { ...answer, body: Buffer.from(answer.body).reverse() };
    };
    const report = await device.projects.sync({ projectId: id });
    expect(spoilt).toBe(1);
    expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
    expect(await device.files(folder)).toEqual(after);
    expect(await cloudTexts()).toEqual(after);
  });

  async function cloudTexts(): Promise<Record<string, string>> {
    return Object.fromEntries(
      [...(await raw.files())].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')])
    );
  }
});
