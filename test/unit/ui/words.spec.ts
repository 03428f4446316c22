import type { ActionKind } from '../../../src/sync/report';
import type { Progress, Side } from '../../../src/tokens';
import { reportMessage } from '../../../src/ui/report-words';
import {
  actionWords,
  helperWords,
  progressPercent,
  progressWords,
  summaryWords
} from '../../../src/ui/words';
import { project, report } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';

const action = { path: 'a', side: 'local', kind: 'create', reason: '', bytes: 1 } as const;

describe('summaryWords()', () => {
  it.each([
    [{ status: 'synced' }, 'Synced'],
    [{ status: 'conflicts', conflicts: 1 }, '1 conflict to resolve'],
    [{ status: 'conflicts', conflicts: 2, problems: 1 }, '2 conflicts to resolve · 1 problem'],
    [{ status: 'problems', problems: 3 }, '3 problems'],
    [{ status: 'offline', conflicts: 1 }, 'Offline · 1 conflict to resolve']
  ] as const)('%j reads %s', (traits, words) => {
    expect(summaryWords(project(traits), plainTrans)).toBe(words);
  });
});

it('the summary tells how far a sync is, and why it was stopped', () => {
  const progress = {
    phase: 'transferring',
    filesDone: 12,
    filesTotal: 200,
    bytesDone: 0,
    bytesTotal: 0
  } as const;
  expect(summaryWords(project({ status: 'syncing' }), plainTrans, { progress })).toBe(
    'Syncing 12 of 200'
  );
  const stopped = report({ state: 'stopped', stopReason: 'root-emptied' });
  expect(summaryWords(project({ status: 'stopped' }), plainTrans, { report: stopped })).toBe(
    'Stopped: one side is suddenly empty'
  );
});

describe('actionWords()', () => {
  it('has a different word for each kind on each side', () => {
    const kinds: ActionKind[] = ['create', 'update', 'delete', 'move', 'mkdir'];
    const sides: Side[] = ['local', 'cloud'];
    const words = kinds.flatMap(kind =>
      sides.map(side => actionWords({ ...action, kind, side }, plainTrans))
    );
    expect(new Set(words).size).toBe(10);
    expect(words.slice(0, 2)).toEqual(['Download', 'Upload']);
  });
});

describe('progress', () => {
  const progress: Progress = {
    phase: 'transferring',
    filesDone: 12,
    filesTotal: 200,
    bytesDone: 3_000_000,
    bytesTotal: 20_000_000
  };

  it.each([
    [{}, '12 of 200 files, 3 MB of 20 MB', 15],
    [{ bytesTotal: 0, bytesDone: 0 }, '12 of 200 files', 6],
    [{ phase: 'looking', filesTotal: 0, bytesTotal: 0 }, 'Looking for changes…', null],
    [{ phase: 'saving' }, 'Saving what was synced…', 100],
    [
      { phase: 'waiting', filesTotal: 0, bytesTotal: 0 },
      'Waiting for another browser that syncs…',
      null
    ],
    [{ phase: 'waiting' }, 'Syncing in another browser: 12 of 200 files, 3 MB of 20 MB', 15],
    [{ bytesDone: 30_000_000 }, '12 of 200 files, 30 MB of 20 MB', 100]
  ] as const)('%j reads %s, %d percent', (change, words, percent) => {
    const now = { ...progress, ...change };
    expect(progressWords(now, 'en', plainTrans)).toBe(words);
    expect(progressPercent(now)).toBe(percent);
  });
});

describe('helperWords()', () => {
  it.each([
    ['off', null, ''],
    ['off', 'disabled', 'turned off in the settings'],
    ['off', 'no-python', 'no Python kernel'],
    ['starting', null, 'is starting'],
    ['ready', null, 'seen at once, by the helper kernel'],
    ['refused', 'other-files', 'other files than Jupyter shows'],
    ['lost', 'ended', 'the helper kernel ended.'],
    ['lost', 'disconnected', 'the helper kernel ended.'],
    ['lost', 'the kernel did not start in time', '(the kernel did not start in time)']
  ] as const)('of “%s” for “%s” say: %s', (state, reason, words) => {
    const told = helperWords({ state, reason }, plainTrans);
    expect(told).toContain(words);
    expect(told).toMatch(/^$|^[A-Z].*[.…]$/);
    // A code is nothing for people.
    expect(told).not.toMatch(/no-python|other-files|disconnected/);
  });
});

describe('reportMessage()', () => {
  const conflict = { path: 'a', copy: null, reason: '' };
  const problem = { path: 'a', code: 'failed', message: 'The disk is full.' } as const;
  it.each([
    [{}, 'success', '“W” is up to date.'],
    [{ actions: [action] }, 'success', '“W” is synced: 1 change.'],
    [{ dryRun: true }, 'success', 'A sync of “W” would change nothing.'],
    [{ dryRun: true, actions: [action, action] }, 'success', 'A sync of “W” would make 2 changes.'],
    [{ state: 'conflicts', conflicts: [conflict] }, 'warning', '“W” has 1 conflict.'],
    [{ state: 'partial', problems: [problem] }, 'warning', 'but 1 path has a problem'],
    [
      { state: 'stopped', stopReason: 'root-missing' },
      'warning',
      'the project in the cloud, is gone'
    ],
    [{ state: 'failed', stopReason: 'offline' }, 'error', 'the cloud does not answer'],
    [{ state: 'failed', stopReason: 'signed-out' }, 'error', 'you are signed out; sign in'],
    [{ state: 'failed', problems: [problem] }, 'error', 'could not be synced: The disk is full.'],
    [{ state: 'failed', dryRun: true, stopReason: 'offline' }, 'error', 'does not answer']
  ] as const)('%j is a %s: %s', (traits, kind, words) => {
    const message = reportMessage(report(traits), 'W', plainTrans);
    expect(message.kind).toBe(kind);
    expect(message.text).toContain(words);
    expect(message.text).toMatch(/\.$/);
  });
});
