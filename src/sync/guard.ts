import { sameNode } from './entry';
import type { Side, Tree } from './entry';
import type { Plan, Situation } from './plan';
import type { Scan } from './replica';
import type { StopReason } from './report';

/** From how many files on "every file changed" is taken for an accident. */
const ALL_CHANGED_FROM = 10;
/** Deletions up to this number are never taken for an accident. */
const FEW_DELETIONS = 4;

const SIDES: readonly Side[] = ['local', 'cloud'];

/** What a guard sees: the plan, the trees it was made from, and what the roots are. */
export interface Guarded {
  readonly plan: Plan;
  readonly situation: Situation;
  readonly roots: { readonly [side in Side]: Scan['root'] };
}

/**
 * Why the plan must not go ahead without a person's word, or null when it may. Where several reasons hold, the one
 * that explains the others is named.
 */
export function stopReasonOf({ plan, situation, roots }: Guarded): StopReason | null {
  const { base } = situation;
  const baseFiles = filesOf(base);
  const isFirstSync = base.size === 0;
  if (roots.cloud === 'missing' || (roots.local === 'missing' && !isFirstSync)) {
    return 'root-missing';
  }
  if (roots.local === 'not-directory' || roots.cloud === 'not-directory') {
    return 'root-replaced';
  }
  if (roots.cloud === 'restored') {
    return 'cloud-restored';
  }
  if (baseFiles.length >= 2 && SIDES.some(side => filesOf(situation[side]).length === 0)) {
    return 'root-emptied';
  }
  if (SIDES.some(side => allChanged(baseFiles, situation.base, situation[side]))) {
    return 'all-changed';
  }
  if (SIDES.some(side => isMassDeletion(plan, side, baseFiles.length))) {
    return 'mass-delete';
  }
  return null;
}

function filesOf(tree: Tree): string[] {
  return [...tree].filter(([, node]) => node.kind === 'file').map(([path]) => path);
}

function allChanged(baseFiles: readonly string[], base: Tree, side: Tree): boolean {
  return (
    baseFiles.length >= ALL_CHANGED_FROM &&
    baseFiles.every(path => side.has(path) && !sameNode(side.get(path), base.get(path)))
  );
}

function isMassDeletion(plan: Plan, side: Side, baseFiles: number): boolean {
  const deleted = plan.steps.filter(
    step => step.kind === 'delete' && step.side === side && step.expect.kind === 'file'
  ).length;
  return deleted > FEW_DELETIONS && deleted > baseFiles / 2;
}
