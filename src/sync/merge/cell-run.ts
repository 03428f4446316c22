import type { Json, JsonObject } from './json';
import { printJson, same, scalarOf } from './json';
import { mergeWhole } from './json-merge';

/**
 * What running a cell left in it: its `outputs` and `execution_count`, which belong together. Null where both sides ran it with
 * different outputs. Where only the counts differ the larger one stays.
 */
export function mergeRun(
  base: JsonObject,
  local: JsonObject,
  cloud: JsonObject
): JsonObject | null {
  const runs = { base: runOf(base), local: runOf(local), cloud: runOf(cloud) };
  const merged = mergeWhole(runs.base, runs.local, runs.cloud);
  if (merged?.kind === 'object') {
    return merged;
  }
  const outputs = {
    base: withoutCounts(base),
    local: withoutCounts(local),
    cloud: withoutCounts(cloud)
  };
  if (same(outputs.local, outputs.cloud)) {
    return later(runs.local, runs.cloud);
  }
  if (same(outputs.base, outputs.local)) {
    return runs.cloud;
  }
  return same(outputs.base, outputs.cloud) ? runs.local : null;
}

/** Whether a cell is as it was, but for counts of executions. */
export function isUntouched(base: JsonObject, cell: JsonObject): boolean {
  return same(withoutCountsIn(base), withoutCountsIn(cell));
}

function runOf(cell: JsonObject): JsonObject {
  return pick(cell, key => key === 'outputs' || key === 'execution_count');
}

function withoutCounts(cell: JsonObject): JsonObject {
  return withoutCountsIn(runOf(cell));
}

function withoutCountsIn(cell: JsonObject): JsonObject {
  const members = new Map(pick(cell, key => key !== 'execution_count').members);
  const outputs = members.get('outputs');
  if (outputs?.kind === 'array') {
    members.set('outputs', { kind: 'array', items: outputs.items.map(withoutCount) });
  }
  return { kind: 'object', members };
}

function withoutCount(output: Json): Json {
  return output.kind === 'object' ? pick(output, key => key !== 'execution_count') : output;
}

function pick(json: JsonObject, wanted: (key: string) => boolean): JsonObject {
  return { kind: 'object', members: new Map([...json.members].filter(([key]) => wanted(key))) };
}

function later(local: JsonObject, cloud: JsonObject): JsonObject {
  const difference = countOf(local) - countOf(cloud);
  if (difference !== 0) {
    return difference > 0 ? local : cloud;
  }
  return printJson(local) > printJson(cloud) ? local : cloud;
}

/** Never run counts as before the first. */
function countOf(run: JsonObject): number {
  const count = run.members.get('execution_count') ?? scalarOf(null);
  return count.kind === 'scalar' && count.text !== 'null' ? Number(count.text) : -1;
}
