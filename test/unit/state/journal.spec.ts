import type { Entry, Node } from '../../../src/sync/entry';
import { EMPTY_MEMORY } from '../../../src/sync/memory';
import {
  conflict,
  entry,
  file,
  fullChange,
  intent,
  ONE,
  opened,
  project,
  reopened,
  TWO
} from '../../support/state-examples';

describe('the journal of a project', () => {
  it('begins empty', async () => {
    const { store } = await opened();
    expect(await store.journal(ONE).load()).toEqual(EMPTY_MEMORY);
  });

  it('gives back all that it was given', async () => {
    const { storage, store } = await opened();
    const intents = [{ ...intent('a.txt'), before: 'b'.repeat(64) }, intent('b.txt')];
    await store.journal(ONE).intend(intents);
    await store.journal(ONE).commit(fullChange);
    const expected = {
      base: fullChange.base,
      local: { entries: fullChange.local, cursor: null },
      cloud: { entries: fullChange.cloud, cursor: 'revision 7' },
      intents,
      conflicts: fullChange.conflicts
    };
    expect(await store.journal(ONE).load()).toEqual(expected);
    expect(await (await reopened(storage)).journal(ONE).load()).toEqual(expected);
    expect(store.projects()).toMatchObject([{ cloudCursor: 'revision 7', localCursor: null }]);
  });

  it('replaces what a later commit names, forgets what it names null, and keeps the rest', async () => {
    const { storage, store } = await opened();
    const journal = store.journal(ONE);
    await journal.commit({
      base: new Map([
        ['keep', file('1')],
        ['change', file('1')],
        ['forget', file('1')]
      ]),
      local: new Map([
        ['keep', entry('1')],
        ['change', entry('1', 'old')],
        ['forget', entry('1')]
      ]),
      cloud: new Map([['forget', entry('1')]]),
      cursor: { local: 'l1', cloud: 'c1' }
    });
    await journal.commit({
      base: new Map<string, Node | null>([
        ['change', file('22')],
        ['forget', null],
        ['never there', null]
      ]),
      local: new Map<string, Entry | null>([
        ['change', entry('22', 'new')],
        ['forget', null]
      ]),
      cursor: { cloud: null }
    });
    expect(await (await reopened(storage)).journal(ONE).load()).toEqual({
      ...EMPTY_MEMORY,
      base: new Map([
        ['change', file('22')],
        ['keep', file('1')]
      ]),
      local: {
        entries: new Map([
          ['change', entry('22', 'new')],
          ['keep', entry('1')]
        ]),
        cursor: 'l1'
      },
      cloud: { entries: new Map([['forget', entry('1')]]), cursor: null }
    });
  });

  it.each<[string, Partial<Entry>]>([
    ['kind', { kind: 'directory' }],
    ['size', { size: 9 }],
    ['hash', { sha256: null }],
    ['version', { version: 'w' }],
    ['id', { id: 'i' }],
    ['time', { seenAt: 9 }]
  ])('keeps an entry of which only the %s changed', async (_, difference) => {
    const { store } = await opened();
    const journal = store.journal(ONE);
    const changed = { ...entry('1'), ...difference };
    const { kind, size, sha256 } = changed;
    await journal.commit({
      base: new Map([['a', file('1')]]),
      local: new Map([['a', entry('1')]])
    });
    await journal.commit({
      base: new Map([['a', { kind, size, sha256 }]]),
      local: new Map([['a', changed]])
    });
    const memory = await journal.load();
    expect(memory.local.entries.get('a')).toEqual(changed);
    expect(memory.base.get('a')).toEqual({ kind, size, sha256 });
  });

  it('replaces an intent by a later one for its path, and drops those that are settled', async () => {
    const { storage, store } = await opened();
    const journal = store.journal(ONE);
    await journal.intend([intent('a'), intent('b')]);
    const later = { ...intent('b'), source: { ...intent('b').source, version: 'v2' } };
    await journal.intend([intent('c'), later]);
    await journal.commit({ settled: ['a', 'unknown'] });
    expect((await (await reopened(storage)).journal(ONE).load()).intents).toEqual([
      later,
      intent('c')
    ]);
  });

  it('keeps two conflicts of one path, in the order of the list', async () => {
    const { storage, store } = await opened();
    const conflicts = [conflict('b', 'b 2'), conflict('a', null), conflict('b', 'b 1')];
    await store.journal(ONE).commit({ conflicts });
    expect((await (await reopened(storage)).journal(ONE).load()).conflicts).toEqual(conflicts);
    await store.journal(ONE).commit({ conflicts: conflicts.slice(1) });
    expect((await store.journal(ONE).load()).conflicts).toEqual(conflicts.slice(1));
  });

  it('writes nothing for a commit that says what is known', async () => {
    const { storage, store } = await opened();
    const journal = store.journal(ONE);
    await journal.intend([intent('a')]);
    await journal.commit(fullChange);
    const { length } = storage.writes;
    await journal.commit(fullChange);
    await journal.intend([intent('a')]);
    await journal.intend([]);
    await journal.commit({});
    await journal.commit({ settled: ['other'], base: new Map([['other', null]]) });
    expect(storage.writes).toHaveLength(length);
  });

  it('is durable when it says so', async () => {
    const { storage, store } = await opened();
    const release = storage.hold();
    let done = false;
    const commit = store
      .journal(ONE)
      .commit(fullChange)
      .then(() => (done = true));
    while (storage.writes.length < 2) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(done).toBe(false);
    release();
    await commit;
    expect((await (await reopened(storage)).journal(ONE).load()).base).toEqual(fullChange.base);
  });

  it('is apart from that of another project', async () => {
    const { store } = await opened();
    await store.addProject(project(TWO, 'other'));
    await store.journal(ONE).commit(fullChange);
    await store.journal(TWO).commit({ base: new Map([['%#.bin', null]]), conflicts: [] });
    expect(await store.journal(TWO).load()).toEqual(EMPTY_MEMORY);
    expect((await store.journal(ONE).load()).base).toEqual(fullChange.base);
  });

  it('goes with its project', async () => {
    const { storage, store } = await opened();
    await store.journal(ONE).intend([intent('a')]);
    await store.journal(ONE).commit(fullChange);
    await store.removeProject(ONE);
    const again = await reopened(storage);
    for (const journal of [store.journal(ONE), again.journal(ONE)]) {
      await expect(journal.load()).rejects.toMatchObject({ code: 'not-found' });
      await expect(journal.intend([])).rejects.toMatchObject({ code: 'not-found' });
      await expect(journal.commit({})).rejects.toMatchObject({ code: 'not-found' });
    }
    await again.addProject(project());
    expect(await again.journal(ONE).load()).toEqual(EMPTY_MEMORY);
  });

  it('takes 10,000 files in one commit, and forgets them in one', async () => {
    const { storage, store } = await opened();
    const paths = Array.from({ length: 10_000 }, (_, index) => `folder ${index % 50}/${index}.txt`);
    const base = new Map(paths.map(path => [path, file(path)]));
    const local = new Map(paths.map(path => [path, entry(path)]));
    const journal = store.journal(ONE);
    await journal.intend(paths.map(path => intent(path)));
    await journal.commit({ base, local, settled: paths.slice(1) });
    const memory = await (await reopened(storage)).journal(ONE).load();
    expect(memory.base).toEqual(base);
    expect(memory.local.entries).toEqual(local);
    expect(memory.intents).toEqual([intent('folder 0/0.txt')]);
    const forget = new Map(paths.map(path => [path, null]));
    await journal.commit({ base: forget, local: forget, settled: paths });
    expect(await journal.load()).toEqual(EMPTY_MEMORY);
    expect(storage.files.get(storage.writes.at(-1) ?? '')?.length).toBeLessThan(100_000);
  });
});
