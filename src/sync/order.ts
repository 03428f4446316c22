import { ancestorsOf, depthOf } from './path';
import type { DeleteStep, MkdirStep, MoveStep, Plan, PutStep, Step } from './plan';

/**
 * A plan's steps in the order that keeps it safe. Steps of one stage don't depend on each other; a stage starts when
 * the one before has ended.
 */
export interface Stages {
  /** Conflict copies, before anything takes the content away that they keep. */
  readonly keep: readonly PutStep[];
  /** Deletions that make room for another kind of entry; each list is independent, deepest first. */
  readonly clear: readonly (readonly DeleteStep[])[];
  /**
   * Directories that are made, and moves; each list independent, parents first: what is made or lands below a moved
   * directory waits for that one's move.
   */
  readonly arrange: readonly (readonly (MkdirStep | MoveStep)[])[];
  /** Each list independent; what follows another side's step comes after it. */
  readonly put: readonly (readonly PutStep[])[];
  /** The other deletions: files, then directories, deepest first. */
  readonly drop: readonly (readonly DeleteStep[])[];
}

export function stagesOf(plan: Plan): Stages {
  const copies = new Set(plan.conflicts.map(conflict => conflict.copy));
  const puts = plan.steps.filter(isPut);
  const isKept = (step: PutStep) => copies.has(step.path);
  const deletes = plan.steps.filter(isDelete);
  const replaced = new Set(
    deletes.filter(step => plan.goals.get(step.path)).map(step => keyOf(step, step.path))
  );
  const makesRoom = (step: DeleteStep) =>
    [step.path, ...ancestorsOf(step.path)].some(path => replaced.has(keyOf(step, path)));
  return {
    keep: puts.filter(isKept),
    clear: byDepth(deletes.filter(makesRoom)).reverse(),
    arrange: byDepth(plan.steps.filter(isArrangement)).flatMap(steps =>
      [steps.filter(isMkdir), steps.filter(isMove)].filter(stage => stage.length > 0)
    ),
    put: [
      puts.filter(step => !isKept(step) && step.follows === undefined),
      puts.filter(step => !isKept(step) && step.follows !== undefined)
    ],
    drop: dropsOf(deletes.filter(step => !makesRoom(step)))
  };
}

function dropsOf(deletes: readonly DeleteStep[]): DeleteStep[][] {
  const files = deletes.filter(step => step.expect.kind === 'file');
  const directories = deletes.filter(step => step.expect.kind === 'directory');
  return [files, ...byDepth(directories).reverse()].filter(stage => stage.length > 0);
}

function byDepth<T extends Step>(steps: readonly T[]): T[][] {
  const levels = new Map<number, T[]>();
  for (const step of steps) {
    const depth = depthOf(step.path);
    const level = levels.get(depth);
    if (level) {
      level.push(step);
    } else {
      levels.set(depth, [step]);
    }
  }
  return [...levels.keys()].sort((a, b) => a - b).map(depth => levels.get(depth) ?? []);
}

function keyOf({ side }: Step, path: string): string {
  return `${side}:${path}`;
}

function isPut(step: Step): step is PutStep {
  return step.kind === 'put';
}

function isDelete(step: Step): step is DeleteStep {
  return step.kind === 'delete';
}

function isMove(step: Step): step is MoveStep {
  return step.kind === 'move';
}

function isArrangement(step: Step): step is MkdirStep | MoveStep {
  return isMkdir(step) || isMove(step);
}

function isMkdir(step: Step): step is MkdirStep {
  return step.kind === 'mkdir';
}
