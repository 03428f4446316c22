import type { Pausing } from './breathe';
import { sameNode } from './entry';
import { foldOf } from './fold';
import type { Folding } from './fold';
import { whyNotLocally, spellingsOf } from './names';
import { ancestorsOf, depthOf, nameOf, parentOf } from './path';
import type { Plan, Situation, Step } from './plan';
import type { Problem } from './problem';
import { reconciling } from './reconcile';
import type { Policy } from './reconcile';
import type { Naming } from './replica';
import { respellingPlan } from './respelled';
import { trans } from './words';

export interface NamedOptions {
  readonly naming: Naming;
  /** Whether the sides may be made to spell their paths alike first. */
  readonly respells: boolean;
}

/**
 * Reconciles where the local side takes several names for one.
 *
 * Invariant: no step creates anything locally under a name that the side takes for one of what is there, or for that of
 * another step. Of the names that are one, that which is there already is held, else the base's, else the first in
 * their order; the others are left as they are on both sides, with what is below them, and nothing follows from their absence.
 */
export function* reconcileNamed(
  situation: Situation,
  policy: Policy,
  { naming, respells }: NamedOptions
): Pausing<Plan> {
  const folding: Folding = { case: naming.case !== false, unicode: naming.unicode !== false };
  const allowed: Policy = { ...policy, refuses: refusesAlso(policy, naming) };
  if (!folding.case && !folding.unicode) {
    return yield* reconciling(situation, allowed);
  }
  const groups = yield* spellingsOf(situation, folding);
  const isSure = naming.case === true || naming.unicode === true;
  const respelling =
    respells && isSure ? respellingPlan(situation, allowed, groups.values()) : null;
  return respelling ?? (yield* new Clashes(situation, allowed, naming, folding, groups).plan());
}

function refusesAlso(policy: Policy, naming: Naming): Policy['refuses'] {
  return (path, kind) => {
    const message = whyNotLocally(path, naming);
    return message === null ? policy.refuses(path, kind) : { path, code: 'invalid-name', message };
  };
}

class Clashes {
  constructor(
    situation: Situation,
    policy: Policy,
    naming: Naming,
    folding: Folding,
    groups: ReadonlyMap<string, readonly string[]>
  ) {
    this.#situation = situation;
    this.#policy = policy;
    this.#naming = naming;
    this.#folding = folding;
    for (const path of situation.local.keys()) {
      const key = this.#keyOf(path);
      this.#held.set(key, [...(this.#held.get(key) ?? []), path]);
    }
    this.#holdAgreed(groups);
  }

  *plan(): Pausing<Plan> {
    for (;;) {
      const plan = yield* reconciling(this.#situation, this.#blocking());
      const isSettled = !this.#block(plan) && !this.#endWaiting(plan);
      if (isSettled) {
        return { ...plan, waiting: [...this.#waiting.keys()] };
      }
    }
  }

  /** Both were agreed on, where both could be held: that this side lists only one is no proof that the other is gone. */
  #holdAgreed(groups: ReadonlyMap<string, readonly string[]>): void {
    const { base, local } = this.#situation;
    for (const group of groups.values()) {
      const agreed = group.filter(path => base.has(path));
      const held = agreed.find(path => local.has(path));
      for (const path of agreed) {
        if (held !== undefined && !local.has(path)) {
          this.#lost.set(path, clash(path, held));
        }
      }
    }
  }

  #blocking(): Policy {
    const { refuses, isUnknown } = this.#policy;
    const isBlocked = (path: string) => this.#lost.has(path) || this.#waiting.has(path);
    return {
      ...this.#policy,
      // A copy that is there under a name which is one with the planned one, is that copy.
      spelling: path => {
        const [held, ...others] = this.#held.get(this.#keyOf(path)) ?? [];
        return held !== undefined && others.length === 0 && this.#isSure(path, held) ? held : path;
      },
      refuses: (path, kind) => this.#lost.get(path) ?? refuses(path, kind),
      isLeft: path => this.#left.has(path),
      isUnknown: path =>
        this.#waiting.has(path) || ancestorsOf(path).some(isBlocked) || isUnknown(path)
    };
  }

  /** Takes out what would meet another name; false when nothing would. */
  #block(plan: Plan): boolean {
    const leaving = new Set(plan.steps.flatMap(leavingOf));
    const copies = new Set(plan.conflicts.map(({ copy }) => copy));
    const coming = new Map<string, string>();
    const isLost = (path: string) => this.#lost.has(path);
    const isWaiting = (path: string) => this.#waiting.has(path);
    const before = this.#lost.size + this.#waiting.size;
    for (const { path, from } of plan.steps.flatMap(comingOf).sort(this.#byRight)) {
      const above = ancestorsOf(path);
      if (above.some(isWaiting)) {
        continue;
      }
      const key = this.#keyOf(path);
      const other = this.#held.get(key)?.find(each => each !== path && each !== from);
      const met = other ?? coming.get(key);
      if (above.some(isLost)) {
        this.#keepInPlace(from);
      } else if (met === undefined) {
        coming.set(key, path);
      } else if (leaving.has(met)) {
        this.#waiting.set(path, met);
      } else {
        this.#keepInPlace(from);
        if (copies.has(path) || !this.#isSure(path, met)) {
          this.#waiting.set(path, null);
        } else {
          this.#lost.set(path, clash(path, met));
        }
      }
    }
    return this.#lost.size + this.#waiting.size > before;
  }

  /** What waits for a name that does not become free after all is lost; false when there is none. */
  #endWaiting(plan: Plan): boolean {
    const leaving = new Set(plan.steps.flatMap(leavingOf));
    const ended = [...this.#waiting].filter(([, held]) => held !== null && !leaving.has(held));
    for (const [path, held] of ended) {
      this.#waiting.delete(path);
      this.#lost.set(path, clash(path, held ?? ''));
    }
    return ended.length > 0;
  }

  /** A file that was moved to a name that can't be held stays where it is; one that was edited here goes its own way. */
  #keepInPlace(from: string | undefined): void {
    const { base, local } = this.#situation;
    const held = from === undefined ? undefined : local.get(from);
    if (from !== undefined && held?.kind === 'file' && sameNode(base.get(from), held)) {
      this.#left.add(from);
    }
  }

  /** Whether it was learned that the two are one name. */
  #isSure(path: string, other: string): boolean {
    const differ = (folding: Folding) => foldOf(path, folding) !== foldOf(other, folding);
    return (
      (this.#naming.case !== null || !differ({ case: false, unicode: true })) &&
      (this.#naming.unicode !== null || !differ({ case: true, unicode: false }))
    );
  }

  #keyOf(path: string): string {
    return foldOf(path, this.#folding);
  }

  /** From the top; first what was agreed on, and then any stable order. */
  #byRight = (a: Coming, b: Coming): number => {
    const { base } = this.#situation;
    return (
      depthOf(a.path) - depthOf(b.path) ||
      Number(base.has(b.path)) - Number(base.has(a.path)) ||
      (a.path < b.path ? -1 : 1)
    );
  };

  readonly #situation: Situation;
  readonly #policy: Policy;
  readonly #naming: Naming;
  readonly #folding: Folding;
  /** What the local side lists, by what it takes for one name. */
  readonly #held = new Map<string, readonly string[]>();
  readonly #lost = new Map<string, Problem>();
  /** Their turn comes: once what has the name is gone, or (null) once more is known. */
  readonly #waiting = new Map<string, string | null>();
  /** Neither moved nor taken for gone. */
  readonly #left = new Set<string>();
}

interface Coming {
  readonly path: string;
  readonly from?: string;
}

/** What a step makes locally. */
function comingOf(step: Step): Coming[] {
  if (step.side !== 'local' || step.kind === 'delete' || (step.kind === 'put' && step.expect)) {
    return [];
  }
  if (step.kind !== 'move') {
    return [{ path: step.path }];
  }
  return step.carried.length > 0 ? [...step.carried] : [{ path: step.path, from: step.from }];
}

/** What a step takes from its local place. */
function leavingOf(step: Step): string[] {
  if (step.side !== 'local' || (step.kind !== 'delete' && step.kind !== 'move')) {
    return [];
  }
  return step.kind === 'delete' ? [step.path] : [step.from, ...step.carried.map(each => each.from)];
}

function clash(path: string, held: string): Problem {
  const [name, other] = [nameOf(path), nameOf(held)];
  const place = parentOf(path);
  return {
    path,
    code: 'name-clash',
    message:
      place === ''
        ? trans.__(
            '"%1" and "%2" are one name to the disk that Jupyter uses here, so it can hold one of the two: "%2". "%1" stays in the cloud as it is. Rename one of them to have both here.',
            name,
            other
          )
        : trans.__(
            '"%1" and "%2" in "%3" are one name to the disk that Jupyter uses here, so it can hold one of the two: "%2". "%1" stays in the cloud as it is. Rename one of them to have both here.',
            name,
            other,
            place
          )
  };
}
