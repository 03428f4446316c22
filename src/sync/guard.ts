import { otherSide, sameNode } from './entry';
import type { Side, Tree } from './entry';
import type { Plan, Situation, Step } from './plan';
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
  /** What the run did in the rounds before this one: it is judged as a whole. Left out in the first. */
  readonly past?: Past | undefined;
  /** Whether what a path holds could not be learned. Default: it was. */
  readonly isUnknown?: ((path: string) => boolean) | undefined;
}

/** What a run did in former rounds. */
export interface Past {
  /** How many files the base held when the run began. */
  readonly baseFiles: number;
  /** What was applied. */
  readonly steps: readonly Step[];
}

/**
 * Why the plan must not go ahead without a person's word, or null when it may. Where several reasons hold, the one
 * that explains the others is named.
 */
export function stopReasonOf(guarded: Guarded): StopReason | null {
  const { situation, roots } = guarded;
  const { base } = situation;
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
  const baseFiles = filesOf(base);
  if (SIDES.some(side => isEmptied(guarded, side, baseFiles))) {
    return 'root-emptied';
  }
  if (SIDES.some(side => isAllChanged(guarded, side, baseFiles))) {
    return 'all-changed';
  }
  if (SIDES.some(side => isMassDeletion(guarded, side, baseFiles))) {
    return 'mass-delete';
  }
  return null;
}

/** The paths of a tree's files. */
export function filesOf(tree: Tree): string[] {
  return [...tree].filter(([, node]) => node.kind === 'file').map(([path]) => path);
}

/**
 * What was lost there in former rounds is deleted on the other side by now, and no longer in the base. What could not be
 * looked at is not lost.
 */
function isEmptied(
  { situation, past, isUnknown = () => false }: Guarded,
  side: Side,
  baseFiles: readonly string[]
): boolean {
  for (const { kind } of situation[side].values()) {
    if (kind === 'file') {
      return false;
    }
  }
  const lost = baseFiles.filter(path => !isUnknown(path)).length;
  return lost > 0 && lost + deletedOn(otherSide(side), past?.steps).size >= 2;
}

/** What was changed there in former rounds is on the other side by now, and as it is in the base. */
function isAllChanged(
  { situation, past }: Guarded,
  side: Side,
  baseFiles: readonly string[]
): boolean {
  const { base, [side]: tree } = situation;
  const carried = overwrittenOn(otherSide(side), past?.steps);
  const isChanged = (path: string) => !sameNode(tree.get(path), base.get(path));
  return (
    baseFiles.length >= ALL_CHANGED_FROM &&
    baseFiles.every(path => tree.has(path) && (isChanged(path) || carried.has(path))) &&
    baseFiles.some(isChanged)
  );
}

function isMassDeletion(
  { plan, past }: Guarded,
  side: Side,
  baseFiles: readonly string[]
): boolean {
  const planned = deletedOn(side, plan.steps);
  const deleted = new Set([...planned, ...deletedOn(side, past?.steps)]).size;
  const known = Math.max(baseFiles.length, past?.baseFiles ?? 0);
  return planned.size > 0 && deleted > FEW_DELETIONS && deleted > known / 2;
}

function deletedOn(side: Side, steps: readonly Step[] = []): ReadonlySet<string> {
  return new Set(
    steps.flatMap(step =>
      step.kind === 'delete' && step.side === side && step.expect.kind === 'file' ? [step.path] : []
    )
  );
}

function overwrittenOn(side: Side, steps: readonly Step[] = []): ReadonlySet<string> {
  return new Set(
    steps.flatMap(step =>
      step.kind === 'put' && step.side === side && step.expect ? [step.path] : []
    )
  );
}
