import { joined } from '../../../src/model/joined';
import type { SyncReport } from '../../../src/tokens';

const report = (changes: Partial<SyncReport>): SyncReport => ({
  projectId: 'p',
  dryRun: false,
  state: 'synced',
  stopReason: null,
  actions: [],
  conflicts: [],
  problems: [],
  bytesUp: 1,
  bytesDown: 2,
  requests: { jupyter: 3, cloud: 4 },
  durationMs: 5,
  ...changes
});
const problem = (path: string, code: SyncReport['problems'][number]['code']) => ({
  path,
  code,
  message: ''
});

it('should add up what was done, and end as the second ended', () => {
  const action = (path: string) =>
    ({ path, side: 'local', kind: 'create', reason: '', bytes: 0 }) as const;
  expect(
    joined(
      report({ state: 'conflicts', actions: [action('a')] }),
      report({ actions: [action('b')] })
    )
  ).toMatchObject({
    state: 'synced',
    actions: [{ path: 'a' }, { path: 'b' }],
    bytesUp: 2,
    bytesDown: 4,
    requests: { jupyter: 6, cloud: 8 },
    durationMs: 10
  });
});

it('should keep what the first told and no later one tells', () => {
  const first = report({
    state: 'partial',
    problems: [problem('cut', 'interrupted'), problem('b', 'busy')]
  });
  expect(joined(first, report({}))).toMatchObject({
    state: 'partial',
    problems: [{ path: 'cut', code: 'interrupted' }]
  });
  expect(joined(first, report({ state: 'failed' })).state).toBe('failed');
});
