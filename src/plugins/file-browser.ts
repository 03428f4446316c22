import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IProjects } from '../tokens';
import type { ProjectSummary } from '../tokens';
import { canBecomeProject } from '../ui/can-become-project';
import { conflictOf } from '../ui/conflict-of';
import type { FoundConflict } from '../ui/conflict-of';
import { projectsIcon } from '../ui/icons';
import { CommandIDs } from './commands/ids';

/** What the context menu was opened on. */
interface Target {
  /** Relative to the Jupyter root. */
  readonly path: string;
  readonly isFolder: boolean;
}

const NO_ARGUMENTS = { args: { type: 'object', properties: {}, additionalProperties: false } };

/** Entries of the file browser's context menu, each where it applies. */
export const fileBrowserPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:file-browser',
  description: 'Adds Projects to the context menu of the file browser.',
  autoStart: true,
  requires: [IProjects],
  optional: [IFileBrowserFactory, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    projects: IProjects,
    factory: IFileBrowserFactory | null,
    translator: ITranslator | null
  ) => {
    if (!factory) {
      return;
    }
    const { commands, serviceManager } = app;
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');

    /** The items that are selected with the one under the mouse, or the folder that is listed when it is over none. */
    const targets = (): readonly Target[] => {
      const browser = factory.tracker.currentWidget;
      if (!browser) {
        return [];
      }
      const local = (path: string): string => serviceManager.contents.localPath(path);
      const onItem = app.contextMenuHitTest(node => node.classList.contains('jp-DirListing-item'));
      if (!onItem) {
        return [{ path: local(browser.model.path), isFolder: true }];
      }
      return [...browser.selectedItems()].map(({ path, type }) => ({
        path: local(path),
        isFolder: type === 'directory'
      }));
    };
    /** null for several. */
    const target = (): Target | null => {
      const [found, ...others] = targets();
      return found && others.length === 0 ? found : null;
    };
    /** The one project that all is in that the menu was opened on. */
    const project = (): ProjectSummary | null => {
      const found = targets().map(({ path }) => projects.projectAt(path));
      const [first = null] = found;
      return found.every(each => each?.id === first?.id) ? first : null;
    };
    /** The project whose own folder the menu was opened on. */
    const projectItself = (): ProjectSummary | null => {
      const found = target();
      const at = found && projects.projectAt(found.path);
      return at?.localPath === found?.path ? at : null;
    };
    const conflict = (): FoundConflict | null => {
      const found = target();
      return found && conflictOf(projects, found.path);
    };
    /** A file of a project, for its versions. */
    const file = (): { readonly projectId: string; readonly path: string } | null => {
      const found = target();
      const holder = found && !found.isFolder ? projects.projectAt(found.path) : null;
      return found && holder?.localPath
        ? { projectId: holder.id, path: found.path.slice(holder.localPath.length + 1) }
        : null;
    };
    const run = (command: string, args: Readonly<Record<string, string>>): void => {
      if (commands.hasCommand(command)) {
        void commands.execute(command, { ...args, interactive: true });
      }
    };
    const runOnProject = (command: string): void => {
      const found = project();
      if (found) {
        run(command, { projectId: found.id });
      }
    };

    commands.addCommand(CommandIDs.createFromSelection, {
      label: trans.__('Turn into a project…'),
      caption: trans.__('The folder becomes a new project in the cloud, and is kept in sync'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => {
        const found = target();
        return found !== null && found.isFolder && canBecomeProject(found.path, projects.projects);
      },
      execute: () => {
        const found = target();
        if (found) {
          run(CommandIDs.create, { path: found.path });
        }
      }
    });
    commands.addCommand(CommandIDs.syncSelection, {
      label: trans.__('Sync now'),
      caption: trans.__('Sync the project that this belongs to'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => project() !== null,
      execute: () => runOnProject(CommandIDs.sync)
    });
    commands.addCommand(CommandIDs.showSelection, {
      label: trans.__('Show in Projects'),
      caption: trans.__('Show the project that this belongs to in the Projects panel'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => project() !== null,
      execute: () => runOnProject(CommandIDs.show)
    });
    commands.addCommand(CommandIDs.shareSelection, {
      label: trans.__('Share…'),
      caption: trans.__('Say who may see, read or change this project'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => projectItself() !== null,
      execute: () => runOnProject(CommandIDs.share)
    });
    commands.addCommand(CommandIDs.unlinkSelection, {
      label: trans.__('Unlink from its project…'),
      caption: trans.__('The files stay on both sides, and are no longer kept in sync'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => projectItself() !== null,
      execute: () => runOnProject(CommandIDs.unlink)
    });
    commands.addCommand(CommandIDs.showConflictSelection, {
      label: trans.__('Show Conflict'),
      caption: trans.__('Compare what this server and the cloud have of the file, and settle it'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => conflict() !== null,
      execute: () => {
        const found = conflict();
        if (found) {
          run(CommandIDs.showConflict, {
            projectId: found.projectId,
            path: found.name
          });
        }
      }
    });
    commands.addCommand(CommandIDs.showDeletedSelection, {
      label: trans.__('Deleted Files…'),
      caption: trans.__('List what was deleted in this project, and get files back'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => projectItself() !== null,
      execute: () => runOnProject(CommandIDs.showDeleted)
    });
    commands.addCommand(CommandIDs.showHistorySelection, {
      label: trans.__('History…'),
      caption: trans.__('Compare the versions that the cloud keeps of the file, and restore one'),
      icon: projectsIcon,
      describedBy: NO_ARGUMENTS,
      isVisible: () => file() !== null,
      execute: () => {
        const found = file();
        if (found) {
          run(CommandIDs.showHistory, { ...found });
        }
      }
    });
  }
};
