import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IProjects } from '../tokens';
import { showMenu } from '../ui/context-menu';
import { Dialogs } from '../ui/dialogs';
import { pageLocale } from '../ui/page-locale';
import { PANEL_ID, ProjectsPanel } from '../ui/projects-panel';
import { Selection } from '../ui/selection';
import { rootPath } from './commands/choosing';
import { addCommand } from './commands/command';
import { CommandIDs } from './commands/ids';
import { keepLayout } from './panel-layout';

/** How long a shown panel holds on to the keyboard: so many times so many ms. */
const MOMENTS = 6;
const MOMENT = 25;

/** Commands of JupyterLab that are used where they exist. */
const OPEN_SETTINGS = 'settingeditor:open';
const OPEN_FILE = 'docmanager:open';
const GO_TO_FOLDER = 'filebrowser:go-to-path';

/** The panel in the left sidebar. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:panel',
  description: 'Adds the Projects panel to the sidebar.',
  autoStart: true,
  requires: [IProjects],
  optional: [ILayoutRestorer, IDocumentManager, IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    projects: IProjects,
    restorer: ILayoutRestorer | null,
    documents: IDocumentManager | null,
    state: IStateDB | null,
    translator: ITranslator | null
  ) => {
    const { commands, shell } = app;
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');
    const person = new Dialogs({
      translator: translator ?? nullTranslator,
      trans,
      documents,
      projects
    });
    const selection = new Selection();
    const layout = state && keepLayout(selection, state);
    const panel = new ProjectsPanel({
      projects,
      person,
      selection,
      trans,
      locale: pageLocale(document.documentElement.lang),
      run: (command, args = {}) => {
        void commands.execute(command, { ...args, interactive: true });
      },
      has: command => commands.hasCommand(command),
      get openFile() {
        return commands.hasCommand(OPEN_FILE)
          ? (path: string) => void commands.execute(OPEN_FILE, { path })
          : null;
      },
      showMenu,
      get reveal() {
        return commands.hasCommand(GO_TO_FOLDER)
          ? (path: string) => void commands.execute(GO_TO_FOLDER, { path, showBrowser: true })
          : null;
      },
      get openSettings() {
        return commands.hasCommand(OPEN_SETTINGS)
          ? () => void commands.execute(OPEN_SETTINGS, { query: 'Projects' })
          : null;
      }
    });
    panel.disposed.connect(() => layout?.dispose());
    shell.add(panel, 'left', { rank: 150, type: 'Projects' });
    restorer?.add(panel, PANEL_ID);

    addCommand(
      { commands, projects, person, trans },
      {
        id: CommandIDs.show,
        label: trans.__('Show Projects Panel'),
        labelFor: title => trans.__('Show “%1” in the Projects Panel', title),
        caption: trans.__('Show the Projects panel'),
        args: {
          projectId: { type: 'string', description: 'The project to unfold' },
          path: {
            type: 'string',
            description: 'Unfolds the project that holds it; relative to the Jupyter root'
          },
          section: {
            type: 'string',
            description: 'What to unfold beside it',
            choices: ['activity'] as const
          }
        },
        run: async ({ projectId, path, section }, asks) => {
          const id = projectId ?? (path && projects.projectAt(rootPath(path))?.id);
          if (id) {
            selection.select(id);
          }
          if (section === 'activity') {
            selection.showActivity(true);
          }
          shell.activateById(PANEL_ID);
          // The palette, which closes a moment after this, gives the keyboard back to the main area.
          for (let moment = 0; asks && moment < MOMENTS; moment += 1) {
            await new Promise(done => setTimeout(done, MOMENT));
            // A palette that has the keyboard was opened meanwhile: it closes when it loses it.
            if (!document.activeElement?.closest(`#${PANEL_ID}, .lm-CommandPalette`)) {
              shell.activateById(PANEL_ID);
            }
          }
          return {};
        }
      }
    );
  }
};
