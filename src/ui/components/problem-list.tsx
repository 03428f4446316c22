import type { FileStatus, ProjectSummary } from '../../tokens';
import { useUi } from '../ui-context';

export interface ProblemListProps {
  readonly project: ProjectSummary;
  readonly files: readonly FileStatus[] | null;
}

/** What could not be synced, and why. */
export function ProblemList({ project, files }: ProblemListProps) {
  const { projects, trans } = useUi();
  const problems = allProblems(projects.lastReport(project.id)?.problems ?? [], files);
  if (problems.length === 0) {
    return null;
  }
  return (
    <section className="jp-Projects-problems">
      <h4>{trans._n('%1 problem', '%1 problems', problems.length)}</h4>
      <ul>
        {problems.map(({ path, message }) => (
          <li key={path} className="jp-Projects-card">
            <div className="jp-Projects-path">{path}</div>
            <div className="jp-Projects-quiet">{message}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ProblemLine {
  readonly path: string;
  readonly message: string;
}

/** Those of the last report that are a path's own, and those that a look at the files found; one a path. */
export function allProblems(
  reported: readonly ProblemLine[],
  files: readonly FileStatus[] | null
): readonly ProblemLine[] {
  const ofPaths = reported.filter(({ path }) => path !== '');
  const byPath = new Map(ofPaths.map(({ path, message }) => [path, { path, message }]));
  for (const { path, status, reason } of files ?? []) {
    if (status === 'problem' && !byPath.has(path)) {
      byPath.set(path, { path, message: reason });
    }
  }
  return [...byPath.values()];
}
