import { StateStore } from '../../src/state/store';
import type { Entry, Node } from '../../src/sync/entry';
import type { Conflict, Intent, MemoryChange } from '../../src/sync/memory';
import type { Activity } from '../../src/tokens';
import { MemoryStorage } from './memory-storage';

export const ONE = '0190b6a4-1111-7000-8000-000000000001';
export const TWO = '0190b6a4-1111-7000-8000-000000000002';
export const NOW = 1_767_225_600_000;

export const project = (id = ONE, path = 'work/thesis') => ({
  id,
  cloudUrl: 'http://127.0.0.1:1/api/projects',
  name: 'thesis',
  ownerId: 'user-1',
  path
});

export const file = (text: string): Node => ({
  kind: 'file',
  size: text.length,
  sha256: text.padEnd(64, '0')
});

export const directory: Node = { kind: 'directory', size: 0, sha256: null };

export const entry = (text: string, id: string | null = null): Entry => ({
  ...file(text),
  version: `version of ${text}`,
  id,
  seenAt: NOW + 0.25
});

export const intent = (path: string, text = path): Intent => ({
  path,
  before: null,
  after: text.padEnd(64, '0'),
  size: 3,
  source: { side: 'cloud', path, version: 'v1' }
});

export const conflict = (path: string, copy: string | null): Conflict => ({
  path,
  copy,
  reason: 'both sides changed it'
});

export const activity = (text: string): Activity => ({
  at: '2026-01-01T00:00:00.000Z',
  projectId: ONE,
  projectTitle: 'My thesis',
  kind: 'action',
  path: 'a.txt',
  text,
  side: 'local',
  change: 'update'
});

/** A change that touches everything. */
export const fullChange: MemoryChange = {
  base: new Map<string, Node>([
    ['a dir', directory],
    ['a dir/näme 名 😀.txt', file('a')],
    ['%#.bin', { kind: 'file', size: 5_000_000_000, sha256: 'f'.repeat(64) }]
  ]),
  local: new Map([['a dir/näme 名 😀.txt', entry('a')]]),
  cloud: new Map([['a dir/näme 名 😀.txt', entry('a', 'file-1')]]),
  cursor: { local: null, cloud: 'revision 7' },
  conflicts: [
    { ...conflict('z.txt', 'z (conflict 1a2b3c4d).txt'), base: 'f'.repeat(64) },
    conflict('b.txt', null)
  ]
};

export const open = (
  storage: MemoryStorage,
  options: Partial<StateStore.IOptions> = {}
): Promise<StateStore> => StateStore.open({ storage, now: () => NOW, ...options });

/** A store with one project, saved once. */
export async function opened(): Promise<{ storage: MemoryStorage; store: StateStore }> {
  const storage = new MemoryStorage();
  const store = await open(storage);
  await store.addProject(project());
  return { storage, store };
}

/** What a page that opens now would find. */
export async function reopened(storage: MemoryStorage): Promise<StateStore> {
  return open(storage.copy());
}
