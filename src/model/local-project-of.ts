import type { CloudProject } from '../cloud/schemas';
import type { NewLocalProject } from '../state/local-project';

/** What is remembered here of a project that the cloud told of. */
export function localProjectOf(
  project: CloudProject,
  cloudUrl: string,
  path: string
): NewLocalProject {
  return { id: project.id, cloudUrl, name: project.name, ownerId: project.owner.id, path };
}
