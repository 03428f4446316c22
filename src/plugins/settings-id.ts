/** Of the plugin that owns the settings. */
export const SETTINGS_ID = 'jupyterlab-projects:plugin';
