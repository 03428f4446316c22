import { nodeOf, sameNode } from './entry';
import type { Node, Side } from './entry';
import type { Conflict } from './memory';
import type { Plan, Situation, Step } from './plan';
import { trans } from './words';

export type ConflictChoice = 'keep-local' | 'keep-cloud' | 'keep-both';

/** What a person chose for a conflict whose local content was kept as a copy. */
export interface Resolution {
  readonly conflict: Conflict;
  readonly choice: ConflictChoice;
}

const SIDES: readonly Side[] = ['local', 'cloud'];

/** Why the choice can't be carried out whatever is synced, in words; null where it can. */
export function whyNoChoice(situation: Situation, { conflict, choice }: Resolution): string | null {
  const isFolder = SIDES.some(side => situation[side].get(conflict.path)?.kind === 'directory');
  return isFolder && conflict.copy !== null && choice !== 'keep-both'
    ? trans.__(
        'A folder has this name, so the file can not have it. Keep both, and then rename or delete the one that you do not need.'
      )
    : null;
}

/**
 * What carries out the choice, or null while the two sides don't hold the same at the name and at the copy: what would be
 * taken away must be a version in the cloud first.
 */
export function resolutionPlan(situation: Situation, resolution: Resolution): Plan | null {
  const { path, copy } = resolution.conflict;
  if (resolution.choice === 'keep-both' || copy === null) {
    return planOf([], new Map());
  }
  const { local, cloud } = situation;
  const kept = local.get(copy);
  const isSettled = (at: string) => sameNode(local.get(at), cloud.get(at));
  if (!isSettled(path) || !isSettled(copy)) {
    return null;
  }
  const goals = new Map<string, Node | null>([[copy, null]]);
  const steps: Step[] = [];
  if (resolution.choice === 'keep-local' && kept) {
    const reason = trans.__('you chose to keep the local content');
    const source = { side: 'local', path: copy, entry: kept } as const;
    goals.set(path, nodeOf(kept));
    for (const side of SIDES) {
      const held = situation[side].get(path);
      if (!sameNode(held, kept)) {
        steps.push({ kind: 'put', side, path, reason, source, expect: held ?? null });
      }
    }
  }
  const reason =
    resolution.choice === 'keep-local'
      ? trans.__('you chose to put it under the name')
      : trans.__("you chose to keep the cloud's content");
  for (const side of SIDES) {
    const expect = situation[side].get(copy);
    if (expect) {
      const requires = goals.has(path) ? { requires: path } : {};
      steps.push({ kind: 'delete', side, path: copy, reason, expect, ...requires });
    }
  }
  return planOf(steps, goals);
}

function planOf(steps: Step[], goals: Plan['goals']): Plan {
  return { steps, goals, conflicts: [], problems: [] };
}
