import { delimiter, join } from 'node:path';

import { PROJECT, VENV } from './project.mjs';

/**
 * This process's environment without what would make npm, Python or Jupyter act as someone else set them up, and with the
 * project's own programs first.
 *
 * @param {Record<string, string>} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(more = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const path = [join(VENV, 'bin'), join(PROJECT, 'node_modules', '.bin'), process.env.PATH ?? ''];
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), ...more };
}

/** What npm tells its scripts, but not its settings (npm_config_registry and the like), and what leads Python, Jupyter and our server elsewhere. */
const FOREIGN =
  /^(npm_(?!config_)|npm_config_(local_prefix|prefix|noproxy|node_gyp|user_agent|global_prefix|init_module)$|INIT_CWD$|VIRTUAL_ENV$|PYTHONHOME$|PYTHONPATH$|JUPYTER|IPYTHONDIR$|PROJECTS_DATABASE_URL$)/i;
