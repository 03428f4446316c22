import { sizeOf, sliceOf } from './content';
import type { Content } from './content';
import type { Entry, Node, Side } from './entry';
import { foldOf } from './fold';
import type { Ledger } from './ledger';
import type { Intent } from './memory';
import type { Problem } from './problem';
import type { Naming, ReadResult, Replica } from './replica';
import { trans } from './words';

/** How much of two contents is compared at once; bytes. */
const COMPARE_CHUNK = 4 * 1024 * 1024;

export interface Recovery {
  readonly intents: readonly Intent[];
  readonly replicas: { readonly [side in Side]: Replica };
  /** The local side's files as a scan found them; recovered files are put in. */
  readonly local: Map<string, Entry>;
  /** What was agreed; recovered files are put in. */
  readonly base: Map<string, Node>;
  /** How the local side takes names, where that matters. */
  readonly naming: Naming | null;
  /** Whether a scan could not learn what a path holds. */
  readonly isUnknown: (path: string) => boolean;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
}

/** What could not be recovered, and why. */
export interface Recovered {
  readonly problems: readonly Problem[];
  /** Paths of which it is not known whether a person wrote what they hold: nothing may follow from it. */
  readonly open: ReadonlySet<string>;
}

/**
 * Settles the local writes that a crash may have cut short, before anything is planned: a file that holds just the
 * start of what was being written is written again, whole; any other content is a person's, and left.
 *
 * #### Notes
 * What a half-written file held before is not lost: it was in the base, so the cloud has it as a version. What is
 * written again from the cloud's file of that name was seen there when the intent was made, so the base may say it; a
 * conflict copy's was not.
 */
export async function recover(recovery: Recovery): Promise<Recovered> {
  const problems: Problem[] = [];
  const open = new Set<string>();
  for (const intent of recovery.intents) {
    const { isOpen, problem } = await recoverOne(intent, recovery);
    if (problem) {
      problems.push(problem);
    }
    if (isOpen) {
      open.add(intent.path).add(spelledHere(intent.path, recovery));
    } else {
      recovery.ledger.settle(intent.path);
    }
  }
  return { problems, open };
}

interface Attempt {
  readonly isOpen: boolean;
  readonly problem: Problem | null;
}

const SETTLED: Attempt = { isOpen: false, problem: null };

function stillOpen(problem: Problem): Attempt {
  return { isOpen: true, problem };
}

async function recoverOne(intended: Intent, recovery: Recovery): Promise<Attempt> {
  if (recovery.isUnknown(intended.path)) {
    return { isOpen: true, problem: null };
  }
  // Its source keeps its own name.
  const intent = { ...intended, path: spelledHere(intended.path, recovery) };
  const found = recovery.local.get(intent.path);
  if (found?.kind !== 'file' || found.sha256 === intent.before) {
    return SETTLED;
  }
  if (found.sha256 === intent.after) {
    agree(intent, recovery);
    return SETTLED;
  }
  if (found.size >= intent.size) {
    return SETTLED;
  }
  const whole = await contentOf(intended, recovery);
  if (whole && 'code' in whole) {
    return stillOpen({ ...whole, path: intent.path });
  }
  if (!whole) {
    const message = trans.__(
      'Writing this file was interrupted, and what it was to hold is no longer in the cloud. Look at the file: it may be cut short. It will be synced as it is now.'
    );
    return { isOpen: false, problem: { path: intent.path, code: 'interrupted', message } };
  }
  const result = await readLocal(intent, found, recovery);
  if (result.status === 'failed') {
    return stillOpen(result.problem);
  }
  if (result.status === 'changed') {
    recovery.ledger.distrust('local', intent.path);
    return stillOpen(busy(intent));
  }
  return (await isStartOf(result.content, whole))
    ? writeAgain(intent, found, whole, recovery)
    : SETTLED;
}

/** How the local side lists what it finds under the path: what was written over a file of a like name has the name of that. */
function spelledHere(path: string, { local, naming }: Recovery): string {
  const folding = { case: naming?.case === true, unicode: naming?.unicode === true };
  if (local.has(path) || (!folding.case && !folding.unicode)) {
    return path;
  }
  const key = foldOf(path, folding);
  const [listed, ...others] = [...local.keys()].filter(each => foldOf(each, folding) === key);
  return listed !== undefined && others.length === 0 ? listed : path;
}

function busy({ path }: Intent): Problem {
  const message = trans.__(
    'Writing this file was interrupted, and it changed while it was being put right. Sync again.'
  );
  return { path, code: 'busy', message };
}

function agree({ path, size, after, source }: Intent, { ledger, base }: Recovery): void {
  if (source.side === 'cloud' && source.path === path) {
    const node: Node = { kind: 'file', size, sha256: after };
    base.set(path, node);
    ledger.agree(path, node);
  }
}

/**
 * What was being written: as the source holds it now, or as the cloud held it once, at the source's name or at its own.
 * null only where it is known to be gone.
 */
async function contentOf(
  { path: target, source: { side, path, version }, size, after }: Intent,
  recovery: Recovery
): Promise<Content | Problem | null> {
  const replica = recovery.replicas[side];
  const entry: Entry = { kind: 'file', size, sha256: after, version, id: null, seenAt: 0 };
  const [result] = await replica.read([{ path, entry }], recovery);
  switch (result?.status) {
    case 'read':
      return result.content;
    case 'failed':
      return result.problem;
    default:
      return recallAny(side === 'cloud' ? [path, target] : [target], after, recovery);
  }
}

/** The content from the cloud's versions of the first path that had it. */
async function recallAny(
  paths: readonly string[],
  sha256: string,
  recovery: Recovery
): Promise<Content | null> {
  for (const path of new Set(paths)) {
    const content = await recovery.replicas.cloud.recall?.({ path, sha256 }, recovery);
    if (content) {
      return content;
    }
  }
  return null;
}

async function readLocal({ path }: Intent, found: Entry, recovery: Recovery): Promise<ReadResult> {
  const [result] = await recovery.replicas.local.read([{ path, entry: found }], recovery);
  return result ?? { status: 'changed' };
}

async function isStartOf(start: Content, whole: Content): Promise<boolean> {
  const size = sizeOf(start);
  for (let from = 0; from < size; from += COMPARE_CHUNK) {
    const end = Math.min(from + COMPARE_CHUNK, size);
    const [a, b] = await Promise.all([sliceOf(start, from, end), sliceOf(whole, from, end)]);
    if (a.some((byte, index) => byte !== b[index])) {
      return false;
    }
  }
  return true;
}

/** Overwrites only what still is the start that was compared. */
async function writeAgain(
  intent: Intent,
  found: Entry,
  content: Content,
  recovery: Recovery
): Promise<Attempt> {
  const { path, after } = intent;
  const { replicas, ledger, local, signal } = recovery;
  const [outcome] = await replicas.local.apply(
    [{ op: 'put', path, content, sha256: after, expect: found }],
    { signal }
  );
  switch (outcome?.status) {
    case 'applied':
      if (outcome.entry) {
        local.set(path, outcome.entry);
        ledger.saw('local', path, outcome.entry);
      }
      agree(intent, recovery);
      return SETTLED;
    case 'failed':
      return stillOpen({ ...outcome.problem, path });
    default:
      ledger.distrust('local', path);
      return stillOpen(busy(intent));
  }
}
