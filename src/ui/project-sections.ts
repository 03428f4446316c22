import type { ProjectSummary } from '../tokens';
import type { Section } from './selection';

/** Projects of one section, in the order of the model. */
export interface ProjectSection {
  readonly section: Section;
  readonly projects: readonly ProjectSummary[];
}

/** Each project in just one section: those tied to a folder of this server first; sections without any are left out. */
export function sectionsOf(projects: readonly ProjectSummary[]): readonly ProjectSection[] {
  const found: Record<Section, ProjectSummary[]> = { here: [], mine: [], shared: [] };
  for (const project of projects) {
    found[sectionOf(project)].push(project);
  }
  return (['here', 'mine', 'shared'] as const)
    .map(section => ({ section, projects: found[section] }))
    .filter(section => section.projects.length > 0);
}

function sectionOf({ localPath, role }: ProjectSummary): Section {
  if (localPath !== null) {
    return 'here';
  }
  return role === 'owner' ? 'mine' : 'shared';
}

/**
 * Whether the project's title, name, owner or folder has the text in it.
 *
 * @param text - upper and lower case are the same; '': any has
 */
export function isFound(project: ProjectSummary, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  const { title, name, owner, localPath } = project;
  return [title, name, owner, localPath ?? ''].some(each => each.toLowerCase().includes(wanted));
}
