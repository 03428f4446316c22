/** How much one batch may hold; a single item over `bytes` is a batch of its own. */
export interface BatchLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Cuts the list into batches, keeping its order. */
export function batchesOf<T>(
  items: readonly T[],
  bytesOf: (item: T) => number,
  limits: BatchLimits
): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (batch.length > 0 && (batch.length >= limits.items || bytes + size > limits.bytes)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

/**
 * Runs `work` on each item, at most `limit` at once. After a failure no further item is begun; those under way are
 * awaited, and the first failure is thrown.
 */
export async function forEachLimited<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | null = null;
  const worker = async () => {
    while (!failure) {
      const next = queue.next();
      if (next.done) {
        return;
      }
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failure) {
    throw (failure as { readonly error: unknown }).error;
  }
}
