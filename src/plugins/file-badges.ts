import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDefaultFileBrowserRenderer } from '@jupyterlab/filebrowser';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { settingsFrom } from '../model/settings';
import { IProjects } from '../tokens';
import { BadgedRenderer } from '../ui/places/badged-renderer';
import { FileBadges } from '../ui/places/file-badges';
import { SETTINGS_ID } from './settings-id';

/** The file browser waits for its renderer: this one needs nothing, and gets its badges later. */
export const fileRendererPlugin: JupyterFrontEndPlugin<IDefaultFileBrowserRenderer> = {
  id: 'jupyterlab-projects:file-renderer',
  description: 'Lets the file browser show the sync status of files in projects.',
  autoStart: true,
  provides: IDefaultFileBrowserRenderer,
  activate: () => new BadgedRenderer()
};

/** Badges in the main file browser, as the setting says. */
export const fileBadgesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:file-badges',
  description: 'Shows in the file browser which files of projects are in sync.',
  autoStart: true,
  requires: [IProjects, ISettingRegistry],
  optional: [IDefaultFileBrowserRenderer, ITranslator],
  activate: async (
    app: JupyterFrontEnd,
    projects: IProjects,
    registry: ISettingRegistry,
    renderer: IDefaultFileBrowserRenderer | null,
    translator: ITranslator | null
  ) => {
    // Another extension's renderer may have taken the place.
    if (!(renderer instanceof BadgedRenderer)) {
      return;
    }
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');
    const { contents } = app.serviceManager;
    const settings = await registry.load(SETTINGS_ID);
    let badges: FileBadges | null = null;
    const apply = (): void => {
      const isOn = settingsFrom(settings.composite).fileBrowserBadges;
      if (isOn && !badges) {
        badges = new FileBadges({ projects, trans });
        renderer.show(badges, path => contents.localPath(path));
      } else if (!isOn && badges) {
        renderer.hide();
        badges.dispose();
        badges = null;
      }
    };
    settings.changed.connect(apply);
    apply();
  }
};
