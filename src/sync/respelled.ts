import { otherSide } from './entry';
import type { Entry, Node, Side, Tree } from './entry';
import { isWithin, nameOf, parentOf } from './path';
import type { MoveStep, Plan, Situation } from './plan';
import { spellingReason } from './reasons';
import type { Policy } from './reconcile';

/**
 * What makes both sides spell their paths alike, where the local side takes two spellings for one and a person gave a
 * file or folder the other one: a move on the side that has the old one, with all it holds, whatever has changed in
 * it. null where there is nothing of the kind. All else is planned once that is done.
 *
 * @param groups - the spellings of what is one path to the local side
 */
export function respellingPlan(
  situation: Situation,
  policy: Policy,
  groups: Iterable<readonly string[]>
): Plan | null {
  const { base, local, cloud } = situation;
  const steps: MoveStep[] = [];
  const goals = new Map<string, Node | null>();
  for (const group of [...groups].map(each => [...each].sort()).sort(byTop)) {
    const respelling = respellingOf(group, situation);
    if (!respelling) {
      continue;
    }
    const { side, from, path } = respelling;
    const kinds = new Set(
      [base.get(from), local.get(from) ?? local.get(path), cloud.get(from) ?? cloud.get(path)].map(
        node => node?.kind
      )
    );
    const isKnown = [from, path].every(
      each => !policy.isUnknown(each) && policy.refuses(each, 'file') === null
    );
    const isCovered = steps.some(step => isWithin(from, step.from) || isWithin(path, step.path));
    const expect = situation[side].get(from);
    const canMove = expect?.kind === 'file' || policy.movesDirectories?.(side) !== false;
    if (kinds.size !== 1 || !isKnown || isCovered || !expect || !canMove) {
      continue;
    }
    const carried = carriedBy(from, path, [base, situation[side]]);
    for (const each of carried) {
      goals.set(each.from, null);
      const agreed = base.get(each.from);
      if (agreed) {
        goals.set(each.path, agreed);
      }
    }
    const reason = spellingReason(nameOf(from), nameOf(path), otherSide(side));
    const isFile = expect.kind === 'file';
    steps.push({ kind: 'move', side, from, path, reason, expect, carried: isFile ? [] : carried });
  }
  const waiting = steps.map(step => step.path);
  return steps.length > 0 ? { steps, goals, conflicts: [], problems: [], waiting } : null;
}

/** Of the spellings of one path, the base has one, and a side has another in its place. */
function respellingOf(
  group: readonly string[],
  { base, local, cloud }: Situation
): { side: Side; from: string; path: string } | null {
  const inTree = (tree: Tree<Node | Entry>) => group.filter(path => tree.has(path));
  const [[from, ...others], [listed, ...more], spellings] = [
    inTree(base),
    inTree(local),
    inTree(cloud)
  ];
  if (from === undefined || others.length > 0 || listed === undefined || more.length > 0) {
    return null;
  }
  const isInPlace = (path: string) => parentOf(path) === parentOf(from);
  if (listed !== from) {
    const isNew = cloud.has(from) && !cloud.has(listed) && isInPlace(listed);
    return isNew ? { side: 'cloud', from, path: listed } : null;
  }
  const path = spellings.find(isInPlace);
  return path === undefined || cloud.has(from) ? null : { side: 'local', from, path };
}

function carriedBy(top: string, to: string, trees: readonly Tree[]): MoveStep['carried'] {
  const paths = new Set(trees.flatMap(tree => [...tree.keys()]));
  return [...paths]
    .filter(path => isWithin(path, top))
    .map(from => ({ from, path: to + from.slice(top.length) }));
}

function byTop([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
