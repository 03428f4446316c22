import { ACTIVITY_LIMIT } from '../../../src/state/activity-rows';
import { DeferredChanges } from '../../../src/state/deferred-changes';
import { activity, NOW, ONE, opened } from '../../support/state-examples';

describe('DeferredChanges', () => {
  it('keeps one patch a project, however often it is patched', () => {
    const deferred = new DeferredChanges();
    for (let at = 0; at < 10_000; at++) {
      deferred.patch(ONE, { lastSyncAt: at });
    }
    deferred.patch(ONE, { paused: true });
    const { patches } = deferred.take();
    expect([...patches]).toEqual([[ONE, { lastSyncAt: 9_999, paused: true }]]);
    expect(deferred.isEmpty).toBe(true);
  });

  it('keeps the newest activities, and no more than are shown', () => {
    const deferred = new DeferredChanges();
    for (let number = 0; number < ACTIVITY_LIMIT + 10; number++) {
      deferred.addActivities([activity(`number ${number}`)]);
    }
    expect(deferred.activities).toHaveLength(ACTIVITY_LIMIT);
    expect(deferred.activities[0]).toEqual(activity(`number ${ACTIVITY_LIMIT + 9}`));
  });

  it('lets what came while a save failed hold over what it was to save', () => {
    const deferred = new DeferredChanges();
    deferred.patch(ONE, { lastSyncAt: 1, paused: true });
    deferred.addActivities([activity('first')]);
    const taken = deferred.take();
    deferred.patch(ONE, { lastSyncAt: 2 });
    deferred.addActivities([activity('second')]);
    deferred.putBack(taken);
    expect(deferred.take()).toEqual({
      activities: [activity('first'), activity('second')],
      patches: new Map([[ONE, { lastSyncAt: 2, paused: true }]])
    });
  });

  it('are shown by the store at once, the newest of 10,000 too', async () => {
    const { storage, store } = await opened();
    for (let at = 1; at <= 10_000; at++) {
      store.noteSync(ONE, NOW + at);
    }
    expect(store.projects()).toMatchObject([{ lastSyncAt: NOW + 10_000 }]);
    expect(storage.writes).toHaveLength(1);
  });
});
