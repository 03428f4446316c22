import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IProjects } from '../tokens';
import { pageLocale } from '../ui/page-locale';
import { StatusItem } from '../ui/status-item';
import { CommandIDs } from './commands/ids';

/** The state of all projects in the status bar, where there is one. */
export const statusBarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:status-bar',
  description: 'Shows the state of the projects in the status bar.',
  autoStart: true,
  requires: [IProjects],
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    projects: IProjects,
    statusBar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    if (!statusBar) {
      return;
    }
    const item = new StatusItem({
      projects,
      locale: pageLocale(document.documentElement.lang),
      trans: (translator ?? nullTranslator).load('jupyterlab_projects'),
      onClick: () => {
        if (app.commands.hasCommand(CommandIDs.show)) {
          void app.commands.execute(CommandIDs.show);
        }
      }
    });
    statusBar.registerStatusItem('jupyterlab-projects:status', { item, align: 'left', rank: 30 });
  }
};
