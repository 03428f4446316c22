import { fileStatuses } from '../../../src/model/file-status';
import type { Entry } from '../../../src/sync/entry';
import type { Sight } from '../../../src/sync/look';
import type { Plan, Step } from '../../../src/sync/plan';

const entry = (path: string, kind: Entry['kind'] = 'file'): [string, Entry] => [
  path,
  {
    kind,
    size: 1,
    sha256: kind === 'file' ? 'aa' : null,
    version: '1',
    id: null,
    seenAt: 0
  }
];

const tree = (paths: string): Map<string, Entry> =>
  new Map(
    paths
      .split(' ')
      .filter(Boolean)
      .map(path => (path.endsWith('/') ? entry(path.slice(0, -1), 'directory') : entry(path)))
  );

function sight(local: string, cloud: string, steps: readonly Step[]): Sight {
  const plan: Plan = { steps, goals: new Map(), conflicts: [], problems: [] };
  const situation = { base: new Map(), local: tree(local), cloud: tree(cloud) };
  const scan = {
    root: 'present' as const,
    entries: new Map(),
    unknown: [],
    problems: [],
    cursor: null
  };
  return {
    situation,
    scans: { local: scan, cloud: scan },
    plan,
    ignored: [],
    problems: [],
    stop: null
  } as Sight;
}

const [, file] = entry('x');
const put = (side: 'local' | 'cloud', path: string): Step => ({
  kind: 'put',
  side,
  path,
  reason: 'new',
  expect: null,
  source: { side: side === 'local' ? 'cloud' : 'local', path, entry: file }
});
const remove = (side: 'local' | 'cloud', path: string): Step => ({
  kind: 'delete',
  side,
  path,
  reason: 'deleted',
  expect: file
});

function told(
  seen: Sight,
  { pending = [], applied = [] }: { pending?: readonly Step[]; applied?: readonly Step[] } = {}
): unknown[] {
  const files = fileStatuses({
    sight: seen,
    conflicts: [],
    pending: new Set(pending),
    applied: new Set(applied)
  });
  return files.map(({ path, status, where }) => [path, status, ...(where ? [where] : [])]);
}

describe('fileStatuses', () => {
  const steps = [put('cloud', 'here'), put('local', 'there'), remove('cloud', 'gone')];
  const seen = sight('both here', 'both there gone', steps);

  it('tells what is to be done, and which side alone has a file', () => {
    expect(told(seen)).toEqual([
      ['both', 'synced'],
      ['gone', 'local-change', 'cloud'],
      ['here', 'local-change', 'local'],
      ['there', 'cloud-change', 'cloud']
    ]);
  });

  it('calls what a run has yet to do syncing, and what it did synced or gone', () => {
    const [first, , third] = steps as [Step, Step, Step];
    expect(told(seen, { pending: steps, applied: [first, third] })).toEqual([
      ['both', 'synced'],
      ['here', 'synced'],
      ['there', 'syncing', 'cloud']
    ]);
    expect(told(seen, { applied: [first] })).toContainEqual(['there', 'cloud-change', 'cloud']);
  });

  it('shows what was moved at its new name alone, with what it took along', () => {
    const move: Step = {
      kind: 'move',
      side: 'cloud',
      from: 'old',
      path: 'new',
      reason: 'moved here',
      expect: entry('old', 'directory')[1],
      carried: [
        { from: 'old', path: 'new' },
        { from: 'old/a', path: 'new/a' }
      ]
    };
    const moved = sight('new/ new/a', 'old/ old/a', [move]);
    expect(told(moved)).toEqual([
      ['new', 'local-change', 'local'],
      ['new/a', 'synced']
    ]);
    expect(told(moved, { applied: [move] })).toEqual([['new/a', 'synced']]);
  });

  it('tells a folder that is to be made from a file', () => {
    const mkdir: Step = { kind: 'mkdir', side: 'cloud', path: 'empty', reason: 'new' };
    const [found] = fileStatuses({
      sight: sight('empty/', '', [mkdir]),
      conflicts: [],
      pending: new Set(),
      applied: new Set()
    });
    expect(found).toMatchObject({ path: 'empty', kind: 'directory', where: 'local' });
  });
});
