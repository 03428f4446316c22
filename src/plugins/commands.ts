import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IProjects } from '../tokens';
import { Dialogs } from '../ui/dialogs';
import { addCommands } from './commands/add-commands';
import { CommandIDs } from './commands/ids';
import { PaletteEntries } from './palette-entries';

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
  CommandIDs.pull,
  CommandIDs.push,
  CommandIDs.preview,
  CommandIDs.verify,
  CommandIDs.approve,
  CommandIDs.restore,
  CommandIDs.status,
  CommandIDs.pause,
  CommandIDs.resume,
  CommandIDs.resolveConflict,
  CommandIDs.history,
  CommandIDs.restoreVersion,
  CommandIDs.share,
  CommandIDs.delete,
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
    const person = new Dialogs({
      translator: translator ?? nullTranslator,
      trans,
      documents,
      projects
    });
    addCommands({ commands: app.commands, projects, person, trans });
    for (const command of IN_PALETTE) {
      palette?.addItem({
        command,
        category: trans.__('Projects'),
        args: { interactive: true }
      });
    }
    if (palette) {
      // It lives as long as the page.
      void new PaletteEntries({ projects, add: item => palette.addItem(item), trans });
    }
  }
};
