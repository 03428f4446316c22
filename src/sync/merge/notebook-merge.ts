import { cellKeys } from './cell-keys';
import { mergeCell } from './cell-merge';
import { mergeOrder } from './cell-order';
import { isUntouched } from './cell-run';
import type { JsonObject } from './json';
import { same } from './json';
import type { Maybe, Merged } from './json-merge';
import { mergeJson, mergeMembers, mergeWhole, preferred } from './json-merge';
import type { Layout, Notebook } from './notebook';
import { notebookOf, printNotebook, readNotebook } from './notebook';

/** Notebook metadata that is true or false only as a whole. */
const WHOLE = new Set(['kernelspec', 'language_info']);

/**
 * Merges cell by cell what two sides made of one notebook. Null where both changed the same in different ways, or one of the three is no
 * notebook that can be written back byte for byte. Swapping the sides changes nothing.
 */
export function mergeNotebooks(
  baseText: string,
  localText: string,
  cloudText: string
): string | null {
  const base = readNotebook(baseText);
  const local = readNotebook(localText);
  const cloud = readNotebook(cloudText);
  if (base === null || local === null || cloud === null) {
    return null;
  }
  const layout = mergeLayout(base.layout, local.layout, cloud.layout);
  const cells = mergeCells(base, local, cloud);
  if (layout === null || cells === null) {
    return null;
  }
  const root = mergeMembers(base.root, local.root, cloud.root, (key, ...values) => {
    switch (key) {
      case 'cells':
        return { kind: 'array', items: cells };
      case 'metadata':
        return mergeMetadata(...values);
      case 'nbformat_minor':
        return mergeWhole(...values) ?? (local.minor > cloud.minor ? values[1] : values[2]);
      default:
        return mergeJson(...values);
    }
  });
  return root === null || notebookOf(root, layout) === null ? null : printNotebook(root, layout);
}

function mergeCells(base: Notebook, local: Notebook, cloud: Notebook): JsonObject[] | null {
  const keys = cellKeys(base, local, cloud);
  const order = keys && mergeOrder(keys);
  if (keys === null || order === null) {
    return null;
  }
  const ofBase = byKey(keys.base, base.cells);
  const ofLocal = byKey(keys.local, local.cells);
  const ofCloud = byKey(keys.cloud, cloud.cells);
  for (const [key, before] of ofBase) {
    const [left, right] = [ofLocal.get(key), ofCloud.get(key)];
    const survivor = left && right ? undefined : (left ?? right);
    if (survivor && !isUntouched(before, survivor)) {
      return null;
    }
  }
  const cells = order.map(key => mergeOne(ofBase.get(key), ofLocal.get(key), ofCloud.get(key)));
  return cells.every(cell => cell !== null) ? cells : null;
}

function mergeOne(
  base: JsonObject | undefined,
  local: JsonObject | undefined,
  cloud: JsonObject | undefined
): JsonObject | null {
  if (local === undefined || cloud === undefined) {
    return local ?? cloud ?? null;
  }
  if (base === undefined) {
    return same(local, cloud) ? preferred(undefined, local, cloud) : null;
  }
  const whole = mergeWhole(base, local, cloud);
  return whole?.kind === 'object' ? whole : mergeCell(base, local, cloud);
}

function mergeMetadata(base: Maybe, local: Maybe, cloud: Maybe): Merged {
  if (base?.kind !== 'object' || local?.kind !== 'object' || cloud?.kind !== 'object') {
    return null;
  }
  return mergeMembers(base, local, cloud, (key, ...values) =>
    WHOLE.has(key) ? mergeWhole(...values) : mergeJson(...values)
  );
}

function mergeLayout(base: Layout, local: Layout, cloud: Layout): Layout | null {
  const [ofBase, ofLocal, ofCloud] = [base, local, cloud].map(layout => JSON.stringify(layout));
  if (ofBase === ofLocal || ofLocal === ofCloud) {
    return cloud;
  }
  return ofBase === ofCloud ? local : null;
}

function byKey(
  keys: readonly string[],
  cells: readonly JsonObject[]
): ReadonlyMap<string, JsonObject> {
  return new Map(
    keys.flatMap((key, index) => {
      const cell = cells[index];
      return cell ? [[key, cell] as const] : [];
    })
  );
}
