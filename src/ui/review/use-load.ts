import { useCallback, useEffect, useState } from 'react';

import { errorMessage } from '../error-message';

export interface Loaded<T> {
  /** null until it is there. */
  readonly value: T | null;
  /** Why it could not be had; else ''. */
  readonly error: string;
  readonly isBusy: boolean;
  readonly again: () => void;
}

/** Asks for a value, and again when the question is another one or when told to. @param load - kept by `useCallback` */
export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState('');
  const [isBusy, setIsBusy] = useState(true);
  const [times, setTimes] = useState(0);
  const again = useCallback(() => setTimes(count => count + 1), []);
  useEffect(() => {
    let isCurrent = true;
    setIsBusy(true);
    setError('');
    // Both outcomes are taken: nothing is left to reject.
    void load()
      .then(
        found => isCurrent && setValue(found),
        (reason: unknown) => {
          if (isCurrent) {
            setValue(null);
            setError(errorMessage(reason));
          }
        }
      )
      .finally(() => isCurrent && setIsBusy(false));
    return () => {
      isCurrent = false;
    };
  }, [load, times]);
  return { value, error, isBusy, again };
}
