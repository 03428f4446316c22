import { jest } from '@jest/globals';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import { HelperError } from '../../../src/local/helper/helper-error';
import { HelperKernel } from '../../../src/local/helper/kernel';
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

/** A helper kernel that comes when the test says so. */
class SlowHelper extends HelperKernel {
  constructor() {
    super({} as HelperKernel.IOptions);
  }

  /** How often it was asked to start. */
  starts = 0;

  override get status(): HelperKernel.IStatus {
    return this.#now;
  }

  override get isReady(): boolean {
    return this.#now.state === 'ready';
  }

  override get statusChanged(): Signal<this, HelperKernel.IStatus> {
    return this.#told;
  }

  override start(): Promise<boolean> {
    this.starts += 1;
    if (this.#now.state === 'off') {
      this.become('starting');
    }
    return this.#now.state === 'starting' ? this.#started.promise : Promise.resolve(this.isReady);
  }

  become(state: HelperKernel.State): void {
    this.#now = { state, reason: null };
    this.#told.emit(this.#now);
    if (state === 'starting') {
      this.#started = new PromiseDelegate<boolean>();
    } else {
      this.#started.resolve(this.isReady);
    }
  }

  #now: HelperKernel.IStatus = { state: 'off', reason: null };
  #started = new PromiseDelegate<boolean>();
  readonly #told = new Signal<this, HelperKernel.IStatus>(this);
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

  describe('before a run', () => {
    let helper: SlowHelper;
    let kept: HelperKeeper;

    beforeEach(async () => {
      settings.set({ helperKernel: 'auto' });
      helper = new SlowHelper();
      kept = keeper(() => Promise.resolve(helper));
      await link(true);
      jest.useFakeTimers({
        doNotFake: ['performance', 'queueMicrotask', 'nextTick', 'setImmediate']
      });
    });

    afterEach(() => {
      kept.dispose();
      jest.useRealTimers();
    });

    /** Whether a run would begin by now; `after`: ms. */
    async function begins(after: number): Promise<boolean> {
      let isSettled = false;
      const settled = kept.settled().then(() => (isSettled = true));
      await jest.advanceTimersByTimeAsync(after);
      const begun = isSettled;
      await jest.advanceTimersByTimeAsync(10_000);
      await settled;
      return begun;
    }

    it('should wait for a helper that starts', async () => {
      const settled = kept.settled();
      await jest.advanceTimersByTimeAsync(1900);
      expect(kept.helper).toBeNull();
      helper.become('ready');
      await settled;
      expect(kept.helper).toBe(helper);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('should not wait longer than two seconds, nor for a second time, until it was there', async () => {
      expect(await begins(1900)).toBe(false);
      expect(await begins(0)).toBe(true);
      helper.become('ready');
      helper.become('starting');
      expect(await begins(1900)).toBe(false);
    });

    it.each(['refused', 'lost', 'off'] as const)(
      'should not wait for one that is %s',
      async state => {
        await jest.advanceTimersByTimeAsync(0);
        helper.become(state);
        const { starts } = helper;
        expect(await begins(0)).toBe(true);
        expect(helper.starts).toBe(starts);
      }
    );

    it('should not wait where it is turned off', async () => {
      settings.set({ helperKernel: 'off' });
      expect(await begins(0)).toBe(true);
    });

    it('should leave it alone for a while when it failed, but not for a root behind a link', async () => {
      await jest.advanceTimersByTimeAsync(0);
      helper.become('ready');
      kept.failed(new HelperError('root-link', 'A link.'));
      expect(kept.helper).toBe(helper);
      kept.failed(new HelperError('lost', 'It went.'));
      expect(kept.helper).toBeNull();
      expect(await begins(0)).toBe(true);
      await jest.advanceTimersByTimeAsync(30_000);
      expect(kept.helper).toBe(helper);
    });
  });
});
