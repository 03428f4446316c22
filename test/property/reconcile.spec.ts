import fc from 'fast-check';

import { decide } from '../../src/sync/decide';
import type { Entry, Side } from '../../src/sync/entry';
import { otherSide } from '../../src/sync/entry';
import { ancestorsOf, isWithin } from '../../src/sync/path';
import type { Plan, Situation, Step } from '../../src/sync/plan';
import { reconcile } from '../../src/sync/reconcile';
import type { Policy } from '../../src/sync/reconcile';
import { applyPlan } from './support/apply-plan';
import { filesOf, nodeOfText, situationOf, trees } from './support/trees';
import type { Texts, Trees } from './support/trees';

/** More where asked for: `PROPERTY_RUNS=100000`. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 1500);
const SIDES = ['local', 'cloud'] as const;

const KEEP_BOTH: Policy = {
  conflicts: () => 'keep-both',
  isUnknown: () => false,
  refuses: () => null
};
const ASK: Policy = { ...KEEP_BOTH, conflicts: () => 'ask' };

const policies = fc.constantFrom(KEEP_BOTH, ASK);

function holds<T>(property: fc.IRawProperty<T, false>): void {
  fc.assert(property, { numRuns: RUNS });
}

const planOf = (given: Trees, policy: Policy) => reconcile(situationOf(given), policy);

describe('a plan for any two trees that grew out of one', () => {
  it('should work out step by step, and in a bounded number of steps', () => {
    holds(
      fc.property(trees, policies, (given, policy) => {
        const plan = planOf(given, policy);
        applyPlan(given, plan);
        const paths = new Set([given.base, given.local, given.cloud].flatMap(t => [...t.keys()]));
        expect(plan.steps.length).toBeLessThanOrEqual(6 * paths.size);
      })
    );
  });

  it('should not depend on the order in which anything was listed', () => {
    holds(
      fc.property(trees, policies, fc.infiniteStream(fc.nat()), (given, policy, numbers) => {
        const situation = situationOf(given);
        const shuffled: Situation = {
          base: shuffle(situation.base, numbers),
          local: shuffle(situation.local, numbers),
          cloud: shuffle(situation.cloud, numbers)
        };
        expect(canonical(reconcile(shuffled, policy))).toEqual(
          canonical(reconcile(situation, policy))
        );
      })
    );
  });

  it('should be the same for the same trees', () => {
    holds(
      fc.property(trees, policies, (given, policy) => {
        expect(planOf(given, policy)).toEqual(planOf(given, policy));
      })
    );
  });

  it('should not follow from any time stamp, version or id', () => {
    holds(
      fc.property(trees, policies, fc.infiniteStream(fc.nat()), (given, policy, numbers) => {
        const { base, local, cloud } = situationOf(given);
        const shift = (tree: Situation['local']) =>
          new Map([...tree].map(([path, entry]) => [path, shifted(entry, numbers)] as const));
        const plan = reconcile({ base, local: shift(local), cloud: shift(cloud) }, policy);
        expect(canonical(timeless(plan))).toEqual(canonical(timeless(planOf(given, policy))));
      })
    );
  });

  it('should lose no content that differs from the base', () => {
    holds(
      fc.property(trees, policies, (given, policy) => {
        const after = applyPlan(given, planOf(given, policy));
        const kept = new Set([...filesOf(after.local).values(), ...filesOf(after.cloud).values()]);
        for (const side of SIDES) {
          for (const [path, text] of filesOf(given[side])) {
            if (given.base.get(path) !== text && !isReplacedAfterMove(text, side, given)) {
              expect(kept).toContain(text);
            }
          }
        }
      })
    );
  });

  it('should make both sides and the base the same, and then plan nothing more', () => {
    holds(
      fc.property(trees, given => {
        const after = applyPlan(given, planOf(given, KEEP_BOTH));
        expect(sorted(after.local)).toEqual(sorted(after.cloud));
        expect(sorted(after.base)).toEqual(sorted(after.local));
        const next = planOf(after, KEEP_BOTH);
        expect(next.steps).toEqual([]);
        expect(next.conflicts).toEqual([]);
      })
    );
  });

  it('should ask anew of nothing but the conflicts that it left, and settle all else', () => {
    holds(
      fc.property(trees, given => {
        const first = planOf(given, ASK);
        const after = applyPlan(given, first);
        const left = new Set(first.conflicts.filter(c => c.copy === null).map(c => c.path));
        for (const path of left) {
          expect(after.local.get(path)).toBe(given.local.get(path));
          expect(after.cloud.get(path)).toBe(given.cloud.get(path));
        }
        const settled = (tree: Texts) => sorted(tree).filter(([path]) => !left.has(path));
        expect(settled(after.local)).toEqual(settled(after.cloud));
        const next = planOf(after, ASK);
        expect(next.steps).toEqual([]);
        expect(new Set(next.conflicts.map(conflict => conflict.path))).toEqual(left);
      })
    );
  });

  it('should swap when the sides are swapped, but for whose content keeps a name', () => {
    holds(
      fc.property(trees, given => {
        const swapped = { base: given.base, local: given.cloud, cloud: given.local };
        const [plan, mirrored] = [planOf(given, ASK), planOf(swapped, ASK)];
        expect(canonical(mirrored, true)).toEqual(canonical(plan));
      })
    );
  });

  it('should swap but for the copies and what they keep, where the cloud’s content keeps the name', () => {
    holds(
      fc.property(trees, given => {
        const swapped = { base: given.base, local: given.cloud, cloud: given.local };
        const [plan, mirrored] = [planOf(given, KEEP_BOTH), planOf(swapped, KEEP_BOTH)];
        const names = ({ conflicts }: Plan) => conflicts.map(({ path }) => path).sort();
        expect(names(mirrored)).toEqual(names(plan));
        if (plan.conflicts.length === 0) {
          expect(canonical(mirrored, true)).toEqual(canonical(plan));
        }
      })
    );
  });

  it('should keep each of the contents in conflict once, and none that both sides hold', () => {
    holds(
      fc.property(trees, given => {
        const plan = planOf(given, KEEP_BOTH);
        const after = applyPlan(given, plan);
        const copies = plan.conflicts.map(({ copy }) => copy);
        expect(new Set(copies).size).toBe(copies.length);
        for (const { path, copy } of plan.conflicts) {
          expect(copy).not.toBeNull();
          expect(after.cloud.get(copy ?? '')).not.toBe(after.cloud.get(path));
          expect(after.local.get(copy ?? '')).toEqual(expect.any(String));
        }
      })
    );
  });

  it('should do what the table says where a path meets neither a move nor another kind', () => {
    holds(
      fc.property(trees, given => {
        const plan = planOf(given, KEEP_BOTH);
        const after = applyPlan(given, plan);
        const isMoved = new Set(
          plan.steps.flatMap(step =>
            step.kind === 'move' ? [step.from, step.path, ...step.carried.map(c => c.from)] : []
          )
        );
        for (const path of new Set([...given.local.keys(), ...given.cloud.keys()])) {
          const [base, local, cloud] = (['base', 'local', 'cloud'] as const).map(tree => {
            const text = given[tree].get(path);
            return text === undefined ? undefined : nodeOfText(text);
          });
          const isPlain = [base, local, cloud].every(node => node?.kind !== 'directory');
          const isBelowMoved = [path, ...ancestorsOf(path)].some(above => isMoved.has(above));
          if (!isPlain || isBelowMoved || isInTheWay(path, given)) {
            continue;
          }
          const decision = decide(base, local, cloud);
          const expected =
            decision.kind === 'take' ? given[decision.from].get(path) : given.cloud.get(path);
          expect([path, after.local.get(path), after.cloud.get(path)]).toEqual([
            path,
            expected,
            expected
          ]);
        }
      })
    );
  });
});

describe('a plan where something could not be learned', () => {
  const hidden = fc.record({
    given: trees,
    picks: fc.array(fc.tuple(fc.constantFrom<Side>('local', 'cloud'), fc.nat({ max: 1000 })), {
      minLength: 1,
      maxLength: 3
    })
  });

  it('should change nothing at or below what is unknown, on either side', () => {
    holds(
      fc.property(hidden, policies, ({ given, picks }, policy) => {
        const unknown = pick(given, picks);
        const seen = { ...situationOf(given) };
        for (const [side, path] of unknown) {
          seen[side] = without(seen[side], path);
        }
        const isUnknown = (path: string) => unknown.some(([, top]) => isWithin(path, top));
        const plan = reconcile(seen, { ...policy, isUnknown });
        for (const step of plan.steps) {
          expect(touched(step).filter(isUnknown)).toEqual([]);
        }
        expect([...plan.goals.keys()].filter(isUnknown)).toEqual([]);
      })
    );
  });

  it('should neither change nor forget what a side can not hold, and tell it', () => {
    holds(
      fc.property(hidden, policies, ({ given, picks }, policy) => {
        const refused = new Set(pick(given, picks).map(([, path]) => path));
        const refuses: Policy['refuses'] = path =>
          [path, ...ancestorsOf(path)].some(above => refused.has(above))
            ? { path, code: 'invalid-name', message: '' }
            : null;
        const plan = planOf(given, { ...policy, refuses });
        for (const step of plan.steps) {
          const isRefused = (path: string) => refuses(path, 'file') !== null;
          expect(touched(step).filter(isRefused)).toEqual([]);
        }
        const told = plan.problems.map(problem => problem.path);
        for (const path of refused) {
          if (given.local.has(path) || given.cloud.has(path)) {
            expect(told).toContain(path);
          }
        }
      })
    );
  });
});

/** What a step changes, makes or takes away. */
function touched(step: Step): string[] {
  return step.kind === 'move'
    ? [step.from, step.path, ...step.carried.flatMap(({ from, path }) => [from, path])]
    : [step.path];
}

function pick(given: Trees, picks: readonly (readonly [Side, number])[]): [Side, string][] {
  return picks.flatMap(([side, at]) => {
    const path = [...given[side].keys()].sort()[at % Math.max(1, given[side].size)];
    return path === undefined ? [] : [[side, path] as [Side, string]];
  });
}

function without<T>(tree: ReadonlyMap<string, T>, top: string): Map<string, T> {
  return new Map([...tree].filter(([path]) => !isWithin(path, top)));
}

/** Something of another kind, or a conflict copy's name, is where the path leads. */
function isInTheWay(path: string, given: Trees): boolean {
  const trees = [given.base, given.local, given.cloud];
  return (
    path.includes('(conflict') ||
    trees.some(tree => ancestorsOf(path).some(above => typeof tree.get(above) === 'string')) ||
    trees.some(tree => [...tree.keys()].some(each => each !== path && isWithin(each, path)))
  );
}

/** It is what a moved file held before the other side edited it: the edit goes along with the move. */
function isReplacedAfterMove(text: string, side: Side, given: Trees): boolean {
  const other = given[otherSide(side)];
  return [...given.base].some(
    ([from, before]) =>
      before === text &&
      !given[side].has(from) &&
      typeof other.get(from) === 'string' &&
      other.get(from) !== text
  );
}

function sorted(tree: Texts): [string, string | null][] {
  return [...tree].sort(([a], [b]) => (a < b ? -1 : 1));
}

function shuffle<T>(tree: ReadonlyMap<string, T>, numbers: Iterator<number>): Map<string, T> {
  const rest = [...tree];
  const shuffled = new Map<string, T>();
  while (rest.length > 0) {
    const next: unknown = numbers.next().value;
    const [[path, value]] = rest.splice((next as number) % rest.length, 1) as [[string, T]];
    shuffled.set(path, value);
  }
  return shuffled;
}

function shifted(entry: Entry, numbers: Iterator<number>): Entry {
  const next = () => Number(numbers.next().value);
  return { ...entry, version: `v${next()}`, id: `id${next()}`, seenAt: next() };
}

/** The plan as it is where no side tells time stamps, versions or ids. */
function timeless(plan: Plan): Plan {
  const bare = (entry: Entry): Entry => ({ ...entry, version: '', id: null, seenAt: 0 });
  return {
    ...plan,
    steps: plan.steps.map((step): Step => {
      switch (step.kind) {
        case 'put': {
          const { source, expect: there } = step;
          return {
            ...step,
            source: source.side === 'merge' ? source : { ...source, entry: bare(source.entry) },
            expect: there && bare(there)
          };
        }
        case 'mkdir':
          return step;
        default:
          return { ...step, expect: bare(step.expect) };
      }
    })
  };
}

/** A plan as a value that does not tell order, words or, where `swap` is set, which side is which. */
function canonical({ steps, goals, conflicts, problems }: Plan, swap = false): unknown {
  const side = <T extends Side | 'merge'>(given: T) =>
    swap && given !== 'merge' ? otherSide(given) : given;
  const told = steps.map(({ reason: _, ...step }) =>
    JSON.stringify({
      ...step,
      side: side(step.side),
      ...(step.kind === 'put' && { source: { ...step.source, side: side(step.source.side) } }),
      ...(step.kind === 'move' && {
        carried: step.carried.map(({ from, path }) => `${from} > ${path}`).sort()
      })
    })
  );
  return {
    steps: told.sort(),
    goals: [...goals].map(([path, node]) => `${path} ${node?.sha256 ?? node?.kind}`).sort(),
    conflicts: conflicts.map(({ path, copy }) => `${path} > ${copy}`).sort(),
    problems: problems.map(problem => problem.path).sort()
  };
}
