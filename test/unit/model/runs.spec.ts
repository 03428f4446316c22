import { Lease } from '../../../src/model/lease';
import { Runs } from '../../../src/model/runs';
import { Tabs } from '../../../src/model/tabs';
import { createIgnores } from '../../../src/sync/ignore';
import { MemoryJournal } from '../../support/memory-journal';
import { MemoryReplica } from '../../support/memory-replica';
import { MemoryStorage } from '../../support/memory-storage';

/** A moment after which everything that can go on without us has. */
const quiet = () => new Promise(resolve => setTimeout(resolve, 10));

describe('Runs', () => {
  let tabs: Tabs;
  let lease: Lease;
  let runs: Runs;
  let local: MemoryReplica;
  let cloud: MemoryReplica;
  let prepared: string[];

  beforeEach(() => {
    tabs = new Tabs({ jupyterUrl: 'http://a/', locks: null, storage: null });
    lease = new Lease({ storage: new MemoryStorage(), onError: () => undefined });
    runs = new Runs({ tabs, lease });
    local = new MemoryReplica({ side: 'local' });
    cloud = new MemoryReplica({ side: 'cloud' });
    local.write('a', 'content');
    prepared = [];
  });

  afterEach(() => {
    runs.dispose();
    lease.dispose();
    tabs.dispose();
  });

  const start = (projectId: string) =>
    runs.run(projectId, {}, () => {
      prepared.push(projectId);
      return Promise.resolve({
        replicas: { local, cloud },
        journal: new MemoryJournal(),
        ignores: createIgnores({ patterns: [], syncHidden: false, excluded: [] }),
        conflictPolicy: () => 'keep-both' as const,
        now: () => 0,
        catchUp: () => Promise.resolve(),
        isCurrent: () => true,
        isOvertaken: () => false,
        onEnd: () => Promise.resolve()
      });
    });

  /** Lets runs wait in their first scan; the returned function lets them go on. */
  const hold = () => {
    let release = () => {};
    const released = new Promise<void>(resolve => (release = resolve));
    local.before = ({ call }) => (call === 'scan' ? released : undefined);
    return release;
  };

  it('should cancel the runs of a project that wait, and prepare none of them', async () => {
    const release = hold();
    const [first, second, other] = [start('one'), start('one'), start('other')];
    await quiet();
    runs.cancel('one');
    release();
    const cancelled = { state: 'failed', problems: [{ code: 'cancelled' }], actions: [] };
    expect((await first).report).toMatchObject(cancelled);
    expect((await second).report).toMatchObject(cancelled);
    expect((await other).report.state).toBe('synced');
    expect(prepared).toEqual(['one', 'other']);
  });

  it('should settle only when the run has ended', async () => {
    const release = hold();
    const run = start('one');
    await quiet();
    const told: string[] = [];
    const ended = run.then(() => told.push('ended'));
    const settled = runs.settle('one').then(() => told.push('settled'));
    await quiet();
    expect(told).toEqual([]);
    release();
    await Promise.all([ended, settled]);
    expect(told.sort()).toEqual(['ended', 'settled']);
  });

  it('should settle at once while the run of another project is under way', async () => {
    const release = hold();
    const [other, one] = [start('other'), start('one')];
    await quiet();
    await runs.settle('one');
    release();
    expect((await one).report.problems).toMatchObject([{ code: 'cancelled' }]);
    expect((await other).report.state).toBe('synced');
  });

  it('should let no run begin while a project is worked on apart, and forget its report', async () => {
    await start('one');
    expect(runs.lastReport('one')).not.toBeNull();
    let finish = () => {};
    const apart = runs.apart('one', () => new Promise<void>(resolve => (finish = resolve)));
    await quiet();
    const run = start('one');
    await quiet();
    expect(prepared).toEqual(['one']);
    finish();
    await apart;
    expect(runs.lastReport('one')).toBeNull();
    expect((await run).report.state).toBe('synced');
  });

  it('should keep the report, and let runs go on, when the work apart failed', async () => {
    await start('one');
    await expect(runs.apart('one', () => Promise.reject(new Error('it failed')))).rejects.toThrow(
      'it failed'
    );
    expect(runs.lastReport('one')).not.toBeNull();
    expect((await start('one')).report.state).toBe('synced');
  });
});
