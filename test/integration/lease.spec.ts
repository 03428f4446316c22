import { Folder } from '../support/folder';
import { ContentsStorage } from '../../src/local/contents-storage';
import { Lease } from '../../src/model/lease';
import type { LeaseRecord } from '../../src/model/lease-file';
import { LeaseHold } from '../../src/model/lease-hold';
import type { Projects } from '../../src/model/projects';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import type { JupyterServer } from '../support/jupyter-server';
import { startJupyter } from '../support/jupyter-server';
import { BrowserStorage, openPage } from '../support/page';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** So long that a slow machine renews in time, and so short that a test can wait for it; ms. */
const TTL = 6000;

let root: string;
let folder: Folder;
let jupyter: JupyterServer;
let cloud: CloudServer;
let leases: Lease[];
let pages: Projects[];
let errors: unknown[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lease-'));
  folder = new Folder(root);
  [jupyter, cloud] = await Promise.all([startJupyter({ root }), startCloud()]);
}, 180_000);

afterAll(async () => {
  await Promise.all([jupyter?.stop(), cloud?.stop()]);
  await rm(root, { recursive: true, force: true });
});

beforeEach(() => {
  leases = [];
  pages = [];
  errors = [];
});

afterEach(() => {
  leases.forEach(lease => lease.dispose());
  pages.forEach(page => page.dispose());
});

/** A page of a browser of its own. */
function lease(state: string, page: string): Lease {
  const storage = new ContentsStorage({
    contents: jupyter.contents,
    serverSettings: jupyter.settings,
    folder: state
  });
  const made = new Lease({ storage, page, ttl: TTL, onError: error => errors.push(error) });
  leases.push(made);
  return made;
}

async function written(state: string): Promise<LeaseRecord> {
  const texts = await new Folder(join(root, state)).texts();
  return JSON.parse(texts['lease.json'] ?? '') as LeaseRecord;
}

describe('Lease on a Jupyter server', () => {
  it('should be one browser’s at a time, over many turns of several that want it at once', async () => {
    let holders = 0;
    const turns: string[] = [];
    const work = async (name: string) => {
      const mine = lease('turns', name);
      for (let turn = 0; turn < 6; turn++) {
        const hold = await mine.take({ isTurn: true });
        holders += 1;
        expect(holders).toBe(1);
        await hold.check();
        await jupyter.contents.get('turns', { content: true });
        expect(holders).toBe(1);
        holders -= 1;
        turns.push(name);
        await hold.release();
      }
    };
    await Promise.all([work('a'), work('b'), work('c')]);
    expect(turns.sort().join('')).toBe('aaaaaabbbbbbcccccc');
    expect(await written('turns')).toMatchObject({ owner: null });
    expect(errors).toEqual([]);
  });

  it('should be renewed for as long as it is held, and taken over from a page that died', async () => {
    const gone = lease('dies', 'gone');
    const lost = await gone.take({ isTurn: true });
    const other = lease('dies', 'other');
    const began = performance.now();
    while (performance.now() - began < 1.5 * TTL) {
      expect(await other.tryTake({ isTurn: true })).toMatchObject({ owner: 'gone' });
      await jupyter.contents.get('dies', { content: true });
    }
    // Nothing more comes of a page that is gone.
    gone.dispose();
    const died = performance.now();
    const hold = await other.take({ isTurn: true });
    expect(performance.now() - died).toBeGreaterThan(TTL / 2);
    await expect(lost.check()).rejects.toThrow();
    expect(await written('dies')).toMatchObject({ owner: 'other' });
    await hold.release();
    expect(errors).toEqual([]);
  });

  it('should be free again when it was cut short and nobody mends it', async () => {
    await folder.write('short/lease.json', '');
    const mine = lease('short', 'mine');
    expect(await mine.tryTake({ isTurn: true })).toBeNull();
    const hold = await mine.take({ isTurn: true });
    expect(hold).toBeInstanceOf(LeaseHold);
    await hold.release();
  });
});

describe('two browsers on one Jupyter server', () => {
  const browser = async (): Promise<Projects> => {
    const page = openPage({
      contents: jupyter.contents,
      serverSettings: jupyter.settings,
      cloudUrl: cloud.url,
      storage: new BrowserStorage(),
      onError: error => errors.push(error)
    });
    pages.push(page);
    await page.signIn(cloud.keys.alice);
    return page;
  };

  it('should sync a project in one of them when both are told to at once', async () => {
    await folder.write('both/first', 'first');
    const one = await browser();
    const { projectId } = await one.create('both');
    const other = await browser();
    for (const round of [1, 2, 3]) {
      for (let file = 0; file < 10; file++) {
        await folder.write(`both/round ${round}/${file}`, `${round} ${file}`);
      }
      const reports = await Promise.all([one.sync({ projectId }), other.sync({ projectId })]);
      expect(reports.map(({ state }) => state)).toEqual(['synced', 'synced']);
      const done = reports.map(({ actions }) => actions.filter(({ kind }) => kind === 'create'));
      expect(done.map(actions => actions.length).sort()).toEqual([0, 10]);
    }
    expect(errors).toEqual([]);
  });

  it('should lose nothing that either remembers when both change it at once', async () => {
    const [one, other] = [await browser(), await browser()];
    const names = Array.from({ length: 3 }, (_, i) => [`one ${i}`, `other ${i}`]).flat();
    for (const name of names) {
      await folder.write(`${name}/file`, name);
    }
    const made = await Promise.all(
      [one, other].map(async (page, which) => {
        const ids: string[] = [];
        for (const name of names.filter((_, i) => i % 2 === which)) {
          ids.push((await page.create(name)).projectId);
        }
        return ids;
      })
    );
    const opened = await browser();
    const linked = (await opened.refresh()).filter(({ localPath }) => localPath !== null);
    expect(linked.map(({ id }) => id)).toEqual(expect.arrayContaining(made.flat()));
    expect(errors).toEqual([]);
  });

  it('should not touch the lease when there is nothing to do', async () => {
    await folder.write('quiet/file', 'content');
    const page = await browser();
    const { projectId } = await page.create('quiet');
    await new Folder(join(root, 'quiet')).age(new Date(Date.now() - 3_600_000));
    await page.sync({ projectId });
    const before = await written('Projects/_state');
    await page.preview({ projectId });
    const report = await page.sync({ projectId });
    expect(report).toMatchObject({ actions: [], requests: { jupyter: 1, cloud: 1 } });
    expect(await written('Projects/_state')).toEqual(before);
  });
});
