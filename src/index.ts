import { commandsPlugin } from './plugins/commands';
import { documentsPlugin } from './plugins/documents';
import { fileBadgesPlugin, fileRendererPlugin } from './plugins/file-badges';
import { fileBrowserPlugin } from './plugins/file-browser';
import { modelPlugin } from './plugins/model';
import { panelPlugin } from './plugins/panel';
import { reviewsPlugin } from './plugins/reviews';
import { statusBarPlugin } from './plugins/status-bar';

export * from './tokens';

export default [
  modelPlugin,
  commandsPlugin,
  panelPlugin,
  fileBrowserPlugin,
  fileRendererPlugin,
  fileBadgesPlugin,
  documentsPlugin,
  reviewsPlugin,
  statusBarPlugin
];
