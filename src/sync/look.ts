import { breathing, pacing } from './breathe';
import type { Breathe, Pausing } from './breathe';
import { reconcileNamed } from './clashes';
import { heldByDrafts } from './drafts';
import type { Drafts } from './drafts';
import type { Entry, Side } from './entry';
import { stopReasonOf } from './guard';
import type { Past } from './guard';
import type { Ignores } from './ignore';
import type { Ledger } from './ledger';
import type { Memory } from './memory';
import { mergeConflicts } from './merge-conflicts';
import { learnNaming } from './names';
import { oneWay } from './one-way';
import { ancestorsOf } from './path';
import type { Plan, Situation } from './plan';
import type { Problem } from './problem';
import { reconciling } from './reconcile';
import type { ConflictPolicy, Policy } from './reconcile';
import { recover } from './recover';
import type { Naming, Replica, Scan } from './replica';
import type { StopReason } from './report';
import { inKnownSpelling } from './spelling';
import { together } from './together';
import { isApproved, withoutDeleted } from './word';
import type { Word } from './word';

export interface Look {
  readonly replicas: { readonly [side in Side]: Replica };
  readonly memory: Memory;
  readonly ignores: Ignores;
  readonly conflictPolicy: (path: string) => ConflictPolicy;
  /** Hash everything again, on both sides. */
  readonly verify: boolean;
  /** The only side that may be changed; left out: both. */
  readonly changes?: Side;
  /** The only paths of the local side that may have changed since it was last looked at; left out: all. */
  readonly only?: readonly string[];
  /** Paths of the local side that are being written at this moment: nothing is done about them. */
  readonly busy?: readonly string[];
  /** Unsaved work on files of the local side. Default: there is none. */
  readonly drafts?: Drafts;
  /** What the person said to a run that was stopped. */
  readonly word?: Word;
  /** What the run did in former rounds. */
  readonly past?: Past | undefined;
  /** Whether what is spelled in two ways may be given one spelling before all else. Default true. */
  readonly respells?: boolean;
  /** Awaited between the pieces of long work. Default: nothing comes in between. */
  readonly breathe?: Breathe;
  readonly signal: AbortSignal;
}

/** What a look at both sides led to. */
export interface Sight {
  readonly situation: Situation;
  readonly scans: { readonly [side in Side]: Scan };
  readonly plan: Plan;
  /** Paths that the rules leave out, where a side has them; not what is below them. */
  readonly ignored: readonly string[];
  /** What the scans could not read; the plan's own problems are in the plan. */
  readonly problems: readonly Problem[];
  readonly stop: StopReason | null;
}

/**
 * Scans both sides at once, settles what a crash left where `ledger` is given, and plans. Without a ledger it changes
 * nothing.
 */
export async function look(options: Look, ledger?: Ledger): Promise<Sight> {
  const { memory, replicas, ignores, verify, signal, busy = [] } = options;
  const only = options.only && isWhole(memory) ? options.only : undefined;
  const [local, cloud] = await together(
    signal,
    both =>
      replicas.local.scan(memory.local, { signal: both, ignores, verify, ...(only && { only }) }),
    // Nothing is hidden from the cloud's feed: what is ignored now may not be tomorrow, and isn't told again.
    both => replicas.cloud.scan(memory.cloud, { signal: both, ignores: () => false, verify })
  );
  ledger?.scanned('local', local);
  await options.breathe?.();
  ledger?.scanned('cloud', cloud);
  const naming = await learnNaming(
    { base: memory.base, local: local.entries, cloud: cloud.entries },
    replicas.local,
    signal,
    options.breathe
  );
  const scans = {
    local: naming?.unicode ? inKnownSpelling(local, memory.base, cloud.entries) : local,
    cloud
  };
  const problems = [...local.problems, ...cloud.problems];

  await options.breathe?.();
  const localEntries = new Map(scans.local.entries);
  const base = new Map(memory.base);
  let open: ReadonlySet<string> = new Set();
  if (ledger && memory.intents.length > 0 && local.root === 'present') {
    const { intents } = memory;
    const recovered = await recover({
      intents,
      replicas,
      local: localEntries,
      base,
      naming,
      isUnknown: unknownIn(scans, [...open, ...busy]),
      ledger,
      signal
    });
    problems.push(...recovered.problems);
    ({ open } = recovered);
  }
  const ignored = new Set(scans.local.ignored ?? []);
  const inTurns = <T>(work: Pausing<T>) => breathing(work, options.breathe);
  const kept = {
    base: await inTurns(without(base, ignores, path => ledger?.agree(path, null))),
    local: await inTurns(without(localEntries, ignores))
  };
  const situation: Situation = {
    ...kept,
    cloud: await inTurns(
      without(cloud.entries, ignores, path => {
        if (!ancestorsOf(path).some(ancestor => ignored.has(ancestor))) {
          ignored.add(path);
        }
      })
    )
  };
  const policy: Policy = {
    conflicts: options.conflictPolicy,
    isUnknown: unknownIn(scans, [...open, ...busy]),
    holdsIgnored: holdersOf(ignored),
    movesDirectories: side => scans[side].hasImpliedDirectories !== true,
    refuses: (path, kind) =>
      replicas.local.refuses(path, kind) ?? replicas.cloud.refuses(path, kind)
  };
  const roots = { local: local.root, cloud: cloud.root };
  const planning: Planning = { ...options, naming };
  const unmerged = await planned(situation, policy, roots, planning);
  await options.breathe?.();
  const merges = await mergeConflicts(unmerged.plan.conflicts, options);
  const merging = { ...policy, merged: (path: string) => merges.get(path) };
  const first = merges.size > 0 ? await planned(situation, merging, roots, planning) : unmerged;
  const held = await heldByDrafts(first.plan, options);
  const heeding = { ...merging, isHeld: (path: string) => held.has(path) };
  const last = held.size > 0 ? await planned(situation, heeding, roots, planning) : first;
  const known = { situation, policy: heeding, roots, ...last };
  const { plan, stop } = await heed(planning, known, ledger);
  return { situation, scans, plan, ignored: [...ignored], problems, stop };
}

interface Planned {
  readonly plan: Plan;
  readonly stop: StopReason | null;
}

type Roots = { readonly [side in Side]: Scan['root'] };

interface Planning extends Look {
  /** How the local side takes names, where that matters. */
  readonly naming: Naming | null;
}

async function planned(
  situation: Situation,
  policy: Policy,
  roots: Roots,
  { changes, past, naming, respells = true, breathe }: Planning
): Promise<Planned> {
  const planning = naming
    ? reconcileNamed(situation, policy, { naming, respells })
    : reconciling(situation, policy);
  const whole = await breathing(planning, breathe);
  await breathe?.();
  const plan = changes ? oneWay(whole, changes) : whole;
  return {
    plan,
    stop: stopReasonOf({ plan, situation, roots, past, isUnknown: policy.isUnknown })
  };
}

/** What becomes of a stopped plan by the person's word. */
async function heed(
  options: Planning,
  known: Planned & { situation: Situation; policy: Policy; roots: Roots },
  ledger?: Ledger
): Promise<Planned> {
  const { word, memory } = options;
  const { plan, stop, situation, policy, roots } = known;
  if (!stop || !word) {
    return { plan, stop };
  }
  if (stop === 'cloud-restored' && word.kind === 'approve') {
    // A first sync: no deletion follows, and what differs is a conflict.
    for (const path of memory.base.keys()) {
      ledger?.agree(path, null);
    }
    const anew = { ...situation, base: new Map() };
    const unmerged = { ...policy, merged: () => undefined };
    return planned(anew, unmerged, { ...roots, cloud: 'present' }, options);
  }
  if (word.kind === 'restore') {
    const base = withoutDeleted(situation.base, plan);
    const again = await planned({ ...situation, base }, policy, roots, options);
    return isOnlyEmptied(again) ? { ...again, stop: null } : again;
  }
  const canGoAhead = roots.cloud === 'present' && roots.local !== 'not-directory';
  return { plan, stop: canGoAhead && isApproved(plan, word) ? null : stop };
}

/** A side that holds no file is as good a place as any to bring them back to. */
function isOnlyEmptied({ plan, stop }: Planned): boolean {
  const takes = plan.steps.some(step => step.kind === 'delete' && step.requires === undefined);
  return stop === 'root-emptied' && !takes;
}

/** What stays when the ignored is left out. */
function* without<T extends { readonly kind: Entry['kind'] }>(
  tree: ReadonlyMap<string, T>,
  ignores: Ignores,
  onIgnored?: (path: string) => void
): Pausing<ReadonlyMap<string, T>> {
  const kept = new Map<string, T>();
  yield* pacing(tree, ([path, node]) => {
    if (ignores(path, node.kind)) {
      onIgnored?.(path);
    } else {
      kept.set(path, node);
    }
  });
  return kept;
}

/**
 * Whether what is known of the local side can stand for a look at it: a path of the base that it lacks was not seen, which
 * is no proof that it is gone; and what a crash may have left is to be seen.
 */
function isWhole({ base, local, intents }: Memory): boolean {
  return intents.length === 0 && [...base.keys()].every(path => local.entries.has(path));
}

function holdersOf(ignored: ReadonlySet<string>): (path: string) => boolean {
  const holders = new Set([...ignored].flatMap(ancestorsOf));
  return path => holders.has(path);
}

function unknownIn(
  scans: { readonly [side in Side]: Scan },
  others: readonly string[]
): (path: string) => boolean {
  const unknown = new Set([...scans.local.unknown, ...scans.cloud.unknown, ...others]);
  return unknown.size === 0
    ? () => false
    : path => unknown.has(path) || ancestorsOf(path).some(ancestor => unknown.has(ancestor));
}
