import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { environment } from './environment.mjs';
import { readJson, writeJson } from './files.mjs';
import { HOST } from './ports.mjs';
import { EXTENSION, LABEXTENSION, PYTHON } from './project.mjs';
import { answers, waitFor } from './wait.mjs';

/**
 * JupyterLab with the built extension, apart from whatever Jupyter the person has.
 */
export class Lab {
  #data;
  #service;
  #signal;

  /**
   * @param {import('./processes.mjs').Processes} processes
   * @param {import('./demo-data.mjs').DemoData} data
   * @param {{root: string, port: number, baseUrl: string, browser: boolean, exposeApp: boolean}} options
   */
  constructor(processes, data, { root, port, baseUrl, browser, exposeApp }) {
    this.#data = data;
    this.#signal = processes.signal;
    this.#writeConfiguration(baseUrl);
    this.#linkExtension();
    const flags = [
      `--ip=${HOST}`,
      `--port=${port}`,
      '--ServerApp.port_retries=0',
      `--ServerApp.root_dir=${root}`,
      ...(browser ? [] : ['--no-browser']),
      ...(exposeApp ? ['--expose-app-in-browser'] : []),
      ...(process.getuid?.() === 0 ? ['--allow-root'] : [])
    ];
    this.#service = processes.start(PYTHON, ['-m', 'jupyterlab', ...flags], {
      name: 'JupyterLab',
      cwd: root,
      env: this.environment(),
      log: data.log('lab')
    });
  }

  /** @returns {import('./processes.mjs').Service} */
  get service() {
    return this.#service;
  }

  /** The environment in which Jupyter's programs find this JupyterLab's settings and extension. */
  environment() {
    return environment({
      JUPYTER_CONFIG_DIR: this.#data.jupyter('config'),
      JUPYTER_DATA_DIR: this.#data.jupyter('data'),
      JUPYTER_RUNTIME_DIR: this.#data.jupyter('runtime'),
      IPYTHONDIR: this.#data.jupyter('ipython')
    });
  }

  /**
   * Makes the extension's default cloud the one that runs. The server reads it at each request for settings, so it may come after
   * the start.
   *
   * @param {string} cloudUrl
   */
  pointTo(cloudUrl) {
    writeJson(this.#labconfig('default_setting_overrides.json'), {
      [`${EXTENSION}:plugin`]: { cloudUrl }
    });
  }

  /** @returns {Promise<string>} The server's root with its base URL and a closing slash, once it answers. */
  async ready() {
    const file = join(this.#data.jupyter('runtime'), `jpserver-${this.#service.pid}.json`);
    const wait = { signal: this.#signal };
    const { port, base_url: baseUrl } = await waitFor(
      this.#service,
      () => readServerFile(file),
      wait
    );
    const url = `http://${HOST}:${port}${baseUrl}`;
    const headers = { Authorization: `token ${this.#data.token}` };
    await waitFor(this.#service, () => answers(`${url}api/status`, { ...wait, headers }), wait);
    await waitFor(this.#service, () => answers(`${url}lab`, { ...wait, headers }), wait);
    return url;
  }

  #writeConfiguration(baseUrl) {
    writeJson(join(this.#data.jupyter('config'), 'jupyter_server_config.json'), {
      IdentityProvider: { token: this.#data.token },
      ServerApp: { base_url: baseUrl }
    });
    // It asks the network for news, and the person whether it may.
    writeJson(this.#labconfig('page_config.json'), {
      disabledExtensions: { '@jupyterlab/apputils-extension:announcements': true }
    });
  }

  #labconfig(name) {
    return join(this.#data.jupyter('config'), 'labconfig', name);
  }

  #linkExtension() {
    const folder = join(this.#data.jupyter('data'), 'labextensions');
    const link = join(folder, EXTENSION);
    mkdirSync(folder, { recursive: true });
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) {
      rmSync(link, { recursive: true });
    }
    symlinkSync(LABEXTENSION, link, 'dir');
  }
}

/** The server writes it in place: while it is being written it is no JSON yet. */
function readServerFile(path) {
  try {
    return readJson(path);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}
