import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WebSocket } from 'ws';

import { CloudClient } from '../../src/cloud/client';
import { CloudEvents } from '../../src/cloud/events';
import { type CloudServer, startCloud } from '../support/cloud-server';

describe('CloudEvents, with a server', () => {
  let cloud: CloudServer;
  const made: CloudEvents[] = [];

  beforeAll(async () => {
    cloud = await startCloud();
  });

  afterAll(async () => {
    made.forEach(events => events.dispose());
    await cloud.stop();
  });

  const clientOf = (token: string | null, url = cloud.url) =>
    new CloudClient({ baseUrl: url, token: () => token });

  function eventsOf(client: CloudClient): CloudEvents {
    const events = new CloudEvents({ client, webSocket: url => new WebSocket(url) });
    made.push(events);
    return events;
  }

  /** Resolves with the next state of that name. */
  function reaches(events: CloudEvents, wanted: CloudEvents.State): Promise<void> {
    return new Promise(resolve => {
      const look = (_: unknown, state: CloudEvents.State) => {
        if (state === wanted) {
          events.stateChanged.disconnect(look);
          resolve();
        }
      };
      events.stateChanged.connect(look);
    });
  }

  function nextChange(events: CloudEvents): Promise<CloudEvents.IChange> {
    return new Promise(resolve => {
      const take = (_: unknown, change: CloudEvents.IChange) => {
        events.changed.disconnect(take);
        resolve(change);
      };
      events.changed.connect(take);
    });
  }

  it('should hear of what another client does', async () => {
    const [alice, bob] = [clientOf(cloud.keys.alice), clientOf(cloud.keys.bob)];
    const events = eventsOf(bob);
    const open = reaches(events, 'open');
    events.start();
    await open;
    const [sample] = await alice.listProjects({ name: 'sample-project' });
    const heard = nextChange(events);
    const patched = await alice.patchProject(sample?.id ?? '', { description: 'Other' });
    expect(await heard).toEqual({
      type: 'project.changed',
      projectId: patched.id,
      revision: patched.revision
    });
  });

  it('should come back after the server was killed and started again, or told to stop', async () => {
    const events = eventsOf(clientOf(cloud.keys.alice));
    const connected = jest.fn();
    events.connected.connect(connected);
    const open = reaches(events, 'open');
    events.start();
    await open;
    const { dataDir } = cloud;
    const port = Number(new URL(cloud.url).port);
    const lost = reaches(events, 'waiting');
    await cloud.kill();
    await lost;
    const again = reaches(events, 'open');
    cloud = await startCloud({ dataDir, port });
    events.wake('online');
    await again;
    expect(connected).toHaveBeenCalledTimes(2);
    const heard = nextChange(events);
    const { id } = await clientOf(cloud.keys.alice).createProject({ name: '<random>' });
    expect(await heard).toEqual({ type: 'project.created', projectId: id, revision: 0 });
  });

  it('should stop where the key is not known', async () => {
    const events = eventsOf(clientOf('projects_of-nobody'));
    const off = reaches(events, 'off');
    events.start();
    await off;
  });

  it('should find that a core cloud tells no events', async () => {
    const core = await startCloud({ coreOnly: true });
    try {
      const events = eventsOf(clientOf(core.keys.alice, core.url));
      const unsupported = reaches(events, 'unsupported');
      events.start();
      await unsupported;
    } finally {
      await core.stop();
    }
  });

  it('should tell of a commit within a moment', async () => {
    const [alice, bob] = [clientOf(cloud.keys.alice), clientOf(cloud.keys.bob)];
    const events = eventsOf(bob);
    const open = reaches(events, 'open');
    events.start();
    await open;
    const [sample] = await alice.listProjects({ name: 'sample-project' });
    const id = sample?.id ?? '';
    const fromCall: number[] = [];
    const fromAnswer: number[] = [];
    for (let round = 0; round < 100; round++) {
      const called = performance.now();
      const heard = nextChange(events).then(() => performance.now());
      const answered = alice.files
        .commit(id, {
          idempotency_key: `moment-${round}`,
          operations: [{ op: 'mkdir', path: `m${round}` }]
        })
        .then(() => performance.now());
      fromCall.push((await heard) - called);
      fromAnswer.push((await heard) - (await answered));
    }
    const told = `from the call ${median(fromCall)} ms, from its answer ${median(fromAnswer)} ms`;
    if (process.env['MEASURE']) {
      process.stdout.write(`a commit is heard of, in the median: ${told}\n`);
    }
    expect(median(fromAnswer)).toBeLessThan(250);
  });
});

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}
