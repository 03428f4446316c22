import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CloudClient } from '../../src/cloud/client';
import { CloudReplica } from '../../src/cloud/replica';
import { BASE, startApp } from '../support/cloud-app';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { CloudProxy, isUpload } from '../support/cloud-proxy';
import type { Answer, Passing } from '../support/cloud-proxy';
import { Device } from '../support/device';
import { RawProject } from '../support/raw-project';

const PART = 64 * 1024;
const PARTS = 6;
const SIZE = (PARTS - 1) * PART + 17;
const ARRIVED = 3;

let dataDir: string;
let cloud: CloudServer;
let proxy: CloudProxy;
let device: Device;
let projects = 0;
let folder: string;
let raw: RawProject;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'upload-resume-'));
  cloud = await startCloud({ dataDir, args: ['--part-size', String(PART)] });
  proxy = await CloudProxy.start(cloud.url);
  device = await Device.start(proxy.url);
  await device.projects.signIn(cloud.keys.alice);
}, 180_000);

afterAll(async () => {
  await device?.stop();
  await proxy?.stop();
  await cloud?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  proxy.reset();
  projects += 1;
  folder = `project-${projects}`;
  await device.write(`${folder}/small.txt`, 'small');
  const { projectId } = await device.projects.create(folder);
  raw = new RawProject(cloud.url, cloud.keys.alice, projectId);
  proxy.reset();
});

const sha = (bytes: Uint8Array | undefined) =>
  createHash('sha256')
    .update(bytes ?? 'nothing')
    .digest('hex');

/** Resolves when so many parts have arrived; those that come later stay on their way. */
function arrivedParts(count: number): Promise<void> {
  return new Promise(resolve => {
    let asked = 0;
    proxy.handle = async passing => {
      if (!isUpload(passing)) {
        return passing.pass();
      }
      asked += 1;
      if (asked > count) {
        return new Promise<Answer>(() => undefined);
      }
      const answer = await passing.pass();
      // Each answer is on its way before the next is.
      setImmediate(() => {
        if (proxy.uploads().length === count) {
          resolve();
        }
      });
      return answer;
    };
  });
}

/** The page is closed when so many parts of the file have arrived, and opened again. */
async function closedInMidUpload(bytes: Uint8Array, count = ARRIVED): Promise<void> {
  await device.write(`${folder}/big.bin`, bytes);
  const arrived = arrivedParts(count);
  const ended = Promise.allSettled([device.projects.sync({ projectId: raw.id })]);
  await arrived;
  device.reload();
  await ended;
  expect(proxy.uploads()).toHaveLength(count);
  expect((await raw.files()).has('big.bin')).toBe(false);
  proxy.reset();
}

async function syncs(): Promise<void> {
  const report = await device.projects.sync({ projectId: raw.id });
  expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
}

async function holds(bytes: Uint8Array): Promise<void> {
  expect(sha((await raw.files()).get('big.bin'))).toBe(sha(bytes));
}

/** How many contents were sent, and their bytes. */
function sent(): [number, number] {
  const uploads = proxy.uploads();
  return [uploads.length, uploads.reduce((sum, each) => sum + each.sent, 0)];
}

/** Of the parts that a random order leaves out, the last one may be one. */
const REST = [SIZE - ARRIVED * PART, SIZE - (ARRIVED - 1) * PART - 17];

describe('an upload by parts that was cut short', () => {
  it('should be finished by a page opened anew with the missing parts alone', async () => {
    const bytes = randomBytes(SIZE);
    await closedInMidUpload(bytes);
    await syncs();
    await holds(bytes);
    expect(sent()).toEqual([PARTS - ARRIVED, expect.any(Number)]);
    expect(REST).toContain(sent()[1]);
    proxy.reset();
    await syncs();
    expect(sent()).toEqual([0, 0]);
  });

  it('should need the commit alone where all parts had arrived', async () => {
    const bytes = randomBytes(SIZE);
    await device.write(`${folder}/big.bin`, bytes);
    const committing = new Promise<void>(resolve => {
      proxy.handle = passing => {
        if (passing.path.endsWith('/commits')) {
          resolve();
          return new Promise<Answer>(() => undefined);
        }
        return passing.pass();
      };
    });
    const ended = Promise.allSettled([device.projects.sync({ projectId: raw.id })]);
    await committing;
    device.reload();
    await ended;
    expect(sent()).toEqual([PARTS, SIZE]);
    proxy.reset();
    await syncs();
    await holds(bytes);
    expect(sent()).toEqual([0, 0]);
  });

  it('should never be mixed with another content of the file, and still serve its own', async () => {
    const first = randomBytes(SIZE);
    const second = randomBytes(SIZE);
    await closedInMidUpload(first);
    await device.write(`${folder}/big.bin`, second);
    await syncs();
    await holds(second);
    expect(sent()).toEqual([PARTS, SIZE]);

    proxy.reset();
    await device.write(`${folder}/big.bin`, first);
    await syncs();
    await holds(first);
    expect(sent()[0]).toBe(PARTS - ARRIVED);
  });

  it('should be begun anew under another name, and where it was moved away', async () => {
    const bytes = randomBytes(SIZE);
    await closedInMidUpload(bytes);
    await device.jupyter.contents.rename(`${folder}/big.bin`, `${folder}/other.bin`);
    await syncs();
    expect(sha((await raw.files()).get('other.bin'))).toBe(sha(bytes));
    expect((await raw.files()).has('big.bin')).toBe(false);
  });

  it('should go on where the cloud was killed between two parts', async () => {
    const bytes = randomBytes(SIZE);
    const port = Number(new URL(cloud.url).port);
    await device.write(`${folder}/big.bin`, bytes);
    const arrived = arrivedParts(ARRIVED);
    const ended = Promise.allSettled([device.projects.sync({ projectId: raw.id })]);
    await arrived;
    await cloud.kill();
    device.reload();
    await ended;
    cloud = await startCloud({ dataDir, port, args: ['--part-size', String(PART)] });
    proxy.reset();
    await syncs();
    await holds(bytes);
    expect(sent()[0]).toBe(PARTS - ARRIVED);
  });

  it('should keep its parts where the cloud cuts others now', async () => {
    const bytes = randomBytes(SIZE);
    await closedInMidUpload(bytes);
    await restarted(PART / 2);
    await syncs();
    await holds(bytes);
    expect(sent()[0]).toBe(PARTS - ARRIVED);
    await restarted(PART);
  });

  it('should be sent whole where the cloud cuts no such file any more', async () => {
    const bytes = randomBytes(SIZE);
    await closedInMidUpload(bytes);
    await restarted(2 * SIZE);
    await syncs();
    await holds(bytes);
    expect(sent()).toEqual([1, SIZE]);
    await restarted(PART);
  });

  it('should be sent again where the cloud lost the parts that had arrived', async () => {
    const bytes = randomBytes(SIZE);
    await closedInMidUpload(bytes);
    await restarted(PART, () => rm(join(dataDir, 'parts'), { recursive: true }));
    await syncs();
    await holds(bytes);
    expect(sent()[1]).toBeGreaterThanOrEqual(SIZE);
  });

  it('should be announced anew where the cloud forgot it in mid-upload', async () => {
    const bytes = randomBytes(SIZE);
    await device.write(`${folder}/big.bin`, bytes);
    let asked = 0;
    proxy.handle = async passing => {
      asked += isUpload(passing) ? 1 : 0;
      return isUpload(passing) && (asked === 2 || asked === 4) ? GONE : passing.pass();
    };
    await syncs();
    await holds(bytes);
    expect(sent()).toEqual([PARTS, SIZE]);
    expect(asked).toBe(PARTS + 2);
  });

  it('should be told where each part that arrives is another, and be tried anew by the next sync', async () => {
    const bytes = randomBytes(SIZE);
    await device.write(`${folder}/big.bin`, bytes);
    proxy.handle = garbled;
    const report = await device.projects.sync({ projectId: raw.id });
    expect(report).toMatchObject({
      state: 'partial',
      problems: [{ path: 'big.bin', code: 'corrupt' }]
    });
    expect((await raw.files()).has('big.bin')).toBe(false);
    proxy.reset();
    await syncs();
    await holds(bytes);
  });
});

describe('an upload that the cloud forgets', () => {
  it('should be made again from the start', async () => {
    const app = await startApp({ partSize: PART });
    try {
      const id = await app.alice.project();
      let asked = 0;
      const client = new CloudClient({
        baseUrl: BASE,
        token: () => app.alice.key,
        sleep: async () => undefined,
        fetch: async (input, init) => {
          const request = new Request(input, init);
          asked += request.method === 'PUT' ? 1 : 0;
          if (asked === ARRIVED) {
            await app.server.services.db.deleteFrom('file_versions').execute();
          }
          return app.server.fetch(request);
        }
      });
      const bytes = new Uint8Array(randomBytes(SIZE));
      const [outcome] = await new CloudReplica({ client, projectId: id }).apply(
        [{ op: 'put', path: 'big.bin', content: bytes, sha256: sha(bytes), expect: null }],
        { signal: new AbortController().signal }
      );
      expect(outcome).toMatchObject({ status: 'applied', entry: { sha256: sha(bytes) } });
      expect(asked).toBeGreaterThan(PARTS);
      expect(sha((await app.alice.get(`/${id}/files/big.bin`)).bytes)).toBe(sha(bytes));
    } finally {
      await app.close();
    }
  });
});

/** As the cloud answers for a version that it does not know. */
const GONE: Answer = {
  status: 404,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"error": {"code": "not_found", "message": "It is no longer expected."}}')
};

/** Changes a byte of each part on its way. */
function garbled(passing: Passing): Promise<Answer> {
  if (isUpload(passing)) {
    passing.body[0] = (passing.body[0] ?? 0) ^ 1;
  }
  return passing.pass();
}

async function restarted(partSize: number, between?: () => Promise<void>): Promise<void> {
  const port = Number(new URL(cloud.url).port);
  await cloud.stop();
  await between?.();
  cloud = await startCloud({ dataDir, port, args: ['--part-size', String(partSize)] });
}
