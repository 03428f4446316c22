import type { StateStore } from '../../../src/state/store';
import { MemoryStorage } from '../../support/memory-storage';
import {
  activity,
  file,
  fullChange,
  NOW,
  ONE,
  open,
  project,
  TWO
} from '../../support/state-examples';

/** The pages of one browser over one storage, which counts what it is read. */
class Pages {
  readonly storage = new MemoryStorage();
  reads = 0;

  constructor() {
    const read = this.storage.read.bind(this.storage);
    this.storage.read = name => {
      this.reads += 1;
      return read(name);
    };
  }

  open(): Promise<StateStore> {
    return open(this.storage, {
      newestMark: () => this.#mark,
      afterSave: mark => {
        this.#mark = mark;
      },
      exclusively: work => {
        const alone = () => work(false);
        const turn = this.#last.then(alone, alone);
        this.#last = turn;
        return turn;
      }
    });
  }

  #mark: string | null = null;
  #last: Promise<unknown> = Promise.resolve();
}

describe('the state of several pages', () => {
  let pages: Pages;
  let one: StateStore;
  let other: StateStore;

  beforeEach(async () => {
    pages = new Pages();
    one = await pages.open();
    await one.addProject(project());
    other = await pages.open();
  });

  it('keeps the changes of both', async () => {
    await one.updateProject(ONE, { paused: true });
    await other.addProject(project(TWO, 'other'));
    await one.journal(ONE).commit(fullChange);
    const reopened = await pages.open();
    expect(reopened.projects()).toMatchObject([
      { id: TWO, path: 'other' },
      { id: ONE, paused: true }
    ]);
    expect((await reopened.journal(ONE).load()).base).toEqual(fullChange.base);
  });

  it('keeps the changes that both make at once', async () => {
    await Promise.all([
      one.updateProject(ONE, { paused: true }),
      other.addProject(project(TWO, 'other')),
      one.updateProject(ONE, { name: 'renamed' }),
      other.journal(ONE).commit({ base: new Map([['a', file('a')]]) })
    ]);
    const reopened = await pages.open();
    expect(reopened.projects()).toMatchObject([
      { id: TWO },
      { id: ONE, name: 'renamed', paused: true }
    ]);
    expect((await reopened.journal(ONE).load()).base).toEqual(new Map([['a', file('a')]]));
  });

  it('refuses a change that the other page has made impossible', async () => {
    await one.removeProject(ONE);
    await expect(other.updateProject(ONE, { paused: true })).rejects.toMatchObject({
      code: 'not-found'
    });
    expect(other.projects()).toEqual([]);
  });

  it('reads nothing while nobody else saves', async () => {
    const reads = pages.reads;
    await other.updateProject(ONE, { paused: true });
    await other.updateProject(ONE, { paused: false });
    await other.journal(ONE).commit(fullChange);
    expect(other.isOutdated).toBe(false);
    expect(pages.reads).toBe(reads);
  });

  it('knows without a reading that it is outdated, until it reloads', async () => {
    const reads = pages.reads;
    await one.updateProject(ONE, { paused: true });
    expect(other.isOutdated).toBe(true);
    expect(pages.reads).toBe(reads);
    await other.reload();
    expect(other.isOutdated).toBe(false);
    expect(other.projects()).toMatchObject([{ paused: true }]);
  });

  it('writes nothing when what the other page saved can not be read', async () => {
    await one.updateProject(ONE, { paused: true });
    pages.storage.unreadable.add('state-a.sqlite3');
    const writes = pages.storage.writes.length;
    await expect(other.updateProject(ONE, { name: 'mine' })).rejects.toMatchObject({
      code: 'unreadable'
    });
    expect(pages.storage.writes).toHaveLength(writes);
    pages.storage.unreadable.clear();
    await other.updateProject(ONE, { name: 'mine' });
    expect(other.projects()).toMatchObject([{ paused: true, name: 'mine' }]);
  });

  it('keeps what was deferred here when the other page saved', async () => {
    other.noteSync(ONE, NOW + 1);
    other.addActivities([activity('mine')]);
    await one.updateProject(ONE, { paused: true });
    await other.save();
    expect((await pages.open()).projects()).toMatchObject([{ paused: true, lastSyncAt: NOW + 1 }]);
  });

  it('keeps a noted sync from a tie that was made anew elsewhere', async () => {
    other.noteSync(ONE, NOW + 1);
    await one.removeProject(ONE);
    await one.addProject(project(ONE, 'elsewhere'));
    await other.save();
    expect(other.projects()).toMatchObject([{ path: 'elsewhere', lastSyncAt: null }]);
  });

  it('lets a run of an earlier tie write nothing into the new one', async () => {
    const journal = other.journal(ONE);
    await one.removeProject(ONE);
    await one.addProject(project(ONE, 'elsewhere'));
    await expect(journal.commit(fullChange)).rejects.toMatchObject({ code: 'not-found' });
    await expect(journal.intend([])).rejects.toMatchObject({ code: 'not-found' });
    await expect(journal.load()).rejects.toMatchObject({ code: 'not-found' });
    expect((await (await pages.open()).journal(ONE).load()).base.size).toBe(0);
  });
});
