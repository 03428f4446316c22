import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { DeferredProjects } from '../model/deferred-projects';
import { IProjects } from '../tokens';
import { errorMessage } from '../ui/error-message';
import { SETTINGS_ID } from './settings-id';

/** The model behind everything else. Its code comes when the page is there. */
export const modelPlugin: JupyterFrontEndPlugin<IProjects> = {
  id: SETTINGS_ID,
  description: 'Keeps folders in sync with projects in a shared cloud.',
  autoStart: true,
  provides: IProjects,
  requires: [ISettingRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    registry: ISettingRegistry,
    translator: ITranslator | null
  ): IProjects => {
    const projects = new DeferredProjects(async () => {
      const [settings, { createProjects }, { speak }] = await Promise.all([
        registry.load(SETTINGS_ID),
        import('../model/create-projects'),
        import('../sync/words')
      ]);
      speak(translator && translator.load('jupyterlab_projects'));
      return createProjects({
        serviceManager: app.serviceManager,
        settings,
        translator: translator ?? nullTranslator
      });
    });
    app.restored
      .then(() => projects.start())
      .catch((error: unknown) => {
        console.error('jupyterlab-projects:', errorMessage(error));
      });
    return projects;
  }
};
