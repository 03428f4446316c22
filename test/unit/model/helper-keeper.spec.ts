import { Signal } from '@lumino/signaling';

import { Credentials } from '../../../src/cloud/credentials';
import { CloudSession } from '../../../src/model/cloud-session';
import { HelperKeeper } from '../../../src/model/helper-keeper';
import { ProjectIgnores } from '../../../src/model/project-ignores';
import { Registry } from '../../../src/model/registry';
import type { Settings } from '../../../src/model/settings';
import { DEFAULT_SETTINGS } from '../../../src/model/settings';
import { Tabs } from '../../../src/model/tabs';
import { MemoryStorage } from '../../support/memory-storage';
import { ONE, open, project } from '../../support/state-examples';

class TestSettings {
  constructor(public current: Settings) {}

  readonly changed = new Signal<unknown, void>(this);

  set(change: Partial<Settings>): void {
    this.current = { ...this.current, ...change };
    this.changed.emit();
  }
}

describe('HelperKeeper', () => {
  let registry: Registry;
  let settings: TestSettings;
  let errors: unknown[];

  beforeEach(async () => {
    errors = [];
    settings = new TestSettings({ ...DEFAULT_SETTINGS, helperKernel: 'off' });
    const credentials = new Credentials({ jupyterUrl: 'http://a/', storage: null, events: null });
    registry = new Registry({
      stateFolder: 'state',
      openStore: () => open(new MemoryStorage()),
      openSession: () =>
        new CloudSession({ cloudUrl: '', credentials, onRequest: () => undefined }),
      tabs: new Tabs({ jupyterUrl: 'http://a/', locks: null, storage: null }),
      onError: error => errors.push(error)
    });
    await registry.ready;
  });

  afterEach(() => {
    expect(errors).toEqual([]);
  });

  function keeper(load: HelperKeeper.IOptions['load']): HelperKeeper {
    const ignores = new ProjectIgnores({ registry, settings, sharedIgnores: () => [] });
    const onError = (error: unknown) => errors.push(error);
    return new HelperKeeper({ registry, settings, ignores, load, onError });
  }

  /** As when a folder is linked, or is no more. */
  async function link(isLinked: boolean): Promise<void> {
    const store = await registry.requireStore();
    await (isLinked ? store.addProject(project()) : store.removeProject(ONE));
    registry.tell();
  }

  it('says nothing while no folder is linked', () => {
    expect(keeper(null).status).toEqual({ state: 'off', reason: null });
  });

  it('says that it is turned off, as soon as that matters', async () => {
    const kept = keeper(() => Promise.reject(new Error('It is not to be loaded.')));
    const told: unknown[] = [];
    kept.changed.connect(() => told.push(kept.status.reason));
    await link(true);
    expect(kept.status).toEqual({ state: 'off', reason: 'disabled' });
    await link(false);
    expect(kept.status).toEqual({ state: 'off', reason: null });
    expect(told).toEqual(['disabled', null]);
  });

  it('says that there are no kernels, where the server has none', async () => {
    const kept = keeper(null);
    await link(true);
    settings.set({ helperKernel: 'auto' });
    expect(kept.status).toEqual({ state: 'off', reason: 'no-python' });
  });
});
