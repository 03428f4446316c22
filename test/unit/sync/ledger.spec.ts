import type { Entry, Node } from '../../../src/sync/entry';
import { Ledger } from '../../../src/sync/ledger';
import type { MoveStep } from '../../../src/sync/plan';
import { MemoryJournal } from '../../support/memory-journal';

const directory: Entry = {
  kind: 'directory',
  size: 0,
  sha256: null,
  version: 'd',
  id: null,
  seenAt: 0
};
const file: Entry = { ...directory, kind: 'file', size: 1, sha256: 'hash', version: 'f' };
const goals = new Map<string, Node | null>([
  ['d', null],
  ['d/a', null],
  ['m', directory],
  ['m/a', file]
]);

/** What is remembered of a side after a directory with one file was moved there. */
async function afterMove(side: 'local' | 'cloud'): Promise<string[]> {
  const journal = new MemoryJournal();
  const known = {
    entries: new Map([
      ['d', directory],
      ['d/a', file]
    ]),
    cursor: '1'
  };
  journal.memory = { ...journal.memory, local: known, cloud: known };
  const ledger = new Ledger(journal, journal.memory);
  const step: MoveStep = {
    kind: 'move',
    side,
    from: 'd',
    path: 'm',
    reason: '',
    expect: directory,
    carried: [
      { from: 'd', path: 'm' },
      { from: 'd/a', path: 'm/a' }
    ]
  };
  ledger.begin({ steps: [step], goals, conflicts: [], problems: [] });
  ledger.applied(step, directory);
  await ledger.flush();
  return [...journal.memory[side].entries.keys()];
}

describe('a directory that was moved', () => {
  it('should be remembered with what went along, where each scan looks at all of it', async () => {
    expect(await afterMove('local')).toEqual(['m', 'm/a']);
  });

  it('should be remembered by itself in the cloud, whose feed tells what did go along', async () => {
    expect(await afterMove('cloud')).toEqual(['m']);
  });
});

describe('a cursor alone', () => {
  it.each([
    [false, 0],
    [true, 1]
  ])('should be saved only where it lies far ahead (%s)', async (isFar, commits) => {
    const journal = new MemoryJournal();
    const known = { entries: new Map([['f', file]]), cursor: '1' };
    journal.memory = { ...journal.memory, cloud: known };
    const ledger = new Ledger(journal, journal.memory);
    ledger.scanned('cloud', { entries: known.entries, cursor: '9', isFar });
    await ledger.flush();
    expect(journal.commits).toBe(commits);
    expect(journal.memory.cloud.cursor).toBe(isFar ? '9' : '1');
  });
});

describe('what a side did not hold as its scan found it', () => {
  it.each([
    ['is looked at anew where each look sees the whole side', true, []],
    ['is known, where a feed would not tell it again', false, ['a']]
  ])('%s', async (_, isWhole, known) => {
    const journal = new MemoryJournal();
    const scan = { entries: new Map([['a', file]]), cursor: '1' };
    journal.memory = { ...journal.memory, local: scan };
    const ledger = new Ledger(journal, journal.memory);
    ledger.scanned('local', { ...scan, isWhole });
    ledger.distrust('local', 'a');
    await ledger.flush();
    expect([...journal.memory.local.entries.keys()]).toEqual(known);
  });
});
