import type { IProjects, ReportedConflict } from '../tokens';
import { openConflicts } from './open-conflicts';

/** An open conflict, and its project. */
export interface FoundConflict extends ReportedConflict {
  readonly projectId: string;
  /** Names it among the project's open conflicts. */
  readonly name: string;
}

/**
 * The open conflict of a file, told by its name or by that of its copy; null where there is none, as far as is known without a look.
 *
 * @param path - relative to the Jupyter root
 */
export function conflictOf(projects: IProjects, path: string): FoundConflict | null {
  const project = projects.projectAt(path);
  if (!project || project.conflicts === 0 || project.localPath === null) {
    return null;
  }
  const within = path.slice(project.localPath.length).replace(/^\//, '');
  const open = openConflicts(projects.lastReport(project.id), projects.knownFiles(project.id));
  const found = open.find(each => each.path === within || each.copy === within);
  return found ? { ...found, projectId: project.id, name: nameOfConflict(found, open) } : null;
}

/** What names one of the open conflicts: its file, or the copy where the file has several. */
export function nameOfConflict(
  { path, copy }: ReportedConflict,
  open: readonly ReportedConflict[]
): string {
  return open.filter(each => each.path === path).length > 1 ? (copy ?? path) : path;
}
