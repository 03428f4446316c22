import { foldOf, isAscii } from './fold';
import { joinPath, nameOf, parentOf } from './path';
import type { Scan } from './replica';

/** The paths of a tree, whatever it has there. */
type PathSet = Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>;

/**
 * A scan of a side to which the forms of Unicode are one, with its names in the form that is known already: in the base, else on
 * the other side. Such a side may list a name in another form than it was given (HFS+), and finds it under both.
 */
export function inKnownSpelling(scan: Scan, base: PathSet, other: PathSet): Scan {
  const spell = spellerOf(scan.entries, base, other);
  const entries = new Map<
    string,
    typeof scan.entries extends ReadonlyMap<string, infer T> ? T : never
  >();
  for (const [path, entry] of scan.entries) {
    const known = spell(path);
    entries.set(entries.has(known) ? path : known, entry);
  }
  return {
    ...scan,
    entries,
    unknown: scan.unknown.map(spell),
    ...(scan.ignored && { ignored: scan.ignored.map(spell) })
  };
}

function spellerOf(listed: PathSet, base: PathSet, other: PathSet): (path: string) => string {
  const inBase = byForm(base);
  const inOther = byForm(other);
  const spelled = new Map<string, string>([['', '']]);
  const spell = (path: string): string => {
    if (isAscii(path)) {
      return path;
    }
    const known = spelled.get(path);
    if (known !== undefined) {
      return known;
    }
    const parent = spell(parentOf(path));
    const own = joinPath(parent, nameOf(path));
    const form = foldOf(own, FORMS);
    const ofBase = base.has(own) ? own : inBase.get(form);
    const ofOther = other.has(own) ? own : inOther.get(form);
    // Both sides have the new form already, though that was not remembered.
    const isRespelled = ofOther === own && ofBase !== undefined && !other.has(ofBase);
    const found = [isRespelled ? own : ofBase, ofOther].find(
      candidate =>
        candidate !== undefined &&
        parentOf(candidate) === parent &&
        (candidate === path || !listed.has(candidate))
    );
    spelled.set(path, found ?? own);
    return found ?? own;
  };
  return spell;
}

const FORMS = { case: false, unicode: true };

/** Of several spellings the first in a stable order. */
function byForm(paths: PathSet): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of paths.keys()) {
    if (!isAscii(path)) {
      const form = foldOf(path, FORMS);
      const first = found.get(form);
      if (first === undefined || path < first) {
        found.set(form, path);
      }
    }
  }
  return found;
}
