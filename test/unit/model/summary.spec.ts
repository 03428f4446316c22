import type { Facts } from '../../../src/model/summary';
import { summaryOf } from '../../../src/model/summary';
import type { SyncReport } from '../../../src/tokens';

const REPORT: SyncReport = {
  projectId: 'p',
  dryRun: false,
  state: 'synced',
  stopReason: null,
  actions: [],
  conflicts: [],
  problems: [],
  bytesUp: 0,
  bytesDown: 0,
  requests: { jupyter: 0, cloud: 0 },
  durationMs: 0
};

const FACTS = {
  id: 'p',
  cloud: null,
  local: null,
  role: null,
  connection: 'online',
  isRunning: false,
  message: ''
} as const;

describe('summaryOf()', () => {
  it('should count the problems of paths, and not the one that is the run’s own', () => {
    const facts = (problems: SyncReport['problems']) =>
      ({
        ...FACTS,
        conflicts: 0,
        report: { ...REPORT, state: 'failed', problems }
      }) satisfies Facts;
    const own = { path: '', code: 'offline', message: 'The cloud can not be reached.' } as const;
    const file = { path: 'a.txt', code: 'failed', message: 'It could not be read.' } as const;
    expect(summaryOf(facts([own])).problems).toBe(0);
    expect(summaryOf(facts([own, file])).problems).toBe(1);
  });
});
