import { Signal } from '@lumino/signaling';

import { Credentials } from '../../../src/cloud/credentials';
import { RulesChanged } from '../../../src/cloud/shared-rules';
import { CloudError } from '../../../src/cloud/errors';
import { CloudSession } from '../../../src/model/cloud-session';
import { Lease } from '../../../src/model/lease';
import { ProjectIgnores } from '../../../src/model/project-ignores';
import { Registry } from '../../../src/model/registry';
import { RequestCounter } from '../../../src/model/request-counter';
import { Runs } from '../../../src/model/runs';
import { DEFAULT_SETTINGS } from '../../../src/model/settings';
import { SharedDrafts } from '../../../src/model/shared-drafts';
import { Syncing } from '../../../src/model/syncing';
import { Tabs } from '../../../src/model/tabs';
import type { LocalProject } from '../../../src/state/local-project';
import { ReplicaError } from '../../../src/sync/problem';
import { FakeFetch, json, refused } from '../../support/fake-fetch';
import { MemoryReplica } from '../../support/memory-replica';
import { MemoryStorage } from '../../support/memory-storage';
import { plainTrans } from '../../support/plain-trans';
import { ONE, open, project, TWO } from '../../support/state-examples';

const CLOUD = 'https://cloud.example/api/projects';

describe('Syncing', () => {
  let local: MemoryReplica;
  let cloud: MemoryReplica;
  let storage: MemoryStorage;
  let credentials: Credentials;
  let registry: Registry;
  let drafts: SharedDrafts;
  let tabs: Tabs;
  let lease: Lease;
  let runs: Runs;
  let syncing: Syncing;
  let thesis: LocalProject;
  let opens: number;
  let shared: readonly string[];

  beforeEach(async () => {
    local = new MemoryReplica({ side: 'local' });
    cloud = new MemoryReplica({ side: 'cloud' });
    storage = new MemoryStorage();
    opens = 0;
    shared = [];
    credentials = new Credentials({ jupyterUrl: 'http://a/', storage: null, events: null });
    const { fetch } = new FakeFetch(({ path }) =>
      path === '/api/account'
        ? json({ user: { id: TWO, username: 'ada', email: 'ada@example.org' } })
        : path.includes('capabilities')
          ? refused(404, 'not_found')
          : json({ items: [], num_items: 0, total_count: 0, next_page: null })
    );
    registry = new Registry({
      stateFolder: 'work/thesis/state',
      openStore: () => {
        opens += 1;
        return open(storage);
      },
      openSession: () =>
        new CloudSession({ cloudUrl: CLOUD, credentials, onRequest: () => undefined, fetch }),
      tabs: new Tabs({ jupyterUrl: 'http://a/', locks: null, storage: null }),
      onError: () => undefined
    });
    const store = await registry.requireStore();
    thesis = await store.addProject(project());
    await registry.session.signIn('key');
    await registry.session.refresh();
    tabs = new Tabs({ jupyterUrl: 'http://a/', locks: null, storage: null });
    lease = new Lease({ storage, onError: () => undefined });
    runs = new Runs({ tabs, lease });
    const settings = { current: DEFAULT_SETTINGS, changed: new Signal<object, void>({}) };
    drafts = new SharedDrafts({ tabs });
    syncing = new Syncing({
      registry,
      runs,
      drafts,
      settings,
      counter: new RequestCounter(),
      localReplica: () => local,
      cloudReplica: () => cloud,
      onHelperFailed: () => undefined,
      ignores: new ProjectIgnores({ registry, settings, sharedIgnores: () => shared }),
      trans: plainTrans,
      onError: () => undefined
    });
  });

  afterEach(async () => {
    await registry.store?.save();
    runs.dispose();
    lease.dispose();
    drafts.dispose();
    tabs.dispose();
    registry.dispose();
    credentials.dispose();
  });

  const write = (names: string) => {
    for (const name of names) {
      local.write(name, `content of ${name}`);
    }
  };
  const remove = (names: string) => {
    for (const name of names) {
      local.remove(name);
    }
  };

  it('should begin anew with the ignore rules that the cloud has by now, and send nothing before', async () => {
    const scan = cloud.scan.bind(cloud);
    cloud.scan = async (known, options) => {
      if (shared.length === 0) {
        shared = ['*.log'];
        throw new RulesChanged();
      }
      return scan(known, options);
    };
    local.write('a.txt', 'kept');
    local.write('a.log', 'left out');
    const { state, actions } = await syncing.sync(thesis);
    expect(state).toBe('synced');
    expect(actions.map(({ path }) => path)).toEqual(['a.txt']);
    expect([...cloud.files().keys()]).toEqual(['a.txt']);
  });

  it('should not begin anew for ever where the rules change each time', async () => {
    let looks = 0;
    cloud.scan = async () => {
      looks += 1;
      throw new RulesChanged();
    };
    local.write('a.txt', 'kept');
    expect((await syncing.sync(thesis)).state).toBe('failed');
    expect(looks).toBeLessThan(6);
    expect(cloud.files().size).toBe(0);
  });

  describe('#approve()', () => {
    beforeEach(async () => {
      write('abcdefghij');
      expect((await syncing.sync(thesis)).state).toBe('synced');
      remove('abcdef');
      expect((await syncing.syncUnasked(thesis)).stopReason).toBe('mass-delete');
    });

    it('should let go ahead what the person was asked', async () => {
      expect((await syncing.approve(thesis)).state).toBe('synced');
      expect(cloud.files().has('f')).toBe(false);
      expect(cloud.files().has('g')).toBe(true);
    });

    it('should not cover what an automatic sync found later', async () => {
      remove('gh');
      expect((await syncing.syncUnasked(thesis)).stopReason).toBe('mass-delete');
      expect((await syncing.approve(thesis)).stopReason).toBe('mass-delete');
      expect(cloud.files().has('a')).toBe(true);
      expect((await syncing.approve(thesis)).state).toBe('synced');
      expect(cloud.files().has('a')).toBe(false);
    });

    it('should cover what a sync that the person asked for found later', async () => {
      remove('gh');
      expect((await syncing.sync(thesis)).stopReason).toBe('mass-delete');
      expect((await syncing.approve(thesis)).state).toBe('synced');
    });

    it('should cover nothing once the project was unlinked', async () => {
      syncing.forget(thesis.id);
      expect((await syncing.approve(thesis)).stopReason).toBe('mass-delete');
    });
  });

  it('should leave out the state and every linked folder that lies in the project', async () => {
    await registry.store?.addProject(project(TWO, 'work/thesis/moved here'));
    local.write('state/state-a.sqlite3', 'not for the cloud');
    local.write('moved here/b', 'of another project');
    local.write('c', 'of this one');
    expect((await syncing.sync(thesis)).state).toBe('synced');
    expect([...cloud.files().keys()]).toEqual(['c']);
    expect(registry.at('work/thesis/moved here/b')?.id).toBe(TWO);
    expect(registry.at('work/thesis/c')?.id).toBe(ONE);
  });

  it('should not sign the person out of the cloud for what Jupyter refuses', async () => {
    local.before = () => {
      throw new ReplicaError('signed-out', 'Sign in to Jupyter again.');
    };
    expect((await syncing.sync(thesis)).stopReason).toBe('signed-out');
    expect(registry.session.connection).toBe('online');
    local.before = null;
    cloud.before = () => {
      throw new CloudError('signed-out', 'The key was revoked.', { status: 401 });
    };
    await syncing.sync(thesis);
    expect(registry.session.connection).toBe('signed-out');
  });

  it('should not bring what a run learned into a tie that was made while it ran', async () => {
    write('abc');
    const store = await registry.requireStore();
    cloud.before = async ({ call }) => {
      if (call === 'apply') {
        cloud.before = null;
        await store.removeProject(ONE);
        await store.addProject(project(ONE, 'elsewhere'));
      }
    };
    expect((await syncing.sync(thesis)).state).toBe('failed');
    expect((await store.journal(ONE).load()).base.size).toBe(0);
  });

  it('should wait for a sync, and tell then how each file is', async () => {
    write('a');
    const [, statuses] = await Promise.all([syncing.sync(thesis), syncing.status(thesis)]);
    expect(statuses).toMatchObject([{ path: 'a', status: 'synced' }]);
  });

  describe('#status() while a sync is carried out', () => {
    const words = async () =>
      Object.fromEntries((await syncing.status(thesis)).map(each => [each.path, each.status]));

    it('should answer at once: what is not done yet is syncing', async () => {
      write('ab');
      await syncing.sync(thesis);
      local.write('a', 'changed');
      local.write('c', 'new');
      let during: Record<string, string> = {};
      cloud.before = async ({ call }) => {
        if (call === 'apply') {
          cloud.before = null;
          during = await words();
        }
      };
      expect((await syncing.sync(thesis)).state).toBe('synced');
      expect(during).toEqual({ a: 'syncing', b: 'synced', c: 'syncing' });
      expect(await words()).toEqual({ a: 'synced', b: 'synced', c: 'synced' });
    });

    it('should wait where the run is still looking, and tell what it then does', async () => {
      write('a');
      const [begun, release] = [gate(), gate()];
      local.before = async ({ call }) => {
        if (call === 'scan') {
          local.before = null;
          begun.open();
          await release.passed;
        }
      };
      const sync = syncing.sync(thesis);
      await begun.passed;
      const status = words();
      release.open();
      expect(await status).toEqual({ a: 'syncing' });
      await sync;
    });

    it('should remember what the run did without another look, and look when it is asked', async () => {
      write('ab');
      const told: unknown[] = [];
      syncing.files.changed.connect((_, id) => told.push(id));
      await syncing.sync(thesis);
      expect(told).toContain(ONE);
      const { scans } = local.counts;
      expect(syncing.files.of(ONE)?.map(({ status }) => status)).toEqual(['synced', 'synced']);
      expect(local.counts.scans).toBe(scans);
      local.write('a', 'changed');
      expect(await words()).toEqual({ a: 'local-change', b: 'synced' });
      expect(local.counts.scans).toBe(scans + 1);
    });

    it('should call nothing syncing after a run that was cut short', async () => {
      write('ab');
      cloud.before = ({ call }) => {
        if (call === 'apply') {
          throw new ReplicaError('offline', 'The cloud does not answer.');
        }
      };
      await syncing.sync(thesis);
      expect(syncing.files.of(ONE)?.map(({ status }) => status)).toEqual([
        'local-change',
        'local-change'
      ]);
    });

    it('should not take the plan for one side for all that there is to do', async () => {
      write('a');
      await syncing.pull(thesis);
      expect(syncing.files.of(ONE)).toBeNull();
      expect(await words()).toEqual({ a: 'local-change' });
    });
  });

  describe('the registry', () => {
    it('should load the state once for all who ask at once, and again after a failure', async () => {
      storage.unreadable.add('state-a.sqlite3');
      credentials.remove(CLOUD);
      const other = new Registry({
        stateFolder: '',
        openStore: () => {
          opens += 1;
          return open(storage);
        },
        openSession: () =>
          new CloudSession({ cloudUrl: CLOUD, credentials, onRequest: () => undefined }),
        tabs: new Tabs({ jupyterUrl: 'http://c/', locks: null, storage: null }),
        onError: () => undefined
      });
      await other.ready;
      await expect(other.requireStore()).rejects.toMatchObject({ code: 'failed' });
      storage.unreadable.clear();
      opens = 0;
      const stores = await Promise.all([other.requireStore(), other.requireStore()]);
      expect(opens).toBe(1);
      expect(stores[0]).toBe(stores[1]);
      expect(other.stateError).toBe('');
      other.dispose();
    });

    it('should not take a state for the newest when the reload failed', async () => {
      const teller = new Tabs({ jupyterUrl: 'http://a/', locks: null, storage: null });
      const elsewhere = await open(storage);
      await elsewhere.updateProject(ONE, { paused: true });
      storage.unreadable.add('state-a.sqlite3');
      const told = new Promise<void>(resolve => {
        const tab = new Tabs({ jupyterUrl: 'http://a/', locks: null, storage: null });
        tab.saved.connect(() => {
          tab.dispose();
          resolve();
        });
      });
      teller.tellSaved('2 x');
      await told;
      await expect(registry.requireStore()).rejects.toMatchObject({ code: 'failed' });
      await expect(registry.requireStore()).rejects.toMatchObject({ code: 'failed' });
      storage.unreadable.clear();
      await registry.requireStore();
      expect(registry.tied(ONE)?.paused).toBe(true);
      teller.dispose();
    });
  });
});

function gate(): { readonly passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>(resolve => {
    open = resolve;
  });
  return { passed, open: () => open() };
}
