import { setTimeout as delay } from 'node:timers/promises';

/** How long what is expected may take; ms. */
const PATIENCE = 120_000;

/** Looks every `pause` ms; gives the moment at which it was seen, in ms since the epoch. */
export async function whenSeen(
  isThere: () => Promise<boolean>,
  pause: number,
  what: string
): Promise<number> {
  const end = Date.now() + PATIENCE;
  while (!(await isThere())) {
    if (Date.now() > end) {
      throw new Error(`${what} did not come.`);
    }
    await delay(pause);
  }
  return Date.now();
}

/** A pause of no fixed length, so that samples meet all phases of whatever repeats. */
export function aWhile(shortest = 500, longest = 1300): Promise<void> {
  return delay(shortest + Math.random() * (longest - shortest));
}
