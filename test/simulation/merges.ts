import type { Cloud } from './cloud';
import type { Committed } from './cloud-fetch';
import { isNotebook, isPlain, piecesOf } from './documents';
import { Violation } from './violation';
import type { Writings } from './writings';

/**
 * Looks at the merges among what was committed: the local content became a version just before. Each must hold what
 * either side made of the base, no more and no less; what passes is one of the writings.
 *
 * @param bases - the contents that the run may have merged against, by path
 */
export async function checkMerges(
  operations: readonly Committed[],
  bases: ReadonlyMap<string, string>,
  cloud: Cloud,
  writings: Writings
): Promise<void> {
  for (const [
    index,
    { op, path = '', file_version_id: made, if_version }
  ] of operations.entries()) {
    const kept = operations[index - 1];
    const isMerge = op === 'put' && kept?.op === 'put' && if_version === kept.file_version_id;
    const text = async (version: string | null | undefined) =>
      version ? cloud.textOf(version) : null;
    const own = bases.get(path);
    const next = operations[index + 1];
    const isKept = next?.op === 'put' && made !== undefined && next.if_version === made;
    if (op === 'put' && !isMerge && !isKept && own !== undefined) {
      checkReplaced(path, own, await text(if_version), await text(made));
    }
    if (!isMerge) {
      continue;
    }
    const merged = await text(made);
    const local = await text(kept.file_version_id);
    const there = await text(kept.if_version);
    if (merged === null || local === null || there === null) {
      continue;
    }
    if (![local, there].every(each => isPlain(path, each))) {
      // A notebook that someone gave the name of a text is merged by line: no piece tells where it is from.
      writings.add(merged);
      continue;
    }
    const candidates = [...(own === undefined ? [] : [own]), ...bases.values()];
    if (!candidates.some(base => isMergeOf(path, merged, { base, local, there }))) {
      const contents = JSON.stringify({ base: own, local, cloud: there, merged });
      throw new Violation('merge', `"${path}" was merged so that something is lost: ${contents}`);
    }
    if (path.endsWith('.ipynb') && !isNotebook(merged)) {
      throw new Violation('merge', `"${path}" is no valid notebook any more: ${merged}`);
    }
    writings.add(merged);
  }
}

/** What the cloud had of its own must be in what replaces it. */
function checkReplaced(path: string, base: string, there: string | null, put: string | null): void {
  if (there === null || put === null || there === base || there === put) {
    return;
  }
  const [inBase, inPut] = [base, put].map(text => new Set(piecesOf(path, text)));
  const lost = piecesOf(path, there)?.find(piece => !inBase?.has(piece) && !inPut?.has(piece));
  if (lost !== undefined) {
    throw new Violation('merge', `"${lost}" was new in the cloud at "${path}", and was replaced`);
  }
}

/** Pieces are unlike each other: what both have stays, what either made comes, what either dropped goes. */
function isMergeOf(
  path: string,
  merged: string,
  { base, local, there }: { base: string; local: string; there: string }
): boolean {
  const [b, l, c, m] = [base, local, there, merged].map(text => piecesOf(path, text));
  if (!b || !l || !c || !m) {
    return false;
  }
  const [inBase, inLocal, inCloud] = [new Set(b), new Set(l), new Set(c)];
  const wanted = new Set([
    ...l.filter(piece => inCloud.has(piece) || !inBase.has(piece)),
    ...c.filter(piece => inLocal.has(piece) || !inBase.has(piece))
  ]);
  return wanted.size === m.length && m.every(piece => wanted.has(piece));
}
