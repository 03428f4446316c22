import type { CellKeys } from './cell-keys';

/**
 * The order of the merged notebook's cells: those of the base that both sides kept, in the order of the side that moved some, and
 * each side's new cells where it put them.
 *
 * #### Notes
 * New cells of both sides in one place stand side by side, each side's in their order, so that none is lost; which comes first is
 * decided by their keys, and so the same on every device. Null where the place is not certain: both sides moved cells, one moved
 * what the other deleted, or a new cell's neighbours were moved apart.
 */
export function mergeOrder({ base, local, cloud }: CellKeys): string[] | null {
  const [inBase, inLocal, inCloud] = [new Set(base), new Set(local), new Set(cloud)];
  const isKept = (key: string) => inBase.has(key) && inLocal.has(key) && inCloud.has(key);
  const kept = mergeKept(base.filter(isKept), local.filter(isKept), cloud.filter(isKept));
  if (kept === null || movedDeleted(base, local, inCloud) || movedDeleted(base, cloud, inLocal)) {
    return null;
  }
  const isNew = (key: string) => !inBase.has(key);
  const ofLocal = placesOf(local, isKept, isNew);
  const ofCloud = placesOf(cloud, isKept, isNew);
  const order: string[] = [];
  for (let index = -1; index < kept.length; index++) {
    const after = kept[index] ?? null;
    const before = kept[index + 1] ?? null;
    const places = [ofLocal.get(after), ofCloud.get(after)];
    if (places.some(place => place && place.cells.length > 0 && place.before !== before)) {
      return null;
    }
    const added = mergeAdded(places[0]?.cells ?? [], places[1]?.cells ?? [], inLocal, inCloud);
    if (added === null) {
      return null;
    }
    order.push(...(after === null ? [] : [after]), ...added);
  }
  return order;
}

/** New cells, and the kept cell that follows them. */
interface Place {
  readonly cells: string[];
  before: string | null;
}

function mergeKept(
  base: readonly string[],
  local: readonly string[],
  cloud: readonly string[]
): readonly string[] | null {
  if (equal(base, local) || equal(local, cloud)) {
    return cloud;
  }
  return equal(base, cloud) ? local : null;
}

/** Whether a side moved a cell that is not on the other. */
function movedDeleted(
  base: readonly string[],
  side: readonly string[],
  inOther: ReadonlySet<string>
): boolean {
  const ranks = new Map(base.map((key, rank) => [key, rank]));
  const passes = (keys: readonly string[], sign: 1 | -1): boolean => {
    let furthest = -Infinity;
    return keys.some(key => {
      const rank = ranks.get(key);
      if (rank === undefined) {
        return false;
      }
      if (inOther.has(key)) {
        furthest = Math.max(furthest, rank * sign);
      }
      return !inOther.has(key) && furthest > rank * sign;
    });
  };
  return passes(side, 1) || passes(side.toReversed(), -1);
}

/** By the kept cell before each place; null is the start or the end of the notebook. */
function placesOf(
  keys: readonly string[],
  isKept: (key: string) => boolean,
  isNew: (key: string) => boolean
): Map<string | null, Place> {
  let place: Place = { cells: [], before: null };
  const places = new Map<string | null, Place>([[null, place]]);
  for (const key of keys) {
    if (isKept(key)) {
      place.before = key;
      place = { cells: [], before: null };
      places.set(key, place);
    } else if (isNew(key)) {
      place.cells.push(key);
    }
  }
  return places;
}

function mergeAdded(
  local: readonly string[],
  cloud: readonly string[],
  inLocal: ReadonlySet<string>,
  inCloud: ReadonlySet<string>
): string[] | null {
  const shared = local.filter(key => inCloud.has(key));
  if (
    !equal(
      shared,
      cloud.filter(key => inLocal.has(key))
    )
  ) {
    return null;
  }
  const [ofLocal, ofCloud] = [split(local, shared), split(cloud, shared)];
  return ofLocal.flatMap((run, index) => {
    const other = ofCloud[index] ?? [];
    const anchor = shared.slice(index, index + 1);
    return (run[0] ?? '') < (other[0] ?? '')
      ? [...run, ...other, ...anchor]
      : [...other, ...run, ...anchor];
  });
}

/** The runs before, between and after the marks, which are in order. */
function split(keys: readonly string[], marks: readonly string[]): string[][] {
  const runs: string[][] = [[]];
  for (const key of keys) {
    if (key === marks[runs.length - 1]) {
      runs.push([]);
    } else {
      runs.at(-1)?.push(key);
    }
  }
  return runs;
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
