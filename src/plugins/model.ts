import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { createProjects } from '../model/create-projects';
import { speak } from '../sync/words';
import { IProjects } from '../tokens';
import { SETTINGS_ID } from './settings-id';

/** The model behind everything else. */
export const modelPlugin: JupyterFrontEndPlugin<IProjects> = {
  id: SETTINGS_ID,
  description: 'Keeps folders in sync with projects in a shared cloud.',
  autoStart: true,
  provides: IProjects,
  requires: [ISettingRegistry],
  optional: [ITranslator],
  activate: async (
    app: JupyterFrontEnd,
    registry: ISettingRegistry,
    translator: ITranslator | null
  ): Promise<IProjects> => {
    speak(translator && translator.load('jupyterlab_projects'));
    return createProjects({
      serviceManager: app.serviceManager,
      settings: await registry.load(SETTINGS_ID),
      translator: translator ?? nullTranslator
    });
  }
};
