import { StateError } from '../state/state-error';
import type { Lease } from './lease';
import { trans } from '../sync/words';

/** How long a change of the state waits for another browser that syncs, in ms. */
const PATIENCE = 15_000;

/**
 * Changes and saves the state with the lease, since another browser would save its own over it. Within a run that has the
 * lease it costs nothing.
 *
 * @param work - told whether others may have saved since this page looked
 * @throws StateError `not-saved` when another browser has the lease for long
 */
export async function leasedSave(
  lease: Lease,
  work: (hadOthers: boolean) => Promise<void>,
  patience = PATIENCE
): Promise<void> {
  const busy = new StateError(
    'not-saved',
    trans.__(
      'Another browser is syncing on this Jupyter server, so this could not be saved. Try again when it is done.'
    )
  );
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(busy), patience);
  const hold = await lease
    .take({ isTurn: false, signal: controller.signal })
    .finally(() => clearTimeout(timer));
  try {
    const { hadOthers } = lease;
    await work(hadOthers);
    if (hadOthers) {
      lease.caughtUp();
    }
  } finally {
    await hold.release();
  }
}
