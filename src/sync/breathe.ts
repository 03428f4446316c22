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

/** Long work that pauses wherever others could have their turn. It decides nothing by whether they do. */
export type Pausing<T> = Generator<void, T, void>;

/** How many items long work goes through between two pauses, each of which costs next to nothing. */
const PACE = 250;

/** Does the work without a pause. */
export function atOnce<T>(work: Pausing<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
}

/** Does the work, and breathes at its pauses. */
export async function breathing<T>(work: Pausing<T>, breathe?: Breathe): Promise<T> {
  if (!breathe) {
    return atOnce(work);
  }
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
    await breathe();
  }
}

/** Does something with each item, pausing now and then. */
export function* pacing<T>(items: Iterable<T>, work: (item: T) => void): Pausing<void> {
  let count = 0;
  for (const item of items) {
    work(item);
    count += 1;
    if (count % PACE === 0) {
      yield;
    }
  }
}
