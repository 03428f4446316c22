import { createHash, randomUUID } from 'node:crypto';

import { CloudClient } from '../../../src/cloud/client';
import { CloudReplica } from '../../../src/cloud/replica';
import type { Capabilities, CloudFile } from '../../../src/cloud/schemas';
import type { Entry } from '../../../src/sync/entry';
import { FakeFetch, json } from '../../support/fake-fetch';
import type { Answer, Sent } from '../../support/fake-fetch';

export const BASE = 'https://cloud.example/api/projects';
export const PROJECT = '11111111-1111-4111-8111-111111111111';
export const EPOCH = '22222222-2222-4222-8222-222222222222';
export const OTHER_EPOCH = '33333333-3333-4333-8333-333333333333';

export const FULL: Capabilities = {
  api: 'projects',
  version: '1',
  features: ['files', 'conditions', 'changes', 'batch', 'commits', 'versions'],
  limits: { max_file_size: 1_000_000, part_size: 100_000, max_commit_operations: 4 }
};

export const ANY = { signal: new AbortController().signal, ignores: () => false };

/** `METHOD /path` below the project, or with a leading `~` below the base, to what answers it. */
export type Routes = Readonly<Record<string, Answer | ((sent: Sent) => Answer)>>;

/** A client and a replica over a scripted cloud; its capabilities answer as FULL unless routed otherwise. */
export function scripted(routes: Routes, capabilities: Capabilities | null = FULL) {
  const fake = new FakeFetch(sent => {
    const { pathname, origin } = new URL(sent.url);
    if (pathname.endsWith('/capabilities')) {
      return capabilities ? json(capabilities) : new Response('{}', { status: 404 });
    }
    const inProject = `/api/projects/${PROJECT}`;
    const name =
      origin !== new URL(BASE).origin
        ? `${sent.method} ${origin}`
        : `${sent.method} ${
            pathname.startsWith(inProject)
              ? pathname.slice(inProject.length) || '/'
              : `~${pathname.slice('/api/projects'.length)}`
          }`;
    const route = routes[name];
    if (route === undefined) {
      throw new Error(`no route for ${name}`);
    }
    return typeof route === 'function' ? (route as (sent: Sent) => Answer)(sent) : route;
  });
  const client = new CloudClient({
    baseUrl: BASE,
    token: () => 'the-key',
    fetch: fake.fetch,
    sleep: async () => undefined
  });
  const replica = new CloudReplica({ client, projectId: PROJECT });
  /** What was asked, capabilities left out, as `METHOD path`. */
  const asked = () =>
    fake.sent
      .filter(sent => !sent.path.endsWith('/capabilities'))
      .map(sent => `${sent.method} ${sent.path.replace(`/api/projects/${PROJECT}`, '')}`);
  return { client, replica, fake, asked };
}

export function sha(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function fileAt(path: string, content: string, more: Partial<CloudFile> = {}): CloudFile {
  return {
    file_id: randomUUID(),
    path,
    kind: 'file',
    size: content.length,
    sha256: sha(content),
    file_version_id: randomUUID(),
    revision: 1,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    ...more
  };
}

export function directoryAt(path: string, more: Partial<CloudFile> = {}): CloudFile {
  return fileAt(path, '', { kind: 'directory', size: 0, sha256: null, ...more });
}

export function entryFor(file: CloudFile): Entry {
  return {
    kind: file.kind,
    size: file.size,
    sha256: file.sha256,
    version: file.file_version_id,
    id: file.file_id,
    seenAt: Date.parse(file.updated_at)
  };
}

export function page(items: readonly object[], more: object = {}) {
  return {
    items,
    total_count: items.length,
    num_items: items.length,
    next_page_url: null,
    prev_page_url: null,
    ...more
  };
}
