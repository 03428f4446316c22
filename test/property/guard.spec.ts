import fc from 'fast-check';

import { sameNode } from '../../src/sync/entry';
import { stopReasonOf } from '../../src/sync/guard';
import { reconcile } from '../../src/sync/reconcile';
import { Engine } from '../support/engine';
import type { MemoryReplica } from '../support/memory-replica';
import { applyPlan } from './support/apply-plan';
import { entryOfText, filesOf, nodeOfText, situationOf, trees } from './support/trees';
import type { Texts } from './support/trees';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1500);
const SIDES = ['local', 'cloud'] as const;
const POLICY = {
  conflicts: () => 'keep-both' as const,
  isUnknown: () => false,
  refuses: () => null
};
const PRESENT = { local: 'present', cloud: 'present' } as const;

/** A tree with many files, of which a side has lost some and changed some. */
const large = fc
  .record({
    size: fc.integer({ min: 1, max: 24 }),
    gone: fc.array(fc.nat({ max: 23 }), { maxLength: 50, size: 'max' }),
    changed: fc.oneof(
      fc.array(fc.nat({ max: 23 }), { maxLength: 10 }),
      fc.constant(Array.from({ length: 24 }, (_, index) => index))
    ),
    moved: fc.array(fc.nat({ max: 23 }), { maxLength: 6 }),
    other: fc.array(fc.nat({ max: 23 }), { maxLength: 3 })
  })
  .map(({ size, gone, changed, moved, other }) => {
    const base = new Map<string, string | null>();
    for (let index = 0; index < size; index += 1) {
      base.set(`f${index}`, `text ${index}`);
    }
    const side = new Map(base);
    changed.filter(i => side.has(`f${i}`)).forEach(i => side.set(`f${i}`, 'changed'));
    gone.forEach(i => side.delete(`f${i}`));
    for (const i of moved) {
      const text = side.get(`f${i}`);
      if (text !== undefined) {
        side.delete(`f${i}`);
        side.set(`moved${i}`, text);
      }
    }
    const opposite = new Map(base);
    other.filter(i => opposite.has(`f${i}`)).forEach(i => opposite.set(`f${i}`, 'edited'));
    return { base, local: side, cloud: opposite } as const;
  });

const situations = fc
  .oneof({ weight: 3, arbitrary: large }, { weight: 1, arbitrary: trees })
  .chain(given =>
    fc.boolean().map(swap => ({
      base: given.base,
      local: swap ? given.cloud : given.local,
      cloud: swap ? given.local : given.cloud
    }))
  );

describe('the guards', () => {
  it('should never let through what takes most of a side, empties it or changes all of it', () => {
    fc.assert(
      fc.property(situations, given => {
        const situation = situationOf(given);
        const plan = reconcile(situation, POLICY);
        const stop = stopReasonOf({ plan, situation, roots: PRESENT });
        const after = applyPlan(given, plan);
        const baseFiles = filesOf(given.base);
        for (const side of SIDES) {
          const lost = lostOn(given[side], after[side]);
          if (lost > 4 && lost > baseFiles.size / 2) {
            expect(stop).not.toBeNull();
          }
          if (baseFiles.size >= 2 && filesOf(given[side]).size === 0) {
            expect(stop).toBe('root-emptied');
          }
          const isAllChanged = [...baseFiles].every(
            ([path, text]) => given[side].has(path) && given[side].get(path) !== text
          );
          if (baseFiles.size >= 10 && isAllChanged) {
            expect(stop).not.toBeNull();
          }
        }
      }),
      { numRuns: RUNS }
    );
  });

  it('should not stop what takes little', () => {
    fc.assert(
      fc.property(trees, given => {
        const situation = situationOf(given);
        const plan = reconcile(situation, POLICY);
        const stop = stopReasonOf({ plan, situation, roots: PRESENT });
        const baseFiles = filesOf(given.base).size;
        const isEmptied = SIDES.some(side => filesOf(given[side]).size === 0);
        const deletions = plan.steps.filter(step => step.kind === 'delete').length;
        if (!(baseFiles >= 2 && isEmptied) && deletions <= 4 && baseFiles < 10) {
          expect(stop).toBeNull();
        }
      }),
      { numRuns: RUNS }
    );
  });

  it('should tell of a root that is not what it was before anything else', () => {
    fc.assert(
      fc.property(situations, given => {
        const situation = situationOf(given);
        const plan = reconcile(situation, POLICY);
        const told = (root: 'missing' | 'not-directory' | 'restored') =>
          stopReasonOf({ plan, situation, roots: { local: 'present', cloud: root } });
        expect(told('missing')).toBe('root-missing');
        expect(told('not-directory')).toBe('root-replaced');
        expect(told('restored')).toBe('cloud-restored');
      }),
      { numRuns: 200 }
    );
  });

  it('should leave all that is there in a run that they stop', async () => {
    let stopped = 0;
    await fc.assert(
      fc.asyncProperty(situations, async given => {
        const engine = new Engine();
        engine.journal.memory = {
          ...engine.journal.memory,
          base: new Map([...given.base].map(([at, text]) => [at, nodeOfText(text)] as const))
        };
        for (const side of SIDES) {
          fill(engine[side], given[side]);
        }
        const report = await engine.sync();
        if (report.state !== 'stopped') {
          return;
        }
        stopped += 1;
        for (const side of SIDES) {
          expect(engine[side].log.filter(({ op }) => op === 'delete' || op === 'move')).toEqual([]);
          for (const [path, text] of given[side]) {
            expect(sameNode(engine[side].entry(path), entryOfText(text))).toBe(true);
          }
        }
      }),
      { numRuns: Math.min(RUNS, 1000) }
    );
    expect(stopped).toBeGreaterThan(20);
  });
});

function fill(replica: MemoryReplica, tree: Texts): void {
  for (const [path, text] of tree) {
    if (text === null) {
      replica.mkdir(path);
    } else {
      replica.write(path, text);
    }
  }
}

/** Files that a side had and whose name is gone, less those whose content came under another name. */
function lostOn(before: Texts, after: Texts): number {
  const gone = [...filesOf(before)].filter(([path]) => typeof after.get(path) !== 'string');
  const come = [...filesOf(after)].filter(([path]) => typeof before.get(path) !== 'string');
  const rest = come.map(([, text]) => text);
  return gone.filter(([, text]) => {
    const at = rest.indexOf(text);
    if (at >= 0) {
      rest.splice(at, 1);
    }
    return at < 0;
  }).length;
}
