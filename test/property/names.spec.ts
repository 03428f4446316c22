import fc from 'fast-check';

import { foldOf } from '../../src/sync/fold';
import type { Tree } from '../../src/sync/entry';
import { ancestorsOf, isWithin } from '../../src/sync/path';
import type { SyncReport } from '../../src/sync/report';
import { Engine } from '../support/engine';
import { MemoryReplica } from '../support/memory-replica';

/** More where asked for: `PROPERTY_RUNS=100000`. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 1500) / 5;

const DISKS = {
  'that takes nothing for one': undefined,
  'that folds case (NTFS)': { case: true, unicode: false },
  'that folds case and forms (APFS)': { case: true, unicode: true },
  'that folds both and lists decomposed names (HFS+)': {
    case: true,
    unicode: true,
    decomposes: true
  }
} as const;

const name = fc.constantFrom('a', 'A', 'Data', 'data', 'DATA', 'x', '\u00e9', 'e\u0301', '\u00c9');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/'));
const act = fc.record({
  side: fc.constantFrom('local' as const, 'cloud' as const),
  act: fc.constantFrom('write', 'write', 'write', 'edit', 'remove', 'rename', 'mkdir'),
  path,
  at: fc.nat({ max: 1000 })
});
const episodes = fc.array(fc.array(act, { maxLength: 6 }), { minLength: 1, maxLength: 4 });

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Does what can be done; every text that is written is another one. */
function perform({ act: kind, path: to, at }: Act, replica: MemoryReplica, text: string): void {
  const there = [...replica.files().keys(), ...replica.directories()].sort();
  const picked = there[at % Math.max(1, there.length)];
  const isFree =
    replica.entry(to) === undefined &&
    ancestorsOf(to).every(above => replica.entry(above)?.kind !== 'file');
  switch (kind) {
    case 'write':
      if (isFree) {
        replica.write(to, text);
      }
      return;
    case 'mkdir':
      if (isFree) {
        replica.mkdir(to);
      }
      return;
    case 'edit':
      if (picked !== undefined && replica.entry(picked)?.kind === 'file') {
        replica.write(picked, text);
      }
      return;
    case 'remove':
      if (picked !== undefined) {
        replica.remove(picked);
      }
      return;
    case 'rename':
      if (picked !== undefined && isFree && !isWithin(replica.pathOf(to), replica.pathOf(picked))) {
        replica.rename(picked, to);
      }
  }
}

describe.each(Object.entries(DISKS))('names of any case and form, on a disk %s', (_, disk) => {
  it('should never overwrite each other, and come to rest', async () => {
    await fc.assert(
      fc.asyncProperty(episodes, async given => {
        const engine = new Engine(
          new MemoryReplica({ side: 'local', ...(disk && { disk }) }),
          new MemoryReplica({ side: 'cloud' })
        );
        let texts = 0;
        for (const acts of given) {
          for (const each of acts) {
            perform(each, engine[each.side], `text ${(texts += 1)}`);
          }
          await settles(engine, disk);
        }
      }),
      { numRuns: RUNS }
    );
  });
});

async function settles(engine: Engine, disk?: MemoryReplica.Disk): Promise<void> {
  const { local, cloud, journal } = engine;
  const { base } = journal.memory;
  const agreed = new Set([...base.values()].map(node => node.sha256));
  const fresh = [local, cloud].flatMap(side =>
    [...side.files().keys()].flatMap(each => {
      const entry = side.entry(each);
      return entry && !agreed.has(entry.sha256) ? [entry.sha256] : [];
    })
  );
  let report = await engine.sync();
  for (let times = 0; times < 3; times++) {
    while (report.state === 'stopped') {
      report = await engine.sync({ word: { kind: 'approve', takings: engine.takings } });
    }
    report = await engine.sync();
  }
  expect(['synced', 'partial', 'conflicts']).toContain(report.state);
  expect(report.actions).toEqual([]);

  const kept = new Set(
    [local, cloud].flatMap(side =>
      [...side.files().keys()].map(each => side.entry(each)?.sha256 ?? null)
    )
  );
  for (const sha256 of fresh) {
    expect(kept).toContain(sha256);
  }
  expectSame(engine, report, base, disk);
}

/** Both sides hold the same, but for names that are listed. */
function expectSame(
  { local, cloud, journal }: Engine,
  report: SyncReport,
  base: Tree,
  disk?: MemoryReplica.Disk
) {
  expect(new Set(report.problems.map(({ code }) => code))).toEqual(
    new Set(report.problems.length > 0 ? ['name-clash'] : [])
  );
  if (!disk) {
    expect(report.problems).toEqual([]);
  }
  const isListed = (each: string) => report.problems.some(({ path: top }) => isWithin(each, top));
  for (const { path: each } of report.problems) {
    expect(cloud.entry(each)).toBeDefined();
    expect(journal.memory.base.has(each) && !base.has(each)).toBe(false);
    // Something else has its place; where forms are one, perhaps under the cloud's name for it.
    expect(local.pathOf(each) === each && !disk?.unicode).toBe(false);
  }
  const folded = (each: string) =>
    disk?.unicode ? foldOf(each, { case: false, unicode: true }) : each;
  const inCloud = new Set(
    [...cloud.directories(), ...cloud.files().keys()].filter(each => !isListed(each)).map(folded)
  );
  const lost = new Set(
    Object.entries(cloud.texts()).flatMap(([each, text]) => (isListed(each) ? [text] : []))
  );
  // What was moved in the cloud onto a name that is not free here stays where it was, with its folders.
  const isKept = (each: string) =>
    !inCloud.has(folded(each)) &&
    Object.entries(local.texts()).some(([at, text]) => isWithin(at, each) && lost.has(text));
  const treeOf = (side: MemoryReplica) =>
    [...side.directories().map(each => [each, null] as const), ...Object.entries(side.texts())]
      .filter(([each]) => (side === local ? !isKept(each) : !isListed(each)))
      .map(([each, text]) => `${folded(each)}: ${text}`)
      .sort();
  expect(treeOf(local)).toEqual(treeOf(cloud));
}
