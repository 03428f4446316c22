import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { DocumentRegistry, DocumentWidget } from '@jupyterlab/docregistry';
import type { FileBrowser } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IProjects } from '../tokens';
import { SyncButtonItem } from '../ui/places/sync-button-item';
import { CommandIDs } from './commands/ids';

/** As the schema of this plugin names it. */
const ITEM = 'projects-sync';

/** Toolbars of documents, by the names of their factories. */
const DOCUMENTS = ['Notebook', 'Editor'];

/** A button that syncs, and shows the state, in toolbars. */
export const toolbarsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:toolbars',
  description: 'Adds a sync button to the toolbars of the file browser and of documents.',
  autoStart: true,
  requires: [IProjects],
  optional: [IToolbarWidgetRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    projects: IProjects,
    toolbars: IToolbarWidgetRegistry | null,
    translator: ITranslator | null
  ) => {
    if (!toolbars) {
      return;
    }
    const { commands, serviceManager } = app;
    const { contents } = serviceManager;
    const common = {
      projects,
      trans: (translator ?? nullTranslator).load('jupyterlab_projects'),
      sync: (projectId: string) => {
        void commands.execute(CommandIDs.sync, { projectId, interactive: true });
      }
    };
    toolbars.addFactory<FileBrowser>(
      'FileBrowser',
      ITEM,
      ({ model }) =>
        new SyncButtonItem({
          ...common,
          path: () => contents.localPath(model.path),
          pathChanged: model.pathChanged
        })
    );
    for (const factory of DOCUMENTS) {
      toolbars.addFactory<DocumentWidget>(factory, ITEM, ({ context }) => documentButton(context));
    }

    function documentButton(context: DocumentRegistry.Context): SyncButtonItem {
      return new SyncButtonItem({
        ...common,
        path: () => contents.localPath(context.path),
        pathChanged: context.pathChanged
      });
    }
  }
};
