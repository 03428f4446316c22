import { useCallback, useEffect, useState } from 'react';

import type { FileStatus, ProjectSummary } from '../tokens';
import { errorMessage } from './error-message';
import { useSignal } from './hooks';
import { useUi } from './ui-context';

/** The files of a project as the model last told them. */
export interface FoundFiles {
  /** null until they are known for the first time. */
  readonly files: readonly FileStatus[] | null;
  readonly busy: boolean;
  /** Why they could not be told; else ''. */
  readonly error: string;
  readonly look: () => void;
}

/**
 * The project's files as the model knows them. It is asked to look when the project is unfolded, when nothing is known, and after every
 * sync that left something else than before.
 *
 * #### Notes
 * A look goes to both sides, so a sync that changed nothing is no reason for one.
 */
export function useProjectFiles(project: ProjectSummary): FoundFiles {
  const { projects } = useUi();
  const { id, conflicts, problems } = project;
  useSignal(projects.knownFilesChanged);
  const files = projects.knownFiles(id);
  const [busy, setBusy] = useState(true);
  const [error, setError] = useState('');
  const [looks, setLooks] = useState(0);
  const look = useCallback(() => setLooks(count => count + 1), []);

  const report = projects.lastReport(id);
  const syncing = project.status === 'syncing';
  const [seen, setSeen] = useState(report);
  if (!syncing && report !== seen) {
    setSeen(report);
    if (report && (report.actions.length > 0 || files === null)) {
      setLooks(looks + 1);
    }
  }

  useEffect(() => {
    let current = true;
    setBusy(true);
    projects
      .status({ projectId: id })
      .then(() => current && setError(''))
      .catch((reason: unknown) => current && setError(errorMessage(reason)))
      .finally(() => current && setBusy(false));
    return () => {
      current = false;
    };
  }, [projects, id, conflicts, problems, looks]);

  return { files, busy, error, look };
}
