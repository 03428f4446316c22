import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type CloudServer, startCloud } from '../support/cloud-server';

describe('projects-server as a process', () => {
  let cloud: CloudServer;

  beforeAll(async () => {
    cloud = await startCloud();
  });

  afterAll(() => cloud.stop());

  it('serves the sample project to both users of the demo', async () => {
    for (const key of [cloud.keys.alice, cloud.keys.bob]) {
      const answer = await fetch(`${cloud.url}/`, { headers: { Authorization: `Bearer ${key}` } });
      expect(await answer.json()).toMatchObject({
        total_count: 1,
        items: [{ title: 'Sample project', owner: { name: 'alice' } }]
      });
    }
  });
});
