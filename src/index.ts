import { commandsPlugin } from './plugins/commands';
import { documentsPlugin } from './plugins/documents';
import { fileBrowserPlugin } from './plugins/file-browser';
import { modelPlugin } from './plugins/model';
import { panelPlugin } from './plugins/panel';
import { statusBarPlugin } from './plugins/status-bar';

export * from './tokens';

export default [
  modelPlugin,
  commandsPlugin,
  panelPlugin,
  fileBrowserPlugin,
  documentsPlugin,
  statusBarPlugin
];
