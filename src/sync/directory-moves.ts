import type { Entry, Side } from './entry';
import { isWithin, parentOf } from './path';
import type { MoveStep, Plan, Situation, Step } from './plan';

const SIDES: readonly Side[] = ['local', 'cloud'];

/**
 * Makes one move of a directory out of the moves of all it holds: one operation, however many files.
 *
 * Invariant: the steps that are left out do nothing that the directory's move does not do: they move what is below
 * `from` to the same place below `path`, make the directories there, and delete those here.
 */
export function joinDirectoryMoves(
  plan: Plan,
  situation: Situation,
  movesDirectories: (side: Side) => boolean
): Plan {
  if (!plan.steps.some(step => step.kind === 'move')) {
    return plan;
  }
  return SIDES.filter(movesDirectories).reduce(
    (joined, side) => ({ ...joined, steps: joinOn(side, joined, situation[side]) }),
    plan
  );
}

function joinOn(side: Side, plan: Plan, held: ReadonlyMap<string, Entry>): readonly Step[] {
  const moves = new Map<string, MoveStep>();
  const others = new Map<string, Step[]>();
  for (const step of plan.steps) {
    if (step.side === side) {
      if (step.kind === 'move') {
        moves.set(step.from, step);
      } else {
        others.set(step.path, [...(others.get(step.path) ?? []), step]);
      }
    }
  }
  let steps = plan.steps;
  const tried = new Set<string>();
  for (const { from, path } of moves.values()) {
    for (const [top, to] of enclosing(from, path)) {
      const pair = JSON.stringify([top, to]);
      const expect = held.get(top);
      if (tried.has(pair) || !expect || !moves.has(from)) {
        continue;
      }
      tried.add(pair);
      const covered = coveredBy(top, to, plan, held, moves, others);
      if (covered) {
        const first = [...covered.steps][0];
        const reason = first?.reason ?? '';
        const moved: MoveStep = {
          kind: 'move',
          side,
          from: top,
          path: to,
          expect,
          reason,
          carried: covered.carried
        };
        steps = [...steps.filter(step => !covered.steps.has(step)), moved];
        for (const { from: below } of covered.carried) {
          moves.delete(below);
        }
        break;
      }
    }
  }
  return steps;
}

/** The pairs of directories above both paths whose rests are the same, from the top. */
export function enclosing(from: string, to: string): [string, string][] {
  const pairs: [string, string][] = [];
  let [top, target] = [from, to];
  while (top.includes('/') && target.includes('/')) {
    const [above, place] = [parentOf(top), parentOf(target)];
    if (top.slice(above.length) !== target.slice(place.length)) {
      break;
    }
    [top, target] = [above, place];
    if (top !== target) {
      pairs.unshift([top, target]);
    }
  }
  // The last part of the name may differ at the top only: what lies above is another directory.
  return pairs;
}

interface Covered {
  readonly carried: readonly { readonly from: string; readonly path: string }[];
  readonly steps: ReadonlySet<Step>;
}

/** What one move of `top` to `to` does, or null when it would do anything that is not planned. */
function coveredBy(
  top: string,
  to: string,
  plan: Plan,
  held: ReadonlyMap<string, Entry>,
  moves: ReadonlyMap<string, MoveStep>,
  others: ReadonlyMap<string, readonly Step[]>
): Covered | null {
  if (held.has(to) || isWithin(to, top) || isWithin(top, to)) {
    return null;
  }
  const carried: { from: string; path: string }[] = [];
  const steps = new Set<Step>();
  for (const [from, entry] of held) {
    if (!isWithin(from, top)) {
      continue;
    }
    const path = to + from.slice(top.length);
    if (entry.kind === 'file') {
      const move = moves.get(from);
      if (move?.path !== path) {
        return null;
      }
      steps.add(move);
    } else {
      const removal = others.get(from) ?? [];
      const making = others.get(path) ?? [];
      if (
        plan.goals.get(from) !== null ||
        plan.goals.get(path)?.kind !== 'directory' ||
        removal.length !== 1 ||
        removal[0]?.kind !== 'delete' ||
        making.length !== 1 ||
        making[0]?.kind !== 'mkdir'
      ) {
        return null;
      }
      steps.add(removal[0]).add(making[0]);
    }
    carried.push({ from, path });
  }
  return { carried, steps };
}
