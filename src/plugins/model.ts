import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { createProjects } from '../model/create-projects';
import { IProjects } from '../tokens';

/** Owns the settings, whose id is that of this plugin. */
const PLUGIN_ID = 'jupyterlab-projects:plugin';

/** The model behind everything else. */
export const modelPlugin: JupyterFrontEndPlugin<IProjects> = {
  id: PLUGIN_ID,
  description: 'Keeps folders in sync with projects in a shared cloud.',
  autoStart: true,
  provides: IProjects,
  requires: [ISettingRegistry],
  optional: [ITranslator],
  activate: async (
    app: JupyterFrontEnd,
    registry: ISettingRegistry,
    translator: ITranslator | null
  ): Promise<IProjects> =>
    createProjects({
      serviceManager: app.serviceManager,
      settings: await registry.load(PLUGIN_ID),
      translator: translator ?? nullTranslator
    })
};
