import type { Answer, Errand } from '../../../src/model/errand';
import { Lease } from '../../../src/model/lease';
import type { Prepared } from '../../../src/model/leased-run';
import { Runs } from '../../../src/model/runs';
import type { Request } from '../../../src/model/tab-message';
import { Tabs } from '../../../src/model/tabs';
import { createIgnores } from '../../../src/sync/ignore';
import type { Progress } from '../../../src/tokens';
import { ProjectsError } from '../../../src/tokens';
import { BrowserLocks } from '../../support/browser-locks';
import { MemoryJournal } from '../../support/memory-journal';
import { MemoryReplica } from '../../support/memory-replica';
import { MemoryStorage } from '../../support/memory-storage';

const ID = 'thesis';
const IDENTITY = { cloudUrl: 'https://cloud.example', accountId: 'ada' };

/** One folder and one cloud project. */
class World {
  readonly storage = new MemoryStorage();
  readonly journal = new MemoryJournal();
  readonly local = new MemoryReplica({ side: 'local' });
  readonly cloud = new MemoryReplica({ side: 'cloud' });
}

/** What a browser keeps for all its pages, which hear each other. */
class Browser {
  constructor(readonly jupyterUrl: string) {}

  readonly locks = new BrowserLocks();
  readonly storage = new Map<string, string>();
}

class Page {
  constructor(
    readonly world: World,
    browser: Browser | null
  ) {
    this.#locks = browser?.locks.page() ?? null;
    this.tabs = new Tabs({
      jupyterUrl: browser?.jupyterUrl ?? 'http://plain/',
      locks: this.#locks,
      storage: browser && {
        getItem: name => browser.storage.get(name) ?? null,
        setItem: (name, value) => void browser.storage.set(name, value)
      }
    });
    const { page } = this.tabs;
    this.lease = new Lease({
      storage: world.storage,
      browser: this.tabs.browser,
      page,
      ttl: 3000,
      onError: error => this.errors.push(error)
    });
    this.runs = new Runs({ tabs: this.tabs, lease: this.lease });
    this.runs.performBy({
      accepts: ({ identity }) => identity.accountId === this.account,
      prepare: (_, errand) => this.prepare(errand)
    });
  }

  readonly tabs: Tabs;
  readonly lease: Lease;
  readonly runs: Runs;
  readonly errors: unknown[] = [];
  /** The errands that it carried out. */
  readonly done: Errand[] = [];
  account = IDENTITY.accountId;
  /** How often it took up the state of others. */
  caughtUp = 0;
  fails: ProjectsError | null = null;
  isCurrent = (): boolean => true;

  prepare(errand: Errand): Promise<Prepared> {
    if (this.fails) {
      return Promise.reject(this.fails);
    }
    this.done.push(errand);
    const { local, cloud, journal } = this.world;
    return Promise.resolve({
      ...errand,
      replicas: { local, cloud },
      journal,
      ignores: createIgnores({ patterns: [], syncHidden: false, excluded: [] }),
      conflictPolicy: () => 'keep-both' as const,
      now: () => performance.now(),
      catchUp: () => {
        this.caughtUp += 1;
        return Promise.resolve();
      },
      isCurrent: () => this.isCurrent(),
      isOvertaken: () => false,
      onEnd: () => Promise.resolve()
    });
  }

  sync(errand: Errand = {}, canPass = true): Promise<Answer> {
    const request: Request = { projectId: ID, errand, identity: IDENTITY };
    return this.runs.run(ID, errand, () => this.prepare(errand), canPass ? request : undefined);
  }

  /** Resolves when the progress is such. */
  async shows(isSuch: (progress: Progress | null) => boolean): Promise<void> {
    while (!isSuch(this.runs.progress(ID))) {
      await new Promise<void>(resolve => {
        const told = () => {
          this.runs.changed.disconnect(told);
          this.runs.progressChanged.disconnect(told);
          resolve();
        };
        this.runs.changed.connect(told);
        this.runs.progressChanged.connect(told);
      });
    }
  }

  /** Resolves when the next message of this kind is heard from another page. */
  hears(kind: string): Promise<void> {
    return new Promise(resolve => {
      this.tabs.heard.connect((_, message) => {
        if (message.kind === kind) {
          resolve();
        }
      });
    });
  }

  /** As the browser closes it: at once, whatever it does. */
  close(): void {
    this.runs.dispose();
    this.lease.dispose();
    this.tabs.dispose();
    this.#locks?.close();
  }

  readonly #locks: (Tabs.Locks & { close(): void }) | null;
}

describe('pages', () => {
  let world: World;
  let browser: Browser;
  let pages: Page[];

  beforeEach(() => {
    world = new World();
    browser = new Browser('http://one/');
    pages = [];
    world.local.write('a', 'content');
  });

  afterEach(() => {
    world.cloud.before = null;
    pages.forEach(page => page.close());
  });

  const open = (its: Browser | null = browser): Page => {
    const page = new Page(world, its);
    pages.push(page);
    return page;
  };

  /** Holds the first write to the cloud. */
  const holdUpload = () => {
    let release = () => {};
    let reach = () => {};
    const released = new Promise<void>(resolve => (release = resolve));
    const reached = new Promise<void>(resolve => (reach = resolve));
    world.cloud.before = ({ call }) => {
      if (call !== 'apply') {
        return undefined;
      }
      world.cloud.before = null;
      reach();
      return released;
    };
    return { release, reached };
  };

  describe('of one browser', () => {
    it('should show the run of another page while it goes on, and its report then', async () => {
      const [one, other] = [open(), open()];
      const upload = holdUpload();
      const run = one.sync();
      await other.shows(progress => progress?.phase === 'transferring');
      expect(other.runs.isRunning(ID)).toBe(true);
      expect(other.runs.isRunningHere(ID)).toBe(false);
      expect(other.runs.progress(ID)).toMatchObject({ filesDone: 0, filesTotal: 1 });
      upload.release();
      await run;
      await other.shows(progress => progress === null);
      expect(other.runs.isRunning(ID)).toBe(false);
      expect(other.runs.lastReport(ID)).toMatchObject({
        state: 'synced',
        actions: [{ path: 'a' }]
      });
    });

    it('should show no run of a page that was closed', async () => {
      const [one, other] = [open(), open()];
      const upload = holdUpload();
      const run = one.sync();
      await other.shows(progress => progress !== null);
      await upload.reached;
      one.close();
      await other.shows(progress => progress === null);
      upload.release();
      await run;
    });

    it('should have a command carried out by the page that has the turn', async () => {
      const [one, other] = [open(), open()];
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      const accepted = other.hears('accepted');
      const errand: Errand = { verify: true, word: { kind: 'approve', takings: new Set(['x']) } };
      const asked = other.sync(errand);
      await accepted;
      upload.release();
      expect((await run).report.actions).toHaveLength(1);
      expect((await asked).report).toMatchObject({ state: 'synced', actions: [] });
      expect(one.done).toEqual([{}, errand]);
      expect(other.done).toEqual([]);
      expect(other.runs.lastReport(ID)).toEqual((await asked).report);
    });

    it('should carry out itself what the other was asked when that one is closed', async () => {
      const [one, other] = [open(), open()];
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      const accepted = other.hears('accepted');
      const asked = other.sync({ verify: true });
      await accepted;
      one.close();
      expect((await asked).report).toMatchObject({ state: 'synced', actions: [{ path: 'a' }] });
      expect(other.done).toEqual([{ verify: true }]);
      upload.release();
      await run;
    });

    it('should carry out itself what the other can’t, or what nobody asked for', async () => {
      const [one, other] = [open(), open()];
      one.account = 'bob';
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      const heard = one.hears('asked');
      const asked = other.sync();
      const unasked = other.sync({ unasked: true }, false);
      await heard;
      upload.release();
      await Promise.all([run, asked, unasked]);
      expect(one.done).toEqual([{}]);
      expect(other.done).toEqual([{}, { unasked: true }]);
    });

    it('should fail as the page failed that carried it out', async () => {
      const [one, other] = [open(), open()];
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      one.fails = new ProjectsError('not-linked', 'It is linked to no folder.');
      const accepted = other.hears('accepted');
      const asked = other.sync();
      const failed = expect(asked).rejects.toMatchObject({
        code: 'not-linked',
        message: 'It is linked to no folder.'
      });
      await accepted;
      upload.release();
      await run;
      await failed;
      expect(other.done).toEqual([]);
    });

    it('should stop in every page what is cancelled in one', async () => {
      const [one, other] = [open(), open()];
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      const accepted = other.hears('accepted');
      const asked = other.sync();
      await accepted;
      const heard = one.hears('cancel');
      other.runs.cancel(ID);
      await heard;
      upload.release();
      expect((await run).report.problems).toMatchObject([{ code: 'cancelled' }]);
      expect((await asked).report.problems).toMatchObject([{ code: 'cancelled' }]);
      expect(one.done).toEqual([{}]);
      expect(other.done).toEqual([]);
    });
  });

  describe('of two browsers', () => {
    it('should let one run at a time, and the other begin anew with what was saved', async () => {
      const [one, other] = [open(), open(new Browser('http://other/'))];
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      const asked = other.sync();
      await other.shows(progress => progress?.phase === 'waiting');
      expect(world.cloud.files().size).toBe(0);
      upload.release();
      expect((await run).report.actions).toHaveLength(1);
      expect((await asked).report).toMatchObject({ state: 'synced', actions: [] });
      expect(other.caughtUp).toBeGreaterThan(0);
      expect(other.done).toEqual([{}, {}]);
      expect([...one.errors, ...other.errors]).toEqual([]);
    });

    it('should take over from one that died, and not before its lease is stale', async () => {
      const [one, other] = [open(), open(new Browser('http://other/'))];
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      one.close();
      const began = performance.now();
      expect((await other.sync()).report).toMatchObject({ state: 'synced', actions: [{}] });
      expect(performance.now() - began).toBeGreaterThan(2900);
      upload.release();
      await run;
    });

    it('should end a wait that is cancelled, having changed nothing', async () => {
      const [one, other] = [open(), open(new Browser('http://other/'))];
      const hold = await one.lease.take({ isTurn: true });
      const asked = other.sync();
      await other.shows(progress => progress?.phase === 'waiting');
      other.runs.cancel(ID);
      expect((await asked).report.problems).toMatchObject([{ code: 'cancelled' }]);
      expect(world.cloud.files().size).toBe(0);
      await hold.release();
    });

    it('should take up what the other saved before it writes, once', async () => {
      const [one, other] = [open(), open(new Browser('http://other/'))];
      await one.sync();
      for (const name of ['b', 'c']) {
        world.local.write(name, name);
        await other.sync();
        expect(other.caughtUp).toBe(1);
      }
    });

    it('should begin anew, having changed nothing, when the state is not what the run began with', async () => {
      const one = open();
      const seen: number[] = [];
      one.isCurrent = () => seen.push(world.cloud.files().size) > 1;
      expect((await one.sync()).report).toMatchObject({
        state: 'synced',
        actions: [{ path: 'a' }]
      });
      expect(seen).toEqual([0, 0]);
      expect(one.done).toHaveLength(2);
    });

    it('should ask for the lease only when there is something to write', async () => {
      const one = open();
      await one.sync();
      const writes = world.storage.writes.length;
      expect((await one.sync()).report.state).toBe('synced');
      await one.runs.run(ID, { dryRun: true }, () => one.prepare({ dryRun: true }));
      expect(world.storage.writes).toHaveLength(writes);
      world.local.write('b', 'more');
      await one.runs.run(ID, { dryRun: true }, () => one.prepare({ dryRun: true }));
      expect(world.storage.writes).toHaveLength(writes);
    });

    it('should stop a run whose lease another took over, and begin anew', async () => {
      const one = open();
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      const stranger = { owner: 'x', page: 'x', sequence: 99, projectId: null, progress: null };
      const write = (record: object) =>
        world.storage.write('lease.json', new TextEncoder().encode(JSON.stringify(record)));
      await write(stranger);
      while (one.lease.isHeld) {
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      upload.release();
      await one.shows(progress => progress?.phase === 'waiting');
      expect(world.journal.commits).toBe(0);
      expect(world.cloud.files().size).toBe(0);
      await write({ ...stranger, owner: null });
      expect((await run).report.state).toBe('synced');
      expect(one.done).toEqual([{}, {}]);
      expect(one.caughtUp).toBeGreaterThan(0);
    });

    it('should say that the lease can’t be written, having changed nothing', async () => {
      const one = open();
      world.storage.plan.push('refuse');
      expect((await one.sync()).report).toMatchObject({
        state: 'failed',
        problems: [{ code: 'failed', message: expect.stringContaining('no space left') as string }]
      });
      expect(world.cloud.files().size).toBe(0);
      expect((await one.sync()).report.state).toBe('synced');
    });
  });

  describe('without locks', () => {
    it('should be kept apart by the lease, and show each other’s runs', async () => {
      const [one, other] = [open(null), open(null)];
      const upload = holdUpload();
      const run = one.sync();
      await upload.reached;
      const asked = other.sync();
      await other.shows(progress => progress?.phase === 'transferring');
      upload.release();
      expect((await run).report.actions).toHaveLength(1);
      expect((await asked).report).toMatchObject({ state: 'synced', actions: [] });
      expect(one.done).toEqual([{}]);
    });
  });
});
