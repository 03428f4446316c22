import type { Entry } from '../../sync/entry';

/** What the program tells of a file: size in bytes, time of modification and of change in ns since the epoch, and inode. */
export type Stat = readonly [size: number, modified: string, changed: string, inode: string];

/** How far a file's time of modification must lie from the moment it was seen to vouch for its content; ms. */
const RACY_MS = 2000;

/**
 * The entry of a file that the program has seen.
 *
 * #### Notes
 * Its version begins with the time of modification as the contents API tells it, so that both replicas know each other's entries;
 * then come both times in nanoseconds.
 */
export function entryOf(
  [size, modified, changed, inode]: Stat,
  sha256: string,
  seenAt: number
): Entry {
  const version = `${lastModified(modified)} ${modified} ${changed}`;
  return { kind: 'file', size, sha256, version, id: inode, seenAt };
}

/**
 * The known entry where it vouches for what is there now, or the same with what the program knows beside; null where the content must
 * be looked at.
 */
export function vouched(known: Entry | undefined, stat: Stat): Entry | null {
  const [size, modified, changed, inode] = stat;
  if (known?.kind !== 'file' || known.sha256 === null || known.size !== size) {
    return null;
  }
  if (known.id === inode && known.version.endsWith(` ${modified} ${changed}`)) {
    return isRacy(stat, known.seenAt) ? null : known;
  }
  // An entry of the contents API: anything that happened to the file since it was seen shows in the time of change.
  const isOlder = milliseconds(changed) < known.seenAt - RACY_MS;
  return known.version === lastModified(modified) && isOlder
    ? entryOf(stat, known.sha256, known.seenAt)
    : null;
}

/** The status that an entry of the program's was made of; null for one of the contents API. */
export function statOf({ size, version, id }: Entry): Stat | null {
  const [, modified, changed] = version.split(' ');
  return modified === undefined || changed === undefined || id === null
    ? null
    : [size, modified, changed, id];
}

/** Seen so soon after it was written that another write could have left the same time of modification. */
export function isRacy([, modified]: Stat, seenAt: number): boolean {
  return Math.abs(milliseconds(modified) - seenAt) < RACY_MS;
}

/**
 * The time as the Jupyter server tells it: it reads the nanoseconds into a double and rounds that to microseconds, half to even.
 *
 * @param time - in ns since the epoch
 */
export function lastModified(time: string): string {
  const nanoseconds = BigInt(time);
  const billion = 1_000_000_000n;
  const rest = ((nanoseconds % billion) + billion) % billion;
  const whole = Number((nanoseconds - rest) / billion);
  const seconds = whole + 1e-9 * Number(rest);
  let full = Math.floor(seconds);
  let micro = halfToEven((seconds - full) * 1e6);
  if (micro >= 1_000_000) {
    micro -= 1_000_000;
    full += 1;
  }
  const text = new Date(full * 1000).toISOString().replace('.000Z', '');
  return micro === 0 ? `${text}Z` : `${text}.${String(micro).padStart(6, '0')}Z`;
}

function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

function milliseconds(time: string): number {
  return Number(time.slice(0, -6));
}
