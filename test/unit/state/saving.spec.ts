import { EMPTY_MEMORY } from '../../../src/sync/memory';
import {
  activity,
  file,
  fullChange,
  intent,
  NOW,
  ONE,
  open,
  opened,
  project,
  reopened,
  TWO
} from '../../support/state-examples';

const untilWrites = async (storage: { writes: string[] }, count: number): Promise<void> => {
  while (storage.writes.length < count) {
    await new Promise(resolve => setImmediate(resolve));
  }
};

describe('saving the state', () => {
  it('writes the two files in turn', async () => {
    const { storage, store } = await opened();
    await store.updateProject(ONE, { name: '2' });
    await store.updateProject(ONE, { name: '3' });
    expect(storage.writes).toEqual(['state-a.sqlite3', 'state-b.sqlite3', 'state-a.sqlite3']);
    const again = await open(storage);
    expect(again.projects()).toMatchObject([{ name: '3' }]);
    await again.updateProject(ONE, { name: '4' });
    expect(storage.writes.at(-1)).toBe('state-b.sqlite3');
    expect((await reopened(storage)).projects()).toMatchObject([{ name: '4' }]);
  });

  it('saves changes that are made together once', async () => {
    const { storage, store } = await opened();
    await store.addProject(project(TWO, 'other'));
    await Promise.all([
      store.journal(ONE).commit(fullChange),
      store.journal(TWO).commit(fullChange),
      store.updateProject(ONE, { paused: true })
    ]);
    expect(storage.writes).toHaveLength(3);
  });

  it('saves a change that is made together with one that changes nothing', async () => {
    const { storage, store } = await opened();
    await Promise.all([
      store.updateProject(ONE, { paused: true }),
      store.updateProject(ONE, { name: 'thesis' })
    ]);
    expect((await reopened(storage)).projects()).toMatchObject([{ paused: true }]);
  });

  it('lets the changes that come while a save runs share the next one', async () => {
    const { storage, store } = await opened();
    const release = storage.hold();
    const journal = store.journal(ONE);
    const first = journal.intend([intent('a')]);
    await untilWrites(storage, 2);
    const others = Array.from({ length: 20 }, (_, index) => journal.intend([intent(`b ${index}`)]));
    release();
    await Promise.all([first, ...others]);
    expect(storage.writes).toHaveLength(3);
    expect((await (await reopened(storage)).journal(ONE).load()).intents).toHaveLength(21);
  });

  it('does not show what is not durable yet', async () => {
    const { storage, store } = await opened();
    const release = storage.hold();
    const commit = store.journal(ONE).commit(fullChange);
    const renamed = store.updateProject(ONE, { name: 'new' });
    await untilWrites(storage, 2);
    expect(store.projects()).toMatchObject([{ name: 'thesis' }]);
    const loaded = store.journal(ONE).load();
    release();
    await Promise.all([commit, renamed]);
    expect((await loaded).base).toEqual(fullChange.base);
    expect(store.projects()).toMatchObject([{ name: 'new' }]);
  });

  it.each(['refuse', 'half'] as const)(
    'keeps nothing of a change whose write fails (%s), neither in memory nor in the files',
    async failure => {
      const { storage, store } = await opened();
      await store.journal(ONE).commit({ base: new Map([['kept', file('1')]]) });
      storage.plan.push(failure);
      const results = await Promise.allSettled([
        store.journal(ONE).commit(fullChange),
        store.journal(ONE).intend([intent('a')]),
        store.addProject(project(TWO, 'other'))
      ]);
      for (const result of results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'not-saved' } });
      }
      const kept = { ...EMPTY_MEMORY, base: new Map([['kept', file('1')]]) };
      for (const one of [store, await reopened(storage)]) {
        expect(one.projects()).toHaveLength(1);
        expect(await one.journal(ONE).load()).toEqual(kept);
      }
    }
  );

  it('goes on after a failed save, never over the good file', async () => {
    const { storage, store } = await opened();
    storage.plan.push('half', 'half', 'write');
    await expect(store.updateProject(ONE, { name: '2' })).rejects.toMatchObject({
      code: 'not-saved'
    });
    await expect(store.updateProject(ONE, { name: '3' })).rejects.toThrow('the connection broke');
    await store.updateProject(ONE, { name: '4' });
    expect(storage.writes).toEqual([
      'state-a.sqlite3',
      'state-b.sqlite3',
      'state-b.sqlite3',
      'state-b.sqlite3'
    ]);
    expect((await reopened(storage)).projects()).toMatchObject([{ name: '4' }]);
  });

  it('saves over a save that was reported as failed and yet arrived', async () => {
    const { storage, store } = await opened();
    storage.plan.push('lose-answer');
    await expect(store.updateProject(ONE, { name: 'lost' })).rejects.toMatchObject({
      code: 'not-saved'
    });
    expect(store.projects()).toMatchObject([{ name: 'thesis' }]);
    await store.updateProject(ONE, { paused: true });
    expect((await reopened(storage)).projects()).toMatchObject([{ name: 'thesis', paused: true }]);
  });

  it('still cascades and accepts changes after a failed save', async () => {
    const { storage, store } = await opened();
    await store.journal(ONE).commit(fullChange);
    storage.plan.push('refuse');
    await expect(store.updateProject(ONE, { name: '2' })).rejects.toThrow('no space left');
    await store.removeProject(ONE);
    await store.addProject(project());
    expect(await store.journal(ONE).load()).toEqual(EMPTY_MEMORY);
  });

  it('runs what waited for a failed save on what is durable', async () => {
    const { storage, store } = await opened();
    const release = storage.hold();
    storage.plan.push('refuse');
    const failing = store.updateProject(ONE, { name: 'lost', paused: true });
    const failed = expect(failing).rejects.toMatchObject({ code: 'not-saved' });
    await untilWrites(storage, 2);
    const next = store.updateProject(ONE, { name: 'kept' });
    release();
    await failed;
    await next;
    expect((await reopened(storage)).projects()).toMatchObject([{ name: 'kept', paused: false }]);
  });

  it('writes nothing when it may not', async () => {
    const { storage } = await opened();
    const before = new Map(storage.files);
    const store = await open(storage, {
      beforeSave: () => Promise.reject(new Error('another page writes'))
    });
    store.noteSync(ONE, NOW + 1);
    store.addActivities([activity('mine')]);
    await expect(store.updateProject(ONE, { paused: true })).rejects.toThrow('another page writes');
    expect(storage.files).toEqual(before);
    expect(store.projects()).toMatchObject([{ paused: false, lastSyncAt: NOW + 1 }]);
    expect(store.activities()).toEqual([activity('mine')]);
  });
});
