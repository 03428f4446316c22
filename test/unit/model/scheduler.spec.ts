import { jest } from '@jest/globals';

import type { Scope } from '../../../src/model/pending';
import { Scheduler } from '../../../src/model/scheduler';

const QUIET = 150;
const LONGEST = 1500;
const ECHO = 1000;

interface Started extends Scope {
  readonly id: string;
  end(outcome?: Partial<Scheduler.Outcome>): Promise<void>;
  fail(): Promise<void>;
}

let runs: Started[];
let projects: { id: string; path: string }[];
let errors: unknown[];
let delay: number;
let scheduler: Scheduler;

const settled = () => jest.advanceTimersByTimeAsync(0);
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const last = (): Started => {
  const started = runs.at(-1);
  if (!started) {
    throw new Error('No run was started.');
  }
  return started;
};

/** Brings the project `p` to where a run may look at some paths only. */
async function trusted(written: readonly string[] = []): Promise<void> {
  scheduler.everything();
  await pass(QUIET);
  await last().end({ written });
  runs = [];
}

beforeEach(() => {
  jest.useFakeTimers();
  runs = [];
  errors = [];
  delay = 0;
  projects = [{ id: 'p', path: 'work/p' }];
  scheduler = new Scheduler({
    projects: () => projects,
    isLeftOut: (_, path) => path.endsWith('.tmp'),
    run: (id, scope) =>
      new Promise((resolve, reject) => {
        scheduler.began(id);
        runs.push({
          id,
          ...scope,
          end: async outcome => {
            scheduler.ended(id, { isTrusted: true, written: [], ...outcome });
            resolve();
            await settled();
          },
          fail: async () => {
            scheduler.ended(id, { isTrusted: true, written: [] });
            reject(new Error('offline'));
            await settled();
          }
        });
      }),
    delay: () => delay,
    onError: error => errors.push(error)
  });
});

afterEach(() => {
  scheduler.dispose();
  jest.useRealTimers();
});

it('should gather a burst into one run that looks only where it was told', async () => {
  await trusted();
  scheduler.here(['work/p/a.txt']);
  await pass(QUIET - 50);
  scheduler.here(['work/p/sub/b.txt', 'elsewhere/c.txt']);
  await pass(QUIET - 1);
  expect(runs).toEqual([]);
  await pass(1);
  expect(runs).toHaveLength(1);
  expect(last()).toMatchObject({ id: 'p', only: ['a.txt', 'sub/b.txt'], busy: [] });
});

it('should look at everything first, and after a run that did not see all it wanted', async () => {
  scheduler.here(['work/p/a.txt']);
  await pass(QUIET);
  expect(last().only).toBeNull();
  await last().end({ isTrusted: false });
  scheduler.here(['work/p/a.txt']);
  await pass(QUIET);
  expect(runs).toHaveLength(2);
  expect(last().only).toBeNull();
  await last().fail();
  expect(errors).toHaveLength(1);
  scheduler.here(['work/p/a.txt']);
  await pass(QUIET);
  expect(last().only).toBeNull();
  await last().end();
  scheduler.here(['work/p/a.txt']);
  await pass(QUIET);
  expect(last().only).toEqual(['a.txt']);
});

it('should look at everything where it is not told what changed, or told of very much', async () => {
  await trusted();
  scheduler.here(['work/p/a.txt']);
  scheduler.everything();
  await pass(QUIET);
  expect(last().only).toBeNull();
  await last().end();
  scheduler.here(Array.from({ length: 501 }, (_, index) => `work/p/${index}.txt`));
  await pass(QUIET);
  expect(last().only).toBeNull();
});

it('should not wake for what is left out, nor for what happens in no project', async () => {
  await trusted();
  scheduler.here(['work/p/x.tmp', 'work/pp/y.txt', 'z.txt']);
  await pass(LONGEST);
  expect(runs).toEqual([]);
});

it('should look at nothing here when the cloud alone changed, and run soon', async () => {
  await trusted();
  scheduler.inCloud('p');
  scheduler.inCloud('unknown');
  await pass(40);
  expect(runs).toHaveLength(1);
  expect(last()).toMatchObject({ only: [], busy: [] });
});

it('should not be put off for ever by hints that keep coming, and leave the file that is being written', async () => {
  await trusted();
  scheduler.here(['work/p/done.txt']);
  for (let passed = 0; passed < LONGEST; passed += 100) {
    scheduler.here(['work/p/log.txt']);
    await pass(100);
  }
  expect(runs).toHaveLength(1);
  expect(last()).toMatchObject({ only: ['done.txt'], busy: ['log.txt'] });
  await last().end();
  await pass(QUIET);
  expect(runs).toHaveLength(2);
  expect(last()).toMatchObject({ only: ['log.txt'], busy: [] });
});

it('should take a file that never is quiet after some seconds', async () => {
  await trusted();
  for (let passed = 0; passed < 12_000 && runs.length === 0; passed += 100) {
    scheduler.here(['work/p/log.txt']);
    await pass(100);
    expect(passed < 9_000 ? runs : []).toEqual([]);
  }
  expect(last()).toMatchObject({ only: ['log.txt'], busy: [] });
});

it('should run again for what changed during a run, and never twice at once', async () => {
  await trusted();
  scheduler.here(['work/p/a.txt']);
  await pass(QUIET);
  scheduler.here(['work/p/b.txt']);
  await pass(5000);
  expect(runs).toHaveLength(1);
  await last().end();
  expect(runs).toHaveLength(2);
  expect(last().only).toEqual(['b.txt']);
});

it('should wake by what this page saves, however soon after a run wrote it', async () => {
  await trusted(['a.txt']);
  scheduler.here(['work/p/a.txt'], 'at-once');
  await pass(QUIET);
  expect(last().only).toEqual(['a.txt']);
});

it('should wake by what surely another wrote, in the middle of a run that wrote the same', async () => {
  await trusted();
  scheduler.inCloud('p');
  await pass(40);
  scheduler.here(['work/p/a.txt'], 'never');
  scheduler.here(['work/p/b.txt'], 'at-once');
  await last().end({ written: ['a.txt', 'b.txt'] });
  await pass(QUIET);
  expect(runs).toHaveLength(2);
  expect([...(last().only ?? [])].sort()).toEqual(['a.txt', 'b.txt']);
  await last().end();
  await pass(ECHO * 3);
  expect(runs).toHaveLength(2);
});

it('should not wake by the echo of its own writes, and look at it with the next hint', async () => {
  await trusted();
  scheduler.inCloud('p');
  await pass(40);
  scheduler.here(['work/p/came.txt']);
  await last().end({ written: ['came.txt', 'late.txt'] });
  await pass(ECHO / 2);
  scheduler.here(['work/p/late.txt']);
  await pass(ECHO * 3);
  expect(runs).toHaveLength(1);
  scheduler.here(['work/p/other.txt']);
  await pass(QUIET);
  expect([...(last().only ?? [])].sort()).toEqual(['came.txt', 'late.txt', 'other.txt']);
});

it('should take a later change of what it wrote for a change', async () => {
  await trusted(['came.txt']);
  await pass(ECHO);
  scheduler.here(['work/p/came.txt']);
  await pass(QUIET);
  expect(last().only).toEqual(['came.txt']);
});

it('should run projects apart, and none that is not synced by itself any more', async () => {
  projects.push({ id: 'q', path: 'work/q' });
  scheduler.everything();
  projects = projects.filter(({ id }) => id === 'q');
  await pass(QUIET);
  expect(runs.map(({ id }) => id)).toEqual(['q']);
  projects.push({ id: 'root', path: '' });
  scheduler.here(['any.txt']);
  await pass(QUIET);
  expect(last()).toMatchObject({ id: 'root', only: null });
});

it('should wait while somebody else’s run is under way, and take its writes for no news', async () => {
  await trusted();
  scheduler.began('p');
  scheduler.here(['work/p/theirs.txt', 'work/p/a.txt']);
  await pass(LONGEST);
  expect(runs).toEqual([]);
  scheduler.ended('p', { isTrusted: true, written: ['theirs.txt'] });
  await pass(0);
  expect(runs).toHaveLength(1);
  expect([...(last().only ?? [])].sort()).toEqual(['a.txt', 'theirs.txt']);
});

it('should let another page come first where it is told to', async () => {
  await trusted();
  delay = 2000;
  scheduler.here(['work/p/a.txt']);
  await pass(QUIET + delay - 1);
  expect(runs).toEqual([]);
  await pass(1);
  expect(runs).toHaveLength(1);
});

it('should be silent once disposed', async () => {
  scheduler.everything();
  scheduler.dispose();
  scheduler.everything();
  await pass(LONGEST);
  expect(runs).toEqual([]);
});
