import { createHash } from 'node:crypto';

import fc from 'fast-check';

import type { Entry, Node } from '../../../src/sync/entry';
import { ancestorsOf, isWithin } from '../../../src/sync/path';
import type { Situation } from '../../../src/sync/plan';

/** A tree by path: a file's text, or null for a directory. Every parent is in it. */
export type Texts = ReadonlyMap<string, string | null>;

/** Three trees that grew out of one. */
export interface Trees {
  readonly base: Texts;
  readonly local: Texts;
  readonly cloud: Texts;
}

const CONTENTS = ['1', '2', '3', '4', ''];

export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Few names, so that they meet; among them those that conflict copies would take. */
const NAMES = [
  'a',
  'b',
  'c.txt',
  'd',
  `a (conflict ${hashOfText('1').slice(0, 8)})`,
  `c (conflict ${hashOfText('2').slice(0, 8)}).txt`
];

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c.txt', 'd') },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES) }
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/'));
const content = fc.constantFrom(...CONTENTS);
const which = fc.nat({ max: 1000 });

/** What a person does to a tree. `at` picks one of what is there. */
type Act =
  | { readonly act: 'write'; readonly path: string; readonly text: string }
  | { readonly act: 'mkdir'; readonly path: string }
  | { readonly act: 'edit'; readonly at: number; readonly text: string }
  | { readonly act: 'remove'; readonly at: number }
  | { readonly act: 'rename'; readonly at: number; readonly to: string }
  | { readonly act: 'swap'; readonly at: number; readonly with: number }
  | { readonly act: 'turn'; readonly at: number; readonly text: string };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('write' as const), path, text: content }),
  fc.record({ act: fc.constant('mkdir' as const), path }),
  fc.record({ act: fc.constant('edit' as const), at: which, text: content }),
  fc.record({ act: fc.constant('remove' as const), at: which }),
  fc.record({ act: fc.constant('rename' as const), at: which, to: path }),
  fc.record({ act: fc.constant('swap' as const), at: which, with: which }),
  fc.record({ act: fc.constant('turn' as const), at: which, text: content })
);

/** One base, changed on each side, and some changes made on both. */
export const trees: fc.Arbitrary<Trees> = fc
  .record({
    base: fc.array(fc.record({ path, text: fc.option(content, { freq: 5 }) }), { maxLength: 14 }),
    both: fc.array(act, { maxLength: 2 }),
    local: fc.array(act, { maxLength: 5 }),
    cloud: fc.array(act, { maxLength: 5 }),
    first: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean())
  })
  .map(({ base: made, both, local, cloud, first }) => {
    const base = new Map<string, string | null>();
    for (const { path: at, text } of made) {
      put(base, at, text);
    }
    const side = (acts: readonly Act[]) => {
      const tree = new Map(base);
      [...both, ...acts].forEach(each => perform(tree, each));
      return tree;
    };
    return { base: first ? new Map() : base, local: side(local), cloud: side(cloud) };
  });

function perform(tree: Map<string, string | null>, each: Act): void {
  const pick = (at: number) => [...tree.keys()].sort()[at % Math.max(1, tree.size)];
  switch (each.act) {
    case 'write':
      put(tree, each.path, each.text);
      return;
    case 'mkdir':
      put(tree, each.path, null);
      return;
    case 'edit': {
      const at = pick(each.at);
      if (at !== undefined && typeof tree.get(at) === 'string') {
        tree.set(at, each.text);
      }
      return;
    }
    case 'remove': {
      const at = pick(each.at);
      if (at !== undefined) {
        drop(tree, at);
      }
      return;
    }
    case 'rename': {
      const at = pick(each.at);
      if (at !== undefined) {
        move(tree, at, each.to);
      }
      return;
    }
    case 'swap': {
      const [one, other] = [pick(each.at), pick(each.with)];
      if (one !== undefined && other !== undefined) {
        move(tree, one, 'swapped');
        move(tree, other, one);
        move(tree, 'swapped', other);
        move(tree, 'swapped', one);
      }
      return;
    }
    case 'turn': {
      const at = pick(each.at);
      if (at !== undefined) {
        const isFile = typeof tree.get(at) === 'string';
        drop(tree, at);
        put(tree, isFile ? `${at}/a` : at, each.text);
      }
    }
  }
}

/** Puts it where nothing is in the way; else leaves the tree as it is. */
function put(tree: Map<string, string | null>, at: string, text: string | null): void {
  const isBlocked = ancestorsOf(at).some(above => typeof tree.get(above) === 'string');
  if (isBlocked || (tree.has(at) && (tree.get(at) === null) !== (text === null))) {
    return;
  }
  for (const above of ancestorsOf(at)) {
    tree.set(above, null);
  }
  tree.set(at, text);
}

function drop(tree: Map<string, string | null>, at: string): void {
  for (const below of [...tree.keys()].filter(each => isWithin(each, at))) {
    tree.delete(below);
  }
}

function move(tree: Map<string, string | null>, from: string, to: string): void {
  const isBlocked = ancestorsOf(to).some(above => typeof tree.get(above) === 'string');
  if (!tree.has(from) || tree.has(to) || isWithin(to, from) || isBlocked) {
    return;
  }
  for (const above of ancestorsOf(to)) {
    tree.set(above, null);
  }
  for (const [below, text] of [...tree].filter(([each]) => isWithin(each, from))) {
    tree.delete(below);
    tree.set(to + below.slice(from.length), text);
  }
}

export function nodeOfText(text: string | null): Node {
  return text === null
    ? { kind: 'directory', size: 0, sha256: null }
    : { kind: 'file', size: text.length, sha256: hashOfText(text) };
}

export function entryOfText(text: string | null): Entry {
  const node = nodeOfText(text);
  return { ...node, version: node.sha256 ?? 'directory', id: null, seenAt: 0 };
}

/** As an engine sees the trees. */
export function situationOf({ base, local, cloud }: Trees): Situation {
  const entries = (tree: Texts) =>
    new Map([...tree].map(([at, text]) => [at, entryOfText(text)] as const));
  return {
    base: new Map([...base].map(([at, text]) => [at, nodeOfText(text)])),
    local: entries(local),
    cloud: entries(cloud)
  };
}

/** Where a tree has each text. */
export function filesOf(tree: Texts): Map<string, string> {
  return new Map([...tree].filter((each): each is [string, string] => each[1] !== null));
}
