import { CloudError } from './errors';
import { isRefusal } from './problems';

/**
 * Asks for all items at once; where the cloud refuses, for each half, until what is at fault is alone: so one path's
 * fault keeps no other from being done. Results are in the items' order.
 *
 * @param refused The result of an item that was refused by itself.
 */
export async function isolated<T, R>(
  items: readonly T[],
  ask: (items: readonly T[]) => Promise<R[]>,
  refused: (item: T, error: CloudError) => R
): Promise<R[]> {
  if (items.length === 0) {
    return [];
  }
  try {
    return await ask(items);
  } catch (error) {
    if (!(error instanceof CloudError) || !isRefusal(error)) {
      throw error;
    }
    // Who may not write may write no half of it either.
    if (items.length === 1 || error.code === 'forbidden') {
      return items.map(item => refused(item, error));
    }
    const half = Math.ceil(items.length / 2);
    return [
      ...(await isolated(items.slice(0, half), ask, refused)),
      ...(await isolated(items.slice(half), ask, refused))
    ];
  }
}
