/** Lets others have their turn, where they have waited for long; resolves at once where not. */
export type Breathe = () => Promise<void>;

/** How long others wait at most, in ms; what is done between two breaths comes on top. */
const TURN = 12;

/**
 * For long work in small pieces: to be awaited between them, so that a page goes on answering the person.
 *
 * @param now - a clock in ms
 */
export function breather(now: () => number = () => performance.now()): Breathe {
  let since = now();
  return async () => {
    if (now() - since >= TURN) {
      await nextTask();
      since = now();
    }
  };
}

/** Resolves when what waits for its turn has had it. Unlike a timer it does not take longer in a page that nobody looks at. */
export function nextTask(): Promise<void> {
  return new Promise(resolve => {
    if (typeof MessageChannel === 'undefined') {
      setTimeout(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
