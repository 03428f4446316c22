/** How often, and after how long, a request is sent again. */
export interface Backoff {
  /** Tries in all. */
  readonly tries: number;
  /** Upper bound of the first wait, in ms; it doubles with each. */
  readonly first: number;
  /** Upper bound of any wait of ours, in ms. */
  readonly cap: number;
  /** A cloud that asks for more than this, in ms, is not waited for. */
  readonly patience: number;
}

export const DEFAULT_BACKOFF: Backoff = { tries: 5, first: 500, cap: 15_000, patience: 60_000 };

/**
 * How long to wait before try number `next` (the first is 1), in ms; null: give up.
 *
 * #### Notes
 * Half of the wait is random, so that clients that failed together don't come back together.
 *
 * @param retryAfter What the cloud asked for, in ms; null when it did not.
 * @param random In [0, 1).
 */
export function delayBefore(
  next: number,
  retryAfter: number | null,
  random: number,
  { tries, first, cap, patience }: Backoff = DEFAULT_BACKOFF
): number | null {
  if (next > tries || (retryAfter !== null && retryAfter > patience)) {
    return null;
  }
  const bound = Math.min(cap, first * 2 ** (next - 2));
  return Math.max(retryAfter ?? 0, bound / 2 + (bound / 2) * random);
}

/** A Retry-After header (seconds, or an HTTP date) in ms from `now`; null when there is none that can be read. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  const date = text === '' ? NaN : Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
