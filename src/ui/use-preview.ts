import { useCallback, useEffect, useState } from 'react';

import type { SyncReport } from '../tokens';
import { errorMessage } from './error-message';
import { useUi } from './ui-context';

/** What a sync would do now. */
export interface Previewed {
  /** null until it is known. */
  readonly preview: SyncReport | null;
  /** Why it could not be told; else ''. */
  readonly error: string;
  readonly look: () => void;
}

/**
 * Asks what a sync of the project would do, and again when `after` becomes another; what was told stays until then.
 *
 * @param after - the report of the last sync; null: there is nothing to ask
 */
export function usePreview(projectId: string, after: SyncReport | null): Previewed {
  const { projects } = useUi();
  const [preview, setPreview] = useState<SyncReport | null>(null);
  const [error, setError] = useState('');
  const [looks, setLooks] = useState(0);
  const look = useCallback(() => setLooks(count => count + 1), []);

  useEffect(() => {
    let current = true;
    if (!after) {
      setPreview(null);
      setError('');
    } else {
      projects.preview({ projectId }).then(
        found => {
          if (current) {
            setPreview(found);
            setError('');
          }
        },
        (reason: unknown) => {
          if (current) {
            setError(errorMessage(reason));
          }
        }
      );
    }
    return () => {
      current = false;
    };
  }, [projects, projectId, after, looks]);

  return { preview, error, look };
}
