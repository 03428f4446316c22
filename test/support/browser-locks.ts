import type { Tabs } from '../../src/model/tabs';

/** The locks of one browser, as the Web Locks API gives them, and which it takes from a page that is closed. */
export class BrowserLocks {
  /** Those of a new page. */
  page(): Tabs.Locks & { close(): void } {
    let close = (): void => undefined;
    const closed = new Promise<void>(resolve => (close = resolve));
    return {
      request: <T>(name: string, work: () => Promise<T>): Promise<T> => {
        const before = this.#last.get(name) ?? Promise.resolve();
        const done = before.then(work);
        const ended = done.then(ignore, ignore);
        this.#last.set(name, Promise.race([ended, Promise.all([before, closed]).then(ignore)]));
        return done;
      },
      close
    };
  }

  readonly #last = new Map<string, Promise<void>>();
}

function ignore(): void {}
