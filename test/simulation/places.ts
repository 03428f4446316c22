/** The project's folder on a Jupyter server, and the folder of the extension's state. */
export const ROOT = 'work/p';
export const STATE = 'state';
