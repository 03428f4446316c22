import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { CACHE, PROJECT } from './project.mjs';

/**
 * A hash of the files' names and contents, folders with all that is in them.
 *
 * @param {string[]} paths Relative to the project; what is missing counts as missing.
 * @returns {string}
 */
export function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(path => filesIn(join(PROJECT, path)))) {
    hash.update(`${relative(PROJECT, file)}\0`);
    hash.update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) {
    return [];
  }
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path)
    .sort()
    .flatMap(name => filesIn(join(path, name)));
}

/** What a step was last done for; a step that failed midway has no stamp. */
export class Stamp {
  #path;

  /** @param {string} name */
  constructor(name) {
    this.#path = join(CACHE, 'stamps', name);
  }

  /** @returns {string | null} */
  get value() {
    return existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : null;
  }

  /** @param {string} value '' forgets it. */
  set value(value) {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, value);
  }
}
