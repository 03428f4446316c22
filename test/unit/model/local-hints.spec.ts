import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';
import { jest } from '@jest/globals';
import { Signal } from '@lumino/signaling';

import { LocalHints } from '../../../src/model/local-hints';
import type { Settings } from '../../../src/model/settings';
import { DEFAULT_SETTINGS } from '../../../src/model/settings';
import type { FilesChanged } from '../../../src/tokens';
import { FakeSocket } from '../../support/fake-socket';

class FakeHelper {
  readonly changed = new Signal<this, void>(this);
  readonly hints = new Signal<this, readonly string[] | null>(this);
  helper: object | null = null;

  become(helper: object | null): void {
    this.helper = helper;
    this.changed.emit();
  }
}

class FakeSettings {
  readonly changed = new Signal<unknown, void>(this);
  current: Settings = DEFAULT_SETTINGS;

  set(change: Partial<Settings>): void {
    this.current = { ...this.current, ...change };
    this.changed.emit();
  }
}

let hints: LocalHints;
let helper: FakeHelper;
let settings: FakeSettings;
/** What wakes a sync. */
let changed: (readonly string[] | null)[];
/** What open documents hear. */
let heard: FilesChanged[];

const pass = () => jest.advanceTimersByTimeAsync(0);
const open = () => FakeSocket.all.filter(({ readyState }) => readyState !== 3);

beforeEach(async () => {
  jest.useFakeTimers();
  FakeSocket.all = [];
  helper = new FakeHelper();
  settings = new FakeSettings();
  changed = [];
  heard = [];
  hints = new LocalHints({
    contents: { fileChanged: new Signal<object, Contents.IChangedArgs>({}) } as never,
    serverSettings: ServerConnection.makeSettings({ WebSocket: FakeSocket as never }),
    kernels: null,
    helper: helper as never,
    settings,
    onError: error => {
      throw error;
    }
  });
  hints.changed.connect((_, paths) => changed.push(paths));
  hints.heard.connect((_, change) => heard.push(change));
  await pass();
});

afterEach(() => {
  hints.dispose();
  jest.useRealTimers();
});

describe('LocalHints', () => {
  const save = () => open()[0]?.tell({ action: 'save', path: 'a.txt' });

  it('should tell open documents what the server tells, while nothing is synced', () => {
    save();
    expect(heard).toEqual([{ source: 'server', paths: ['a.txt'] }]);
    expect(changed).toEqual([]);
  });

  it('should wake syncs and tell documents by one connection', async () => {
    hints.start();
    await pass();
    changed.length = 0;
    expect(open()).toHaveLength(1);
    save();
    expect(changed).toEqual([['a.txt']]);
    expect(heard).toEqual([{ source: 'server', paths: ['a.txt'] }]);
  });

  it('should go on telling documents, which may be anywhere, while the helper sees what is synced', () => {
    hints.start();
    helper.become({});
    changed.length = 0;
    save();
    expect(heard).toEqual([{ source: 'server', paths: ['a.txt'] }]);
    expect(changed).toEqual([]);
  });

  it('should tell apart what the helper sees, which is never its own', () => {
    const seen: (readonly string[] | null)[] = [];
    hints.seen.connect((_, paths) => seen.push(paths));
    helper.hints.emit(['a.txt']);
    hints.start();
    changed.length = 0;
    helper.hints.emit(['b.txt']);
    helper.hints.emit(null);
    expect(seen).toEqual([['b.txt'], null]);
    expect(changed).toEqual([]);
  });

  it.each([{ followServer: false }, { followDisk: false }])(
    'should listen to the server for syncs alone where the settings say %p',
    async off => {
      settings.set(off);
      await pass();
      expect(open()).toHaveLength(0);
      hints.start();
      await pass();
      expect(open()).toHaveLength(1);
      helper.become({});
      await pass();
      expect(open()).toHaveLength(0);
      settings.set({ followServer: true, followDisk: true });
      await pass();
      expect(open()).toHaveLength(1);
    }
  );
});
