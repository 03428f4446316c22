import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Failure } from './failure.mjs';
import { writePrivately } from './files.mjs';
import { tryLock } from './lock.mjs';

/** Another demo has the folder. */
class InUse extends Failure {}

/**
 * The demo's data folder: the cloud's data with the keys of its users, JupyterLab's token and settings, logs, and the files of its
 * own root. One demo at a time has it.
 */
export class DemoData {
  #lock;

  /**
   * The demo's usual folder, or the first beside it (`-2` and so on) that no running demo has.
   *
   * @param {string} folder Absolute.
   * @param {(busy: string, taken: string) => void} onOther Told when it is not the usual one.
   */
  static firstFree(folder, onOther) {
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? folder : `${folder}-${number}`;
      try {
        const data = new DemoData(candidate);
        if (number > 1) {
          onOther(folder, candidate);
        }
        return data;
      } catch (error) {
        if (!(error instanceof InUse)) {
          throw error;
        }
      }
    }
  }

  /**
   * @param {string} folder Absolute; made when it is not there.
   * @throws {InUse} When another demo has it.
   */
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#lock = tryLock(join(folder, 'lock'));
    if ('heldBy' in this.#lock) {
      throw new InUse(
        `The demo in ${folder} runs already (process ${this.#lock.heldBy}). End that one, or give this one a folder of its own: npm start -- --data DIR`
      );
    }
  }

  /** The cloud server's own folder. */
  get cloud() {
    return join(this.folder, 'cloud');
  }

  /** What JupyterLab shows when nobody says otherwise. */
  get files() {
    return join(this.folder, 'files');
  }

  /** @param {'config' | 'data' | 'runtime' | 'ipython'} name */
  jupyter(name) {
    return join(this.folder, 'jupyter', name);
  }

  /** @param {string} name @returns {string} */
  log(name) {
    return join(this.folder, 'logs', `${name}.log`);
  }

  /** JupyterLab's token; the same at every start. */
  get token() {
    const path = join(this.folder, 'token');
    if (!existsSync(path)) {
      writePrivately(path, randomBytes(24).toString('hex'));
    }
    return readFileSync(path, 'utf8');
  }

  /** Forgets everything it kept. A root that someone named stays. */
  forget() {
    for (const name of ['cloud', 'files', 'jupyter', 'logs', 'token']) {
      rmSync(join(this.folder, name), { recursive: true, force: true });
    }
  }

  /**
   * @param {string | null} chosen
   * @returns {string} The folder for JupyterLab to show, made when it is not there.
   * @throws {Failure} When it is not a folder.
   */
  root(chosen) {
    const root = chosen ?? this.files;
    if (existsSync(root) && !statSync(root).isDirectory()) {
      throw new Failure(`${root} is not a folder: choose another with --root DIR.`);
    }
    mkdirSync(root, { recursive: true });
    return root;
  }

  /** Lets another demo have it. */
  release() {
    if ('release' in this.#lock) {
      this.#lock.release();
    }
  }
}
