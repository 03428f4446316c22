import type { Node, Tree } from './entry';
import type { Plan, Step } from './plan';

/** A person's word on a run that a guard stopped. */
export type Word =
  /** Let just these go ahead, as `takingsOf` named them. */
  | { readonly kind: 'approve'; readonly takings: ReadonlySet<string> }
  /** Bring back what was deleted on one side and is still on the other. */
  | { readonly kind: 'restore' };

/** What a plan takes away or replaces: each with what it saw there, so that a word for one holds for no other. */
export function takingsOf(plan: Plan): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap(step => {
      const expect = step.kind === 'put' || step.kind === 'delete' ? step.expect : null;
      return expect ? [JSON.stringify([step.kind, step.side, step.path, expect.sha256])] : [];
    })
  );
}

/** True when the word covers all that the plan takes away: one that grew is stopped anew. */
export function isApproved(plan: Plan, word: Word | undefined): boolean {
  if (word?.kind !== 'approve') {
    return false;
  }
  return [...takingsOf(plan)].every(taking => word.takings.has(taking));
}

/** The base without what the plan deletes: what the other side still has is then new to the one that lost it. */
export function withoutDeleted(base: Tree, plan: Plan): Tree {
  const deleted = new Set(plan.steps.filter(isDeletion).map(step => step.path));
  return new Map<string, Node>([...base].filter(([path]) => !deleted.has(path)));
}

function isDeletion(step: Step): boolean {
  return step.kind === 'delete';
}
