import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the scripts keep for themselves: stamps, locks, logs. Ignored by git; may be deleted at any time. */
export const CACHE = join(PROJECT, '.cache');

/** The Python environment that `npm start` and `npm test` make. */
export const VENV = join(PROJECT, '.venv');

/** Its Python. Its programs are run as modules of it, so that a moved project folder breaks none. */
export const PYTHON = join(VENV, 'bin', 'python');

/** The built extension, as JupyterLab loads it. */
export const LABEXTENSION = join(PROJECT, 'jupyterlab_projects', 'labextension');

/** The built cloud server. */
export const SERVER = join(PROJECT, 'server', 'dist', 'projects-server.mjs');

/** The extension's npm name, which is its folder's name among JupyterLab's extensions too. */
export const EXTENSION = 'jupyterlab-projects';
