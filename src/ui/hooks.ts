import type { ISignal } from '@lumino/signaling';
import { Poll } from '@lumino/polling';
import { useCallback, useEffect, useReducer, useState } from 'react';

import { useUi } from './ui-context';

/** Renders the component again whenever the signal fires. */
export function useSignal<S, A>(signal: ISignal<S, A>): void {
  const [, render] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    const slot = (): void => render();
    signal.connect(slot);
    render();
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}

/** Ms between two looks at the clock: times are told in minutes. */
const TICK = 20_000;

/** The time in ms since the epoch, which moves on while the page is visible. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const poll = new Poll({
      name: 'jupyterlab-projects:clock',
      factory: () => {
        setNow(Date.now());
        return Promise.resolve();
      },
      frequency: { interval: TICK, backoff: false },
      standby: 'when-hidden'
    });
    return () => poll.dispose();
  }, []);
  return now;
}

export interface Attempt {
  readonly busy: boolean;
  /** Does the work; a failure is told to the person under the title. */
  readonly start: (title: string, work: () => Promise<unknown>) => void;
}

/** For what a button does: busy until it is done. */
export function useAttempt(): Attempt {
  const { person } = useUi();
  const [running, setRunning] = useState(0);
  const start = useCallback(
    (title: string, work: () => Promise<unknown>) => {
      setRunning(count => count + 1);
      work()
        .catch((error: unknown) => person.tellError(title, error))
        .finally(() => setRunning(count => count - 1));
    },
    [person]
  );
  return { busy: running > 0, start };
}
