import { Tabs } from '../../../src/model/tabs';

/** Locks of one browser, as the Web Locks API gives them. */
function browser(): Tabs.Locks {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: (_name, work) => {
      const turn = last.then(work, work);
      last = turn;
      return turn;
    }
  };
}

describe('Tabs', () => {
  const tabs: Tabs[] = [];
  const open = (jupyterUrl: string, locks: Tabs.Locks | null): Tabs => {
    const tab = new Tabs({ jupyterUrl, locks });
    tabs.push(tab);
    return tab;
  };

  afterEach(() => {
    for (const tab of tabs.splice(0)) {
      tab.dispose();
    }
  });

  it('should let one page work at a time, and the next also after a failure', async () => {
    const locks = browser();
    const [one, other] = [open('http://a/', locks), open('http://a/', locks)];
    const told: string[] = [];
    let finish = () => {};
    const first = one.turn(async () => {
      told.push('first begins');
      await new Promise<void>(resolve => (finish = resolve));
      told.push('first ends');
      throw new Error('it failed');
    });
    const second = other.turn(() => Promise.resolve(told.push('second')));
    await new Promise(setImmediate);
    finish();
    await expect(first).rejects.toThrow('it failed');
    await second;
    expect(told).toEqual(['first begins', 'first ends', 'second']);
  });

  it('should work without locks', async () => {
    expect(await open('http://a/', null).turn(() => Promise.resolve(7))).toBe(7);
  });

  it('should tell the pages of the same server that it saved, and no others', async () => {
    const [one, same, other] = [
      open('http://a/', null),
      open('http://a/', null),
      open('http://b/', null)
    ];
    const heard: string[] = [];
    one.saved.connect(() => heard.push('one'));
    other.saved.connect(() => heard.push('other'));
    const told = new Promise<void>(resolve => same.saved.connect(() => resolve()));
    one.tellSaved('1 a');
    await told;
    expect(heard).toEqual([]);
  });

  it('should let the others know at once what was saved last', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value)
    };
    const [one, same] = ['http://a/', 'http://a/'].map(jupyterUrl => {
      const tab = new Tabs({ jupyterUrl, locks: null, storage });
      tabs.push(tab);
      return tab;
    });
    const other = new Tabs({ jupyterUrl: 'http://b/', locks: null, storage });
    tabs.push(other);
    one?.tellSaved('3 abc');
    expect([one, same, other].map(tab => tab?.newestMark)).toEqual(['3 abc', '3 abc', null]);
  });

  it('should know nothing where the browser keeps nothing', () => {
    const blocked = () => {
      throw new Error('blocked');
    };
    for (const storage of [null, { getItem: blocked, setItem: blocked }]) {
      const tab = new Tabs({ jupyterUrl: 'http://a/', locks: null, storage });
      tabs.push(tab);
      tab.tellSaved('3 abc');
      expect(tab.newestMark).toBeNull();
    }
  });

  it('should let a page work on the state within its turn', async () => {
    const queues = new Map<string, Promise<unknown>>();
    const locks: Tabs.Locks = {
      request: (name, work) => {
        const turn = (queues.get(name) ?? Promise.resolve()).then(work, work);
        queues.set(name, turn);
        return turn;
      }
    };
    const tab = open('http://a/', locks);
    expect(await tab.turn(() => tab.alone(() => Promise.resolve(7)))).toBe(7);
  });
});
