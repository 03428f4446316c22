import type { Side } from './entry';
import type { Plan, Step } from './plan';
import type { Problem } from './problem';
import { trans } from './words';

/**
 * The part of a plan that changes one side only. A path that would need the other side changed is left as it is on both,
 * and listed.
 *
 * Invariant: what requires a copy that is not made is not done either.
 */
export function oneWay(plan: Plan, side: Side): Plan {
  const left = new Map<string, Step>();
  for (const step of plan.steps) {
    if (step.side !== side) {
      for (const path of pathsOf(step)) {
        left.set(path, step);
      }
    }
  }
  const isLeft = (step: Step) =>
    pathsOf(step).some(path => left.has(path)) ||
    (step.requires !== undefined && left.has(step.requires));
  const dropped = new Set(plan.steps.filter(isLeft).flatMap(pathsOf));
  const conflicts = plan.conflicts.map(conflict =>
    dropped.has(conflict.path) ? { ...conflict, copy: null } : conflict
  );
  const listed = new Set(conflicts.flatMap(({ path }) => [path]));
  const copies = new Set(plan.conflicts.map(({ copy }) => copy));
  const problems = [...left].flatMap(([path, step]) =>
    listed.has(path) || copies.has(path) ? [] : [leftProblem(path, step, side)]
  );
  return {
    ...plan,
    steps: plan.steps.filter(step => !isLeft(step)),
    goals: new Map([...plan.goals].filter(([path]) => !dropped.has(path))),
    conflicts,
    problems: [...plan.problems, ...problems]
  };
}

function leftProblem(path: string, { reason }: Step, side: Side): Problem {
  const message =
    side === 'local'
      ? trans.__('Left as it is, since this sync only pulls: %1.', reason)
      : trans.__('Left as it is, since this sync only pushes: %1.', reason);
  return { path, code: 'left', message };
}

function pathsOf(step: Step): string[] {
  return step.kind === 'move'
    ? [step.path, step.from, ...step.carried.flatMap(({ from, path }) => [from, path])]
    : [step.path];
}
