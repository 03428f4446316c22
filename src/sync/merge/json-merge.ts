import type { Json, JsonObject } from './json';
import { identical, printJson, same } from './json';

/** A value that may be absent. */
export type Maybe = Json | undefined;

/** What became of a value: absent where it is gone, null where both sides changed it differently. */
export type Merged = Json | undefined | null;

/** Merges a value as a whole. */
export function mergeWhole(base: Maybe, local: Maybe, cloud: Maybe): Merged {
  if (same(local, cloud)) {
    return local && cloud && preferred(base, local, cloud);
  }
  if (same(base, local)) {
    return cloud;
  }
  if (same(base, cloud)) {
    return local;
  }
  return null;
}

/** Merges objects key by key at every level, and all else as a whole. */
export function mergeJson(base: Maybe, local: Maybe, cloud: Maybe): Merged {
  const whole = mergeWhole(base, local, cloud);
  if (whole !== null || local?.kind !== 'object' || cloud?.kind !== 'object') {
    return whole;
  }
  return base === undefined || base.kind === 'object'
    ? mergeMembers(base, local, cloud, (_, ...values) => mergeJson(...values))
    : null;
}

/** Merges objects key by key, each key as `merge` says. */
export function mergeMembers(
  base: JsonObject | undefined,
  local: JsonObject,
  cloud: JsonObject,
  merge: (key: string, base: Maybe, local: Maybe, cloud: Maybe) => Merged
): JsonObject | null {
  const members = new Map<string, Json>();
  for (const key of keysInOrder(base, local, cloud)) {
    const value = merge(
      key,
      base?.members.get(key),
      local.members.get(key),
      cloud.members.get(key)
    );
    if (value === null) {
      return null;
    }
    if (value !== undefined) {
      members.set(key, value);
    }
  }
  return { kind: 'object', members };
}

/** Of two that say the same, the one that was written anew; else one of them, whichever side it is on. */
export function preferred<Kind extends Json>(base: Maybe, local: Kind, cloud: Kind): Kind {
  if (identical(local, cloud) || identical(base, cloud)) {
    return local;
  }
  return identical(base, local) || printJson(cloud) < printJson(local) ? cloud : local;
}

/**
 * All keys of both sides: sorted where both sides' are; else in the order of the side that changed it, each key that only the
 * other has after its neighbour there.
 */
function keysInOrder(
  base: JsonObject | undefined,
  local: JsonObject,
  cloud: JsonObject
): readonly string[] {
  const ofLocal = [...local.members.keys()];
  const ofCloud = [...cloud.members.keys()];
  if (isSorted(ofLocal) && isSorted(ofCloud)) {
    return [...new Set([...ofLocal, ...ofCloud])].sort();
  }
  const common = (keys: readonly string[]) =>
    JSON.stringify(
      keys.filter(key => base?.members.has(key) && local.members.has(key) && cloud.members.has(key))
    );
  const ofBase = common([...(base?.members.keys() ?? [])]);
  const [localKept, cloudKept] = [common(ofLocal) === ofBase, common(ofCloud) === ofBase];
  const leads =
    localKept === cloudKept ? JSON.stringify(ofLocal) <= JSON.stringify(ofCloud) : !localKept;
  const [first, second] = leads ? [ofLocal, ofCloud] : [ofCloud, ofLocal];
  const keys = [...first];
  const known = new Set(first);
  second.forEach((key, index) => {
    if (!known.has(key)) {
      const before = second[index - 1];
      keys.splice(before === undefined ? 0 : keys.indexOf(before) + 1, 0, key);
    }
  });
  return keys;
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key);
}
