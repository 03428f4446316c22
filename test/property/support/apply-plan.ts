import type { Side } from '../../../src/sync/entry';
import { ancestorsOf, isWithin } from '../../../src/sync/path';
import { stagesOf } from '../../../src/sync/order';
import type { Plan, Step } from '../../../src/sync/plan';
import { hashOfText } from './trees';
import type { Texts, Trees } from './trees';

/** Text by path; null for a directory. */
type Tree = Map<string, string | null>;

/**
 * Does a plan's steps to the trees in the order that the engine keeps, and throws where a step does not find what it
 * expects: a plan must work out when nothing goes wrong.
 */
export function applyPlan(trees: Trees, plan: Plan): Trees {
  const sides = { local: new Map(trees.local), cloud: new Map(trees.cloud) };
  const stages = stagesOf(plan);
  const groups: (readonly Step[])[] = [
    stages.keep,
    ...stages.clear,
    ...stages.arrange,
    ...stages.put,
    ...stages.drop
  ];
  const done = groups.flat();
  if (done.length !== plan.steps.length || new Set(done).size !== plan.steps.length) {
    throw new Error(`of ${plan.steps.length} steps the stages hold ${done.length}`);
  }
  for (const group of groups) {
    for (const step of group) {
      perform(step, sides, plan);
    }
  }
  const base = new Map(trees.base);
  for (const [path, node] of plan.goals) {
    if (node === null) {
      base.delete(path);
    } else {
      base.set(path, textOf(node.sha256, trees));
    }
  }
  return { base, ...sides };
}

function perform(step: Step, sides: { readonly [side in Side]: Tree }, plan: Plan): void {
  const tree = sides[step.side];
  const { path } = step;
  const fail = (why: string): never => {
    throw new Error(`${step.kind} ${path} (${step.side}): ${why}`);
  };
  if (step.requires !== undefined) {
    const kept = plan.goals.get(step.requires);
    for (const side of ['local', 'cloud'] as const) {
      if (!kept || hashAt(sides[side], step.requires) !== kept.sha256) {
        fail(`${step.requires} does not hold what is taken away (${side})`);
      }
    }
  }
  switch (step.kind) {
    case 'put': {
      const { source, expect } = step;
      const content = source.side === 'merge' ? null : sides[source.side].get(source.path);
      if (typeof content !== 'string' || hashOfText(content) !== source.entry.sha256) {
        return fail(`${source.path} no longer holds the content`);
      }
      if (expect ? hashAt(tree, path) !== expect.sha256 : tree.has(path)) {
        fail('the target is not what was expected');
      }
      needParents(tree, path, fail);
      tree.set(path, content);
      return;
    }
    case 'mkdir':
      needParents(tree, path, fail);
      if (typeof tree.get(path) === 'string') {
        fail('a file is there');
      }
      tree.set(path, null);
      return;
    case 'delete':
      if (!tree.has(path) || hashAt(tree, path) !== step.expect.sha256) {
        fail('the target is not what was expected');
      }
      if ([...tree.keys()].some(below => below !== path && isWithin(below, path))) {
        fail('it is not empty');
      }
      tree.delete(path);
      return;
    case 'move': {
      const { from } = step;
      if (!tree.has(from) || hashAt(tree, from) !== step.expect.sha256) {
        fail(`${from} is not what was expected`);
      }
      if (tree.has(path) || isWithin(path, from)) {
        fail('the target is taken');
      }
      needParents(tree, path, fail);
      for (const [below, content] of [...tree].filter(([each]) => isWithin(each, from))) {
        tree.delete(below);
        tree.set(path + below.slice(from.length), content);
      }
    }
  }
}

function needParents(tree: Tree, path: string, fail: (why: string) => never): void {
  if (ancestorsOf(path).some(above => tree.get(above) !== null)) {
    fail('a folder above it is missing');
  }
}

function hashAt(tree: Tree, path: string): string | null | undefined {
  const text = tree.get(path);
  return typeof text === 'string' ? hashOfText(text) : text;
}

function textOf(sha256: string | null, trees: Trees): string | null {
  if (sha256 === null) {
    return null;
  }
  const all: Texts[] = [trees.base, trees.local, trees.cloud];
  for (const text of all.flatMap(tree => [...tree.values()])) {
    if (text !== null && hashOfText(text) === sha256) {
      return text;
    }
  }
  throw new Error('a goal has a content that was nowhere');
}
