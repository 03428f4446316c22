import { mergeRun } from './cell-run';
import type { JsonObject } from './json';
import { scalarOf } from './json';
import type { Maybe, Merged } from './json-merge';
import { mergeJson, mergeMembers, mergeWhole, preferred } from './json-merge';
import { mergeLines } from './lines';
import { multilineIn } from './notebook';

/** Where Python's `str.splitlines` ends a line, which Jupyter uses to write a source. */
const LINES =
  // eslint-disable-next-line no-control-regex -- these are line ends
  /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+/g;

/**
 * Merges what two sides made of one cell: its source by line, its outputs as a whole with their execution count, its attachments one by
 * one, its metadata and all else key by key. Null where both changed the same.
 */
export function mergeCell(
  base: JsonObject,
  local: JsonObject,
  cloud: JsonObject
): JsonObject | null {
  const run = mergeRun(base, local, cloud);
  if (run === null) {
    return null;
  }
  return mergeMembers(base, local, cloud, (key, ...values) => {
    switch (key) {
      case 'source':
        return mergeSource(...values);
      case 'outputs':
      case 'execution_count':
        return run.members.get(key);
      case 'attachments':
        return mergeAttachments(...values);
      default:
        return mergeJson(...values);
    }
  });
}

function mergeSource(base: Maybe, local: Maybe, cloud: Maybe): Merged {
  const [ofBase, ofLocal, ofCloud] = [multilineIn(base), multilineIn(local), multilineIn(cloud)];
  if (ofBase === undefined || !local || !cloud || ofLocal === undefined || ofCloud === undefined) {
    return null;
  }
  const merged = mergeLines(ofBase, ofLocal, ofCloud);
  if (merged === null) {
    return null;
  }
  if (ofLocal === ofCloud) {
    return preferred(base, local, cloud);
  }
  if (merged === ofLocal || merged === ofCloud) {
    return merged === ofLocal ? local : cloud;
  }
  const isList = local.kind === cloud.kind ? local.kind === 'array' : base?.kind !== 'array';
  return isList
    ? { kind: 'array', items: (merged.match(LINES) ?? []).map(scalarOf) }
    : scalarOf(merged);
}

function mergeAttachments(base: Maybe, local: Maybe, cloud: Maybe): Merged {
  const whole = mergeWhole(base, local, cloud);
  return whole === null && local?.kind === 'object' && cloud?.kind === 'object'
    ? mergeMembers(base?.kind === 'object' ? base : undefined, local, cloud, (_, ...values) =>
        mergeWhole(...values)
      )
    : whole;
}
