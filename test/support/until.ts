import { setTimeout as delay } from 'node:timers/promises';

/** How long what is expected may take to come, in ms: a loaded machine is slow. */
const PATIENCE = 60_000;
const PAUSE = 25;

/** Resolves once the assertions hold; rejects with their last failure when they don't in time. */
export async function until(assertions: () => void | Promise<void>): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      await assertions();
      return;
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
    await delay(PAUSE);
  }
}
