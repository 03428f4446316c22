import { forEachLimited } from './batches';
import { hashOf, sliceOf } from './content';
import type { Side } from './entry';
import type { HeldSource, MergedSource, PlannedConflict } from './plan';
import type { Replica } from './replica';

/** Larger files are not merged; bytes. */
const MAX_SIZE = 16 * 1024 * 1024;
const MERGES_AT_ONCE = 4;

interface Merging {
  readonly replicas: { readonly [side in Side]: Replica };
  readonly signal: AbortSignal;
}

/** The clean merges among the conflicts, by path. What could not be read, or is not sure, is left out. */
export async function mergeConflicts(
  conflicts: readonly PlannedConflict[],
  merging: Merging
): Promise<ReadonlyMap<string, MergedSource>> {
  const merges = new Map<string, MergedSource>();
  await forEachLimited(conflicts, MERGES_AT_ONCE, async conflict => {
    const source = await mergeOf(conflict, merging);
    if (source) {
      merges.set(conflict.path, source);
    }
  });
  return merges;
}

async function mergeOf(
  { path, merge }: PlannedConflict,
  { replicas, signal }: Merging
): Promise<MergedSource | null> {
  if (!merge || Math.max(merge.local.entry.size, merge.cloud.entry.size) > MAX_SIZE) {
    return null;
  }
  const agreed = await replicas.cloud.recall?.(
    { path: merge.cloud.path, sha256: merge.base },
    { signal }
  );
  const local = agreed && (await bytesOf(merge.local, replicas.local, signal));
  const cloud = local && (await bytesOf(merge.cloud, replicas.cloud, signal));
  if (!agreed || !local || !cloud) {
    return null;
  }
  const { mergeContents } = await import('./merge/merge');
  const content = mergeContents(path, { base: await sliceOf(agreed), local, cloud });
  if (!content) {
    return null;
  }
  const sha256 = await hashOf(content);
  return {
    side: 'merge',
    path,
    entry: { kind: 'file', size: content.byteLength, sha256, version: '', id: null, seenAt: 0 },
    content,
    local: { content: local, sha256: merge.local.entry.sha256 ?? '' }
  };
}

async function bytesOf(source: HeldSource, replica: Replica, signal: AbortSignal) {
  const [result] = await replica.read([source], { signal });
  return result?.status === 'read' ? sliceOf(result.content) : null;
}
