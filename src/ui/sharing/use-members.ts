import { useCallback, useEffect, useState } from 'react';

import type { IProjects, Organization, Permission, Role } from '../../tokens';
import { errorMessage } from '../error-message';

export interface Sharing {
  /** null while they are not known. */
  readonly permissions: readonly Permission[] | null;
  readonly organizations: readonly Organization[];
  readonly busy: boolean;
  /** Why the last thing did not work; '' when it did. */
  readonly error: string;
  /** Resolves with whether it worked. */
  readonly share: (subject: string, role: Role | null) => Promise<boolean>;
  readonly look: () => void;
}

/** Who may do what with a project, and the ways to change that. */
export function useMembers(projects: IProjects, projectId: string, isSeen: boolean): Sharing {
  const [permissions, setPermissions] = useState<readonly Permission[] | null>(null);
  const [organizations, setOrganizations] = useState<readonly Organization[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');

  const attempt = useCallback(async (work: () => Promise<readonly Permission[]>) => {
    setBusy(true);
    setError('');
    try {
      setPermissions(await work());
      return true;
    } catch (failure) {
      setError(errorMessage(failure));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const look = useCallback(() => {
    void attempt(() => projects.permissions(projectId));
  }, [attempt, projects, projectId]);
  useEffect(() => {
    if (!isSeen) {
      return;
    }
    look();
    // Without them organizations are shown by their ids.
    projects.organizations().then(setOrganizations, () => setOrganizations([]));
  }, [isSeen, look, projects]);

  const share = (subject: string, role: Role | null) =>
    attempt(() => projects.share(projectId, subject, role));
  return { permissions, organizations, busy, error, share, look };
}
