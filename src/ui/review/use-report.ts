import { useEffect, useRef } from 'react';

import type { SyncReport } from '../../tokens';
import { useReview } from './review-context';

/** Calls back with each report of a sync of the project that ended since. @param onReport - kept by `useCallback` */
export function useReport(projectId: string, onReport: (report: SyncReport) => void): void {
  const { projects } = useReview();
  const seen = useRef<SyncReport | null>(null);
  useEffect(() => {
    seen.current = projects.lastReport(projectId);
    const slot = (): void => {
      const report = projects.lastReport(projectId);
      if (report && report !== seen.current) {
        seen.current = report;
        onReport(report);
      }
    };
    projects.projectsChanged.connect(slot);
    return () => {
      projects.projectsChanged.disconnect(slot);
    };
  }, [projects, projectId, onReport]);
}
