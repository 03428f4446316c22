import initSqlJs from 'sql.js';

import { StateError } from '../../../src/state/state-error';
import { MemoryStorage } from '../../support/memory-storage';
import {
  activity,
  NOW,
  ONE,
  open,
  opened,
  project,
  reopened,
  TWO
} from '../../support/state-examples';

describe('StateStore projects', () => {
  it('begins empty, and writes nothing by opening', async () => {
    const storage = new MemoryStorage();
    const store = await open(storage);
    expect(store.projects()).toEqual([]);
    expect(store.activities()).toEqual([]);
    expect(storage.writes).toEqual([]);
  });

  it('keeps a project with all its values', async () => {
    const { storage, store } = await opened();
    const expected = {
      ...project(),
      paused: false,
      linkedAt: NOW,
      lastSyncAt: null,
      cloudCursor: null,
      localCursor: null
    };
    expect(store.projects()).toEqual([expected]);
    expect((await reopened(storage)).projects()).toEqual([expected]);
  });

  it('lists projects by path', async () => {
    const { store } = await opened();
    await store.addProject(project(TWO, 'a'));
    expect(store.projects().map(({ path }) => path)).toEqual(['a', 'work/thesis']);
  });

  it('changes what the patch names, and nothing else', async () => {
    const { storage, store } = await opened();
    const [before] = store.projects();
    await store.updateProject(ONE, { paused: true, path: 'moved', lastSyncAt: 5 });
    const after = { ...before, paused: true, path: 'moved', lastSyncAt: 5 };
    expect(store.projects()).toEqual([after]);
    expect((await reopened(storage)).projects()).toEqual([after]);
  });

  it('writes nothing for a patch that changes nothing', async () => {
    const { storage, store } = await opened();
    await store.updateProject(ONE, { paused: false, name: 'thesis' });
    expect(storage.writes).toHaveLength(1);
  });

  it('refuses to tie a project twice, or two projects to one folder', async () => {
    const { storage, store } = await opened();
    await expect(store.addProject(project(ONE, 'other'))).rejects.toMatchObject({
      code: 'already-linked',
      message: expect.stringContaining('work/thesis')
    });
    await expect(store.addProject(project(TWO))).rejects.toMatchObject({ code: 'already-linked' });
    await store.addProject(project(TWO, 'other'));
    await expect(store.updateProject(TWO, { path: 'work/thesis' })).rejects.toMatchObject({
      code: 'already-linked'
    });
    expect((await reopened(storage)).projects().map(({ path }) => path)).toEqual([
      'other',
      'work/thesis'
    ]);
  });

  it('rejects a patch of a project that is not here', async () => {
    const { store } = await opened();
    await expect(store.updateProject(TWO, { paused: true })).rejects.toMatchObject({
      code: 'not-found'
    });
  });

  it('lets one failing change leave the others of its batch as they are', async () => {
    const { storage, store } = await opened();
    const results = await Promise.allSettled([
      store.addProject(project(TWO, 'other')),
      store.addProject(project(ONE, 'again')),
      store.updateProject(TWO, { paused: true })
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await reopened(storage)).projects()).toMatchObject([
      { id: TWO, path: 'other', paused: true },
      { id: ONE, path: 'work/thesis' }
    ]);
  });
});

describe('StateStore deferred changes', () => {
  it('shows a noted sync at once, and saves it with the next change', async () => {
    const { storage, store } = await opened();
    store.noteSync(ONE, NOW + 1);
    expect(store.projects()).toMatchObject([{ lastSyncAt: NOW + 1 }]);
    expect(storage.writes).toHaveLength(1);
    await store.updateProject(ONE, { paused: true });
    expect((await reopened(storage)).projects()).toMatchObject([
      { lastSyncAt: NOW + 1, paused: true }
    ]);
  });

  it('ignores a noted sync of a project that was removed since', async () => {
    const { storage, store } = await opened();
    store.noteSync(ONE, NOW + 1);
    await store.removeProject(ONE);
    expect((await reopened(storage)).projects()).toEqual([]);
  });

  it('shows activities newest first, and saves them when asked to', async () => {
    const { storage, store } = await opened();
    store.addActivities([activity('first'), activity('second')]);
    store.addActivities([{ ...activity('third'), kind: 'run', path: null }]);
    expect(store.activities().map(({ text }) => text)).toEqual(['third', 'second', 'first']);
    expect(storage.writes).toHaveLength(1);
    await store.save();
    expect(storage.writes).toHaveLength(2);
    const again = await reopened(storage);
    expect(again.activities()).toEqual(store.activities());
    expect(again.activities(1)).toEqual([{ ...activity('third'), kind: 'run', path: null }]);
  });

  it('writes nothing when nothing is to be saved', async () => {
    const { storage, store } = await opened();
    await store.save();
    expect(storage.writes).toHaveLength(1);
  });

  it('keeps the newest 2000 activities', async () => {
    const { storage, store } = await opened();
    store.addActivities(Array.from({ length: 1500 }, (_, index) => activity(`old ${index}`)));
    await store.save();
    store.addActivities(Array.from({ length: 1500 }, (_, index) => activity(`new ${index}`)));
    await store.save();
    for (const one of [store, await reopened(storage)]) {
      const texts = one.activities().map(({ text }) => text);
      expect(texts).toHaveLength(2000);
      expect(texts[0]).toBe('new 1499');
      expect(texts[1999]).toBe('old 1000');
    }
    const sqlJs = await initSqlJs();
    const saved = new sqlJs.Database(storage.files.get(storage.writes.at(-1) ?? ''));
    expect(saved.exec('select count(*) from activities')[0]?.values).toEqual([[2000]]);
  });

  it('keeps activities for the next save when one failed', async () => {
    const { storage, store } = await opened();
    store.addActivities([activity('first')]);
    storage.plan.push('refuse');
    await expect(store.save()).rejects.toMatchObject({ code: 'not-saved' });
    store.addActivities([activity('second')]);
    await store.save();
    const texts = (await reopened(storage)).activities().map(({ text }) => text);
    expect(texts).toEqual(['second', 'first']);
  });

  it('remembers the activities of a project that was removed', async () => {
    const { storage, store } = await opened();
    store.addActivities([activity('linked')]);
    await store.removeProject(ONE);
    expect((await reopened(storage)).activities()).toEqual([activity('linked')]);
  });
});

describe('StateStore#reload()', () => {
  it('tells that there is nothing newer', async () => {
    const { store } = await opened();
    expect(await store.reload()).toBe(false);
    expect(store.projects()).toHaveLength(1);
  });

  it('takes what another page saved, and keeps what was not saved yet here', async () => {
    const { storage, store } = await opened();
    store.addActivities([activity('mine')]);
    store.noteSync(ONE, NOW + 9);
    const other = await open(storage);
    other.addActivities([activity('theirs')]);
    await other.addProject(project(TWO, 'other'));
    expect(await store.reload()).toBe(true);
    expect(store.projects()).toMatchObject([{ id: TWO }, { id: ONE, lastSyncAt: NOW + 9 }]);
    expect(store.activities().map(({ text }) => text)).toEqual(['mine', 'theirs']);
    expect(await store.reload()).toBe(false);
    await store.save();
    expect((await reopened(storage)).activities()).toHaveLength(2);
  });

  it('notices another page that saved the same number', async () => {
    const { storage, store } = await opened();
    const other = await open(storage);
    await store.addProject(project(TWO, 'mine'));
    await other.addProject(project(TWO, 'theirs'));
    expect(await store.reload()).toBe(true);
    expect(store.projects().map(({ path }) => path)).toContain('theirs');
  });

  it('still cascades after it', async () => {
    const { storage, store } = await opened();
    const other = await open(storage);
    await other.journal(ONE).commit({ conflicts: [{ path: 'a', copy: null, reason: 'r' }] });
    await store.reload();
    await store.removeProject(ONE);
    await store.addProject(project());
    expect((await store.journal(ONE).load()).conflicts).toEqual([]);
  });

  it('rejects when the storage can not be read, and stays as it is', async () => {
    const { storage, store } = await opened();
    storage.unreadable.add('state-b.sqlite3');
    await expect(store.reload()).rejects.toMatchObject({ code: 'unreadable' });
    expect(store.projects()).toHaveLength(1);
  });
});

describe('StateStore#dispose()', () => {
  it('is safe twice, and refuses what comes after', async () => {
    const { store } = await opened();
    store.dispose();
    store.dispose();
    expect(store.isDisposed).toBe(true);
    await expect(store.removeProject(ONE)).rejects.toMatchObject({ code: 'disposed' });
    await expect(store.journal(ONE).load()).rejects.toBeInstanceOf(StateError);
  });

  it('finishes a save that runs, and refuses what waits for it', async () => {
    const { storage, store } = await opened();
    const release = storage.hold();
    const running = store.updateProject(ONE, { paused: true });
    while (storage.writes.length < 2) {
      await new Promise(resolve => setImmediate(resolve));
    }
    const waiting = store.updateProject(ONE, { name: 'other' });
    store.dispose();
    await expect(waiting).rejects.toMatchObject({ code: 'disposed' });
    release();
    await running;
    expect((await reopened(storage)).projects()).toMatchObject([{ paused: true, name: 'thesis' }]);
  });
});
