import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { environment } from './environment.mjs';
import { readJson } from './files.mjs';
import { SERVER } from './project.mjs';
import { answers, waitFor } from './wait.mjs';

/** The cloud server, with its two demo users and a sample project. */
export class Cloud {
  #keysFile;
  #readyFile;
  #service;
  #signal;

  /**
   * @param {import('./processes.mjs').Processes} processes
   * @param {import('./demo-data.mjs').DemoData} data
   * @param {{port: number}} options 0: any free one.
   */
  constructor(processes, data, { port }) {
    this.#signal = processes.signal;
    this.#keysFile = join(data.cloud, 'demo-keys.json');
    this.#readyFile = join(data.folder, 'cloud-ready.json');
    rmSync(this.#readyFile, { force: true });
    this.#service = processes.start(
      process.execPath,
      [
        SERVER,
        'serve',
        '--demo',
        `--data=${data.cloud}`,
        `--port=${port}`,
        `--ready-file=${this.#readyFile}`
      ],
      { name: 'The cloud server', cwd: data.folder, env: environment(), log: data.log('cloud') }
    );
  }

  /** @returns {import('./processes.mjs').Service} */
  get service() {
    return this.#service;
  }

  /** @returns {Promise<{url: string, keys: {alice: string, bob: string}}>} Its API base and its users' keys, once it answers. */
  async ready() {
    const wait = { signal: this.#signal };
    const { url } = await waitFor(this.#service, () => readJson(this.#readyFile), wait);
    rmSync(this.#readyFile, { force: true });
    await waitFor(this.#service, () => answers(`${url}/healthz`, wait), wait);
    return { url, keys: readJson(this.#keysFile) };
  }
}
