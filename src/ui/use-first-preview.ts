import { useCallback, useEffect, useState } from 'react';

import type { FirstPreview } from '../tokens';
import { errorMessage } from './error-message';
import type { Setup } from './selection';
import { useUi } from './ui-context';

export interface FirstPreviewed {
  /** null until it is known. */
  readonly preview: FirstPreview | null;
  /** Why it could not be told; else ''. */
  readonly error: string;
  readonly look: () => void;
}

/** Asks what the first sync of what was chosen would do. */
export function useFirstPreview(setup: Setup): FirstPreviewed {
  const { projects } = useUi();
  const [found, setFound] = useState<FirstPreview | null>(null);
  const [error, setError] = useState('');
  const [looks, setLooks] = useState(0);
  const look = useCallback(() => {
    setFound(null);
    setError('');
    setLooks(count => count + 1);
  }, []);

  useEffect(() => {
    let current = true;
    const choice = setup.kind === 'create' ? { path: setup.path } : { projectId: setup.projectId };
    projects
      .previewFirst(choice)
      .then(preview => current && setFound(preview))
      .catch((reason: unknown) => current && setError(errorMessage(reason)));
    return () => {
      current = false;
    };
  }, [projects, setup, looks]);

  return { preview: found, error, look };
}
