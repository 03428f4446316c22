import { commandsPlugin } from './plugins/commands';
import { documentsPlugin } from './plugins/documents';
import { fileBadgesPlugin, fileRendererPlugin } from './plugins/file-badges';
import { fileBrowserPlugin } from './plugins/file-browser';
import { launcherPlugin } from './plugins/launcher';
import { modelPlugin } from './plugins/model';
import { noticesPlugin } from './plugins/notices';
import { panelPlugin } from './plugins/panel';
import { reviewsPlugin } from './plugins/reviews';
import { statusBarPlugin } from './plugins/status-bar';
import { toolbarsPlugin } from './plugins/toolbars';

export * from './tokens';

export default [
  modelPlugin,
  commandsPlugin,
  panelPlugin,
  fileBrowserPlugin,
  fileRendererPlugin,
  fileBadgesPlugin,
  launcherPlugin,
  toolbarsPlugin,
  noticesPlugin,
  documentsPlugin,
  reviewsPlugin,
  statusBarPlugin
];
