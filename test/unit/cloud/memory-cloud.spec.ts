import { randomUUID } from 'node:crypto';

import { CloudClient } from '../../../src/cloud/client';
import { CloudReplica } from '../../../src/cloud/replica';
import { describeReplica } from '../../conformance/replica';
import type { ReplicaUnderTest } from '../../conformance/replica';
import { MemoryCloud } from '../../simulation/memory-cloud';

/** The simulation's stand-in for the cloud does what the real server does, as far as a replica can tell. */
function make(pageSize: number): ReplicaUnderTest {
  const cloud = new MemoryCloud({ pageSize, now: Date.now, id: randomUUID });
  let isGone = false;
  let hashed = 0;
  const client = new CloudClient({
    baseUrl: cloud.baseUrl,
    token: () => cloud.key,
    fetch: async (input, init = {}) => {
      const url = String(input);
      if (isGone && url.includes(cloud.projectId)) {
        return Response.json({ error: { code: 'not_found', message: 'gone' } }, { status: 404 });
      }
      hashed += /\/files\/./.test(new URL(url).pathname) ? 1 : 0;
      const body =
        typeof init.body === 'string' ? Buffer.from(init.body) : (init.body as Uint8Array);
      const answer = await cloud.handle(
        init.method ?? 'GET',
        url,
        new Headers(init.headers),
        body ?? new Uint8Array()
      );
      return new Response(answer.bytes, { status: answer.status, headers: answer.headers });
    }
  });
  return {
    replica: new CloudReplica({ client, projectId: cloud.projectId }),
    outside: {
      write: async (path, content) => {
        const text = Buffer.from(content).toString('latin1');
        if (!(await cloud.write(path, text))) {
          await cloud.remove(path);
          await cloud.write(path, text);
        }
      },
      remove: async path => {
        await cloud.remove(path);
      },
      mkdir: async path => {
        await cloud.makeFolder(path);
      },
      files: async () =>
        new Map(
          [...(await cloud.tree())].flatMap(([path, text]) =>
            text === null ? [] : [[path, new Uint8Array(Buffer.from(text, 'latin1'))] as const]
          )
        ),
      removeRoot: () => {
        isGone = true;
      }
    },
    hashed: () => hashed,
    dispose: () => undefined
  };
}

describeReplica('A project in a cloud in memory', () => make(1000));
describeReplica('A project in a cloud in memory that lists two items a page', () => make(2));
