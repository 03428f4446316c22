import type { Contents } from '@jupyterlab/services';

import type { CloudProject } from '../cloud/schemas';
import type { LocalProject, NewLocalProject } from '../state/local-project';
import { joinPath, nameOf } from '../sync/path';
import { ProjectsError } from '../tokens';
import type { ProjectChoice } from '../tokens';
import { asProjectsError, rethrow } from './errors';
import { checkFolder, findAt, freeFolder, makeFolder } from './folders';
import { localProjectOf } from './local-project-of';
import type { Registry } from './registry';
import type { SettingsSource } from './settings';
import { slugOf } from './slug';
import { trans } from '../sync/words';

/** Ties projects of the cloud to folders of this server, and unties them. Moves no file. */
export class Linking {
  constructor(options: Linking.IOptions) {
    this.#options = options;
  }

  /** Makes a project in the cloud for the folder, and ties the two. */
  async create(path: string, title?: string): Promise<LocalProject> {
    const { registry, onError } = this.#options;
    await registry.requireStore();
    await this.#requireFolder(path);
    const name = title?.trim() || nameOf(path) || 'Project';
    const { session } = registry;
    const project = await session.client
      .createProject({ name: slugOf(name), title: name })
      .catch(rethrow);
    try {
      const tied = await this.#tie(project, path);
      session.learn(project, 'owner');
      return tied;
    } catch (error) {
      // Nothing is lost: it was made three lines above, and nothing was synced into it.
      await session.client.deleteProject(project.id).catch(onError);
      throw asProjectsError(error);
    }
  }

  /** Ties the project to a folder of its own, which is made; a project that is tied already stays where it is. */
  async open(projectId: string, path?: string): Promise<LocalProject> {
    const { registry, contents } = this.#options;
    await registry.requireStore();
    const tied = registry.tied(projectId);
    if (tied && (path === undefined || path === tied.path)) {
      return tied;
    }
    refuseTied(tied);
    const project = await this.#fromCloud(projectId);
    const folder = await this.#folderFor(project, path);
    await makeFolder(contents, folder).catch(rethrow);
    return this.#tie(project, folder);
  }

  /**
   * What would be tied: to a project of the cloud the folder, or one of its own; without a project a new one to the folder. Makes
   * nothing.
   */
  async place({ projectId, path }: ProjectChoice): Promise<NewLocalProject> {
    const { registry } = this.#options;
    await registry.requireStore();
    const { cloudUrl } = registry.session;
    if (projectId === undefined) {
      const folder = path ?? '';
      await this.#requireFolder(folder);
      return { id: '', cloudUrl, name: nameOf(folder), ownerId: '', path: folder };
    }
    refuseTied(registry.tied(projectId));
    const project = await this.#fromCloud(projectId);
    return localProjectOf(project, cloudUrl, await this.#folderFor(project, path));
  }

  /** Ties the project to a folder that exists. */
  async link(projectId: string, path: string): Promise<LocalProject> {
    const { registry } = this.#options;
    await registry.requireStore();
    const tied = registry.tied(projectId);
    if (tied?.path === path) {
      return tied;
    }
    refuseTied(tied);
    const project = await this.#fromCloud(projectId);
    await this.#requireFolder(path);
    return this.#tie(project, path);
  }

  /** Forgets the tie; files stay on both sides. */
  async unlink(projectId: string): Promise<void> {
    const { registry } = this.#options;
    const store = await registry.requireStore();
    await store.removeProject(projectId).catch(rethrow);
    registry.tell();
  }

  /**
   * Deletes the project in the cloud. Files and the tie stay.
   *
   * @param name - that of the project, as a proof that it is meant
   */
  async deleteFromCloud(projectId: string, name: string): Promise<void> {
    const { session } = this.#options.registry;
    const project = await this.#fromCloud(projectId);
    if (name !== project.name) {
      throw new ProjectsError(
        'invalid-arguments',
        trans.__(
          '“%1” is not the name of this project, so nothing was deleted. To delete it, give its name: %2',
          name,
          project.name
        )
      );
    }
    await session.client.deleteProject(projectId).catch(rethrow);
    session.lose(projectId);
  }

  /** Follows a folder that was moved or renamed in Jupyter. */
  async follow(from: string, to: string): Promise<void> {
    const { registry } = this.#options;
    for (const { id, path } of registry.linked()) {
      if (path === from || path.startsWith(`${from}/`)) {
        const store = await registry.requireStore();
        await store.updateProject(id, { path: to + path.slice(from.length) });
        registry.tell();
      }
    }
  }

  async #tie(project: CloudProject, path: string): Promise<LocalProject> {
    const { registry } = this.#options;
    const store = await registry.requireStore();
    const local = localProjectOf(project, registry.session.cloudUrl, path);
    const tied = await store.addProject(local).catch(rethrow);
    registry.tell();
    return tied;
  }

  async #fromCloud(projectId: string): Promise<CloudProject> {
    const { session } = this.#options.registry;
    return session.client.getProject(projectId).catch(rethrow);
  }

  async #folderFor(project: CloudProject, path?: string): Promise<string> {
    const { registry, contents, settings } = this.#options;
    const folder =
      path ??
      (await freeFolder(
        contents,
        joinPath(settings.current.projectsFolder, safeName(project)),
        each => registry.linked().some(other => other.path === each)
      ).catch(rethrow));
    this.#check(folder);
    return folder;
  }

  async #requireFolder(path: string): Promise<void> {
    this.#check(path);
    const found = await findAt(this.#options.contents, path).catch(rethrow);
    if (found === 'nothing') {
      throw new ProjectsError('not-found', trans.__('There is no folder “%1”.', path));
    }
    if (found === 'file') {
      throw new ProjectsError(
        'invalid-arguments',
        trans.__('“%1” is a file. Choose a folder.', path)
      );
    }
  }

  #check(path: string): void {
    const { registry } = this.#options;
    checkFolder(path, registry.linked(), registry.stateFolder);
  }

  readonly #options: Linking.IOptions;
}

export namespace Linking {
  export interface IOptions {
    readonly registry: Registry;
    readonly contents: Contents.IManager;
    readonly settings: SettingsSource;
    readonly onError: (error: unknown) => void;
  }
}

function refuseTied(tied: LocalProject | null): void {
  if (tied) {
    throw new ProjectsError(
      'already-linked',
      trans.__(
        'This project is linked to “%1” already. Unlink it first to bring it to another folder.',
        tied.path
      )
    );
  }
}

/** A cloud's slug is a plain name; whatever else it may say stays within the projects folder. */
function safeName({ name }: CloudProject): string {
  return name.replace(/[/\\:]/g, '-').replace(/^\.+/, '') || 'project';
}
