import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IProjects } from '../tokens';
import { Dialogs } from '../ui/dialogs';
import { addAccountCommands } from './commands/account-commands';
import { addActivityCommands } from './commands/activity-commands';
import type { Context } from './commands/command';
import { addConflictCommands } from './commands/conflict-commands';
import { CommandIDs } from './commands/ids';
import { addProjectCommands } from './commands/project-commands';
import { addSyncCommands } from './commands/sync-commands';

/** In the order of the palette, which then sorts by use. */
const IN_PALETTE = [
  CommandIDs.signIn,
  CommandIDs.signOut,
  CommandIDs.list,
  CommandIDs.create,
  CommandIDs.open,
  CommandIDs.link,
  CommandIDs.unlink,
  CommandIDs.sync,
  CommandIDs.preview,
  CommandIDs.status,
  CommandIDs.pause,
  CommandIDs.resume,
  CommandIDs.resolveConflict,
  CommandIDs.showActivity,
  CommandIDs.show
];

/** The commands, in the palette where there is one. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:commands',
  description: 'Adds the commands that sign in, open, sync and look after projects.',
  autoStart: true,
  requires: [IProjects],
  optional: [ICommandPalette, IDocumentManager, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    projects: IProjects,
    palette: ICommandPalette | null,
    documents: IDocumentManager | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');
    const person = new Dialogs({ translator: translator ?? nullTranslator, trans, documents });
    addCommands({ commands: app.commands, projects, person, trans });
    for (const command of IN_PALETTE) {
      palette?.addItem({
        command,
        category: trans.__('Projects'),
        args: { interactive: true }
      });
    }
  }
};

/** Adds them all to the registry, and has it told when they may have become enabled or not. */
export function addCommands(context: Context): void {
  addAccountCommands(context);
  addProjectCommands(context);
  addSyncCommands(context);
  addConflictCommands(context);
  addActivityCommands(context);
  const { commands, projects } = context;
  const changed = (): void => commands.notifyCommandChanged();
  projects.accountChanged.connect(changed);
  projects.projectsChanged.connect(changed);
}
