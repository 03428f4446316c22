import { breathing, pacing } from './breathe';
import type { Breathe, Pausing } from './breathe';
import { createFold, foldOf } from './fold';
import type { Folding } from './fold';
import { nameOf, parentOf } from './path';
import type { Naming, NamingExample, NamingQuestion, Replica } from './replica';
import { mayBeOddOnWindows, whyNotOnWindows } from './windows-names';
import { trans } from './words';

/** All paths of a project by where they are. */
export interface Paths {
  readonly base: ReadonlyMap<string, unknown>;
  readonly local: ReadonlyMap<string, unknown>;
  readonly cloud: ReadonlyMap<string, unknown>;
}

const BOTH: Folding = { case: true, unicode: true };

/**
 * Learns how the local side takes names, where any of these paths makes that matter. null where none does: then nothing was
 * asked.
 */
export async function learnNaming(
  paths: Paths,
  replica: Replica,
  signal: AbortSignal,
  breathe?: Breathe
): Promise<Naming | null> {
  if (!replica.naming) {
    return null;
  }
  const groups = [...(await breathing(spellingsOf(paths, BOTH), breathe)).values()];
  const question = questionOf(paths, groups);
  await breathe?.();
  if (Object.keys(question).length === 0) {
    return null;
  }
  return { ...(await replica.naming(question, { signal })), ...seenApart(groups, paths.local) };
}

/** The spellings of each path that has several, by what a side that folds so takes them for. */
export function* spellingsOf(paths: Paths, folding: Folding): Pausing<Map<string, string[]>> {
  const first = new Map<string, string>();
  const several = new Map<string, string[]>();
  const fold = createFold(folding);
  const { base, local, cloud } = paths;
  for (const tree of [base, local, cloud]) {
    yield* pacing(tree.keys(), path => {
      // Most paths are in all three.
      if ((tree !== base && base.has(path)) || (tree === cloud && local.has(path))) {
        return;
      }
      const key = fold(path);
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, path);
      } else {
        several.set(key, [...(several.get(key) ?? [other]), path]);
      }
    });
  }
  return several;
}

function questionOf(
  { base, local, cloud }: Paths,
  groups: readonly (readonly string[])[]
): NamingQuestion {
  // A side that lists them all holds them all.
  const isOpen = groups.some(group => group.some(path => !local.has(path)));
  const isCaseAsked = isOpen && groups.some(group => differ(group, { case: false, unicode: true }));
  const isUnicodeAsked =
    isOpen && groups.some(group => differ(group, { case: true, unicode: false }));
  const isOdd = (path: string) => !local.has(path) && mayBeOddOnWindows(path);
  const isWindowsAsked = [base, cloud].some(tree => [...tree.keys()].some(isOdd));
  return {
    ...(isCaseAsked && {
      case: exampleOf(groups, local, swapAsciiCase) ?? exampleOf(groups, local, swapCase)
    }),
    ...(isUnicodeAsked && { unicode: exampleOf(groups, local, otherForm) }),
    ...(isWindowsAsked && { windows: backslashed(local) })
  };
}

function differ(group: readonly string[], folding: Folding): boolean {
  return new Set(group.map(path => foldOf(path, folding))).size > 1;
}

/** What is listed under two names that differ in one thing alone is not one file. */
function seenApart(
  groups: readonly (readonly string[])[],
  local: Paths['local']
): { case?: false; unicode?: false } {
  const listed = groups.map(group => group.filter(path => local.has(path)));
  const isApart = (folding: Folding) =>
    listed.some(group => new Set(group.map(path => foldOf(path, folding))).size < group.length);
  return {
    ...(isApart({ case: true, unicode: false }) && { case: false }),
    ...(isApart({ case: false, unicode: true }) && { unicode: false })
  };
}

/** One of those that matter, else any: a listed name whose other spelling is not listed. */
function exampleOf(
  groups: readonly (readonly string[])[],
  local: Paths['local'],
  respell: (name: string) => string
): NamingExample | null {
  const exampleFor = (listed: string): NamingExample | null => {
    const name = nameOf(listed);
    const other = listed.slice(0, listed.length - name.length) + respell(name);
    return other !== listed && !local.has(other) ? { listed, other } : null;
  };
  for (const paths of [groups.flat().filter(path => local.has(path)), local.keys()]) {
    for (const path of paths) {
      const example = exampleFor(path);
      if (example) {
        return example;
      }
    }
  }
  return null;
}

/** ASCII letters alone: every file system that folds case folds those. */
function swapAsciiCase(name: string): string {
  return name.replace(/[a-zA-Z]/g, swapCase);
}

function swapCase(name: string): string {
  return [...name]
    .map(letter => {
      const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      return other.length === letter.length ? other : letter;
    })
    .join('');
}

function otherForm(name: string): string {
  const composed = name.normalize('NFC');
  return composed === name ? name.normalize('NFD') : composed;
}

function backslashed(local: Paths['local']): NamingExample | null {
  for (const listed of local.keys()) {
    if (parentOf(listed) !== '' && !listed.includes('\\')) {
      return { listed, other: listed.replaceAll('/', '\\') };
    }
  }
  return null;
}

/** Why the local side can't hold the path, if it is one that Windows does not hold. */
export function whyNotLocally(path: string, { windows }: Naming): string | null {
  const reason = windows === true && mayBeOddOnWindows(path) ? whyNotOnWindows(path) : null;
  return reason === null
    ? null
    : trans.__(
        '%1 can not be held on the computer that Jupyter runs on, which uses Windows: %2. Rename it in the cloud.',
        JSON.stringify(path),
        reason
      );
}
