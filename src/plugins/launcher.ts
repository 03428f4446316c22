import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IProjects } from '../tokens';
import { canBecomeProject } from '../ui/can-become-project';
import { projectsIcon } from '../ui/icons';
import { rootPath } from './commands/choosing';
import { CommandIDs } from './commands/ids';

/** What the launcher calls every command with. */
const WHERE = {
  args: {
    type: 'object',
    properties: {
      cwd: { type: 'string', description: 'The folder that the launcher is for' }
    }
  }
};

/** Cards in the launcher, where there is one. */
export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:launcher',
  description: 'Adds Projects to the launcher.',
  autoStart: true,
  requires: [IProjects],
  optional: [ILauncher, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    projects: IProjects,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ) => {
    if (!launcher) {
      return;
    }
    const { commands, serviceManager } = app;
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');
    commands.addCommand(CommandIDs.launchPanel, {
      label: trans.__('Projects'),
      caption: trans.__('Show your projects, and what is synced'),
      icon: projectsIcon,
      describedBy: WHERE,
      execute: async () => {
        await commands.execute(CommandIDs.show, { interactive: true });
      }
    });
    commands.addCommand(CommandIDs.launchProject, {
      label: trans.__('New Project…'),
      caption: trans.__('Turn a folder into a project that is kept in sync with the cloud'),
      icon: projectsIcon,
      describedBy: WHERE,
      execute: async ({ cwd }) => {
        const folder =
          typeof cwd === 'string' ? rootPath(serviceManager.contents.localPath(cwd)) : '';
        const fits = canBecomeProject(folder, projects.projects);
        await commands.execute(CommandIDs.create, {
          interactive: true,
          ...(fits ? { path: folder } : {})
        });
      }
    });
    const category = trans.__('Projects');
    launcher.add({ command: CommandIDs.launchPanel, category, rank: 1 });
    launcher.add({ command: CommandIDs.launchProject, category, rank: 2 });
  }
};
