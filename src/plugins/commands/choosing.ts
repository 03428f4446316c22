import type { CommandRegistry } from '@lumino/commands';

import type { ProjectSummary } from '../../tokens';
import { ProjectsError } from '../../tokens';
import type { Context } from './command';
import { CommandIDs } from './ids';

/** True for a project that is tied to a folder of this server. */
export function isLinked(project: ProjectSummary): boolean {
  return project.localPath !== null;
}

/**
 * Asks for one of the projects that fit.
 *
 * @param none - What to say when none fits.
 * @throws A `ProjectsError` `not-found` when none fits.
 */
export async function chooseProject(
  { projects, person }: Pick<Context, 'projects' | 'person'>,
  title: string,
  fits: (project: ProjectSummary) => boolean,
  none: string
): Promise<string | null> {
  const fitting = projects.projects.filter(fits);
  if (fitting.length === 0) {
    throw new ProjectsError('not-found', none);
  }
  return person.askProject(title, fitting);
}

/** A path as the model wants it: relative to the Jupyter root, without slashes at its ends. */
export function rootPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** How the project is called in a sentence. */
export function titleOf({ projects }: Pick<Context, 'projects'>, projectId: string): string {
  return projects.projects.find(project => project.id === projectId)?.title ?? projectId;
}

/** Brings the panel to the front, where there is one. */
export function showPanel(
  commands: CommandRegistry,
  place: { readonly projectId?: string; readonly section?: 'activity' }
): void {
  if (commands.hasCommand(CommandIDs.show)) {
    void commands.execute(CommandIDs.show, place);
  }
}
