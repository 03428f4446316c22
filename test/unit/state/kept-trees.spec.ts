import fc from 'fast-check';

import type { StateStore } from '../../../src/state/store';
import type { Entry, Node } from '../../../src/sync/entry';
import { EMPTY_MEMORY } from '../../../src/sync/memory';
import type { Memory, MemoryChange } from '../../../src/sync/memory';
import type { MemoryStorage } from '../../support/memory-storage';
import {
  directory,
  entry,
  file,
  fullChange,
  ONE,
  open,
  opened,
  project,
  reopened,
  TWO
} from '../../support/state-examples';

const changeOf = (path: string, text: string): MemoryChange => ({
  base: new Map([[path, file(text)]]),
  local: new Map([[path, entry(text)]]),
  cloud: new Map([[path, entry(text, 'id')]])
});

/** What a page that opens now would remember. */
const durable = async (storage: MemoryStorage, id = ONE): Promise<Memory> =>
  (await reopened(storage)).journal(id).load();

const load = (store: StateStore, id = ONE): Promise<Memory> => store.journal(id).load();

describe('what the store keeps of a memory that was loaded', () => {
  it('is given again as it is, without reading it anew', async () => {
    const { store } = await opened();
    await store.journal(ONE).commit(fullChange);
    const first = await load(store);
    const second = await load(store);
    expect(second).toEqual(first);
    expect(second.base).toBe(first.base);
    expect(second.local.entries).toBe(first.local.entries);
    expect(second.cloud.entries).toBe(first.cloud.entries);
  });

  it('follows what is committed, and leaves alone what was given before', async () => {
    const { storage, store } = await opened();
    await store.journal(ONE).commit(changeOf('a', '1'));
    const before = await load(store);
    await store.journal(ONE).commit({ ...changeOf('b', '2'), base: new Map([['a', null]]) });
    await store.journal(ONE).commit(changeOf('b', '3'));
    const after = await load(store);
    expect([...before.local.entries]).toEqual([['a', entry('1')]]);
    expect([...after.base]).toEqual([['b', file('3')]]);
    expect(after).toEqual(await durable(storage));
  });

  it('does not have what could not be saved', async () => {
    const { storage, store } = await opened();
    await store.journal(ONE).commit(changeOf('a', '1'));
    const before = await load(store);
    storage.plan.push('refuse');
    await expect(store.journal(ONE).commit(changeOf('a', '2'))).rejects.toThrow();
    expect(await load(store)).toEqual(before);
    await store.journal(ONE).commit(changeOf('b', '1'));
    expect(await load(store)).toEqual(await durable(storage));
    expect((await load(store)).base.get('a')).toEqual(file('1'));
  });

  it('gives way to what another page saved', async () => {
    const { storage, store } = await opened();
    await store.journal(ONE).commit(changeOf('a', '1'));
    await load(store);
    await (await open(storage)).journal(ONE).commit(changeOf('a', '2'));
    await store.reload();
    expect((await load(store)).base.get('a')).toEqual(file('2'));
    expect(await load(store)).toEqual(await durable(storage));
  });

  it('ends with the tie', async () => {
    const { store } = await opened();
    await store.journal(ONE).commit(fullChange);
    await load(store);
    await store.removeProject(ONE);
    await store.addProject(project());
    expect(await load(store)).toEqual(EMPTY_MEMORY);
  });

  it('is always what a page that opens now would load', async () => {
    const path = fc.constantFrom('a', 'b', 'c', 'd/e');
    const node = fc.constantFrom<Node | null>(file('1'), file('2'), directory, null);
    const seen = fc.constantFrom<Entry | null>(entry('1'), entry('2', 'id'), null);
    const entries = fc.array(fc.tuple(path, seen)).map(pairs => new Map(pairs));
    const change = fc.record({
      base: fc.array(fc.tuple(path, node)).map(pairs => new Map(pairs)),
      local: entries,
      cloud: entries
    });
    const act = fc.record({
      change,
      id: fc.constantFrom(ONE, TWO),
      what: fc.constantFrom('commit', 'commit', 'load', 'refuse', 'elsewhere')
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async acts => {
        const { storage, store } = await opened();
        await store.addProject(project(TWO, 'other'));
        for (const { change: each, id, what } of acts) {
          if (what === 'elsewhere') {
            await (await open(storage)).journal(id).commit(each);
            await store.reload();
          } else if (what !== 'load') {
            storage.plan.push(...(what === 'refuse' ? (['refuse'] as const) : []));
            await Promise.allSettled([
              store.journal(id).commit(each),
              store.journal(ONE).commit(changeOf('c', '3'))
            ]);
            storage.plan.length = 0;
          }
          await load(store, id);
        }
        for (const id of [ONE, TWO]) {
          expect(await load(store, id)).toEqual(await durable(storage, id));
        }
      }),
      { numRuns: 25 }
    );
  }, 60_000);
});
