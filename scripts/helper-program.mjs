// Writes src/local/helper/program.ts: the Python program that runs in the helper kernel, as text in the bundle.
// `node scripts/helper-program.mjs` after each change to src/local/helper/program/*.py; a test tells when it was forgotten.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '..', 'src', 'local', 'helper');
/** In this order they are loaded: each imports only those before it. */
const MODULES = [
  'memory',
  'rename',
  'directories',
  'hashing',
  'wire',
  'scanning',
  'reading',
  'durable',
  'trash',
  'applying',
  'inotify',
  'polling',
  'libraries',
  'watching',
  'service'
];

export const TARGET = join(FOLDER, 'program.ts');

/** The text of src/local/helper/program.ts as it must be. */
export function programText() {
  const read = name => readFileSync(join(FOLDER, 'program', `${name}.py`), 'utf8');
  const boot = read('boot');
  const modules = MODULES.map(name => [name, read(name)]);
  for (const [name, source] of [['boot', boot], ...modules]) {
    const character = [...source].find(each => each.charCodeAt(0) > 126);
    if (character !== undefined) {
      throw new Error(`${name}.py holds ${JSON.stringify(character)}: ASCII only`);
    }
  }
  const version = createHash('sha256')
    .update(JSON.stringify([boot, modules]))
    .digest('hex')
    .slice(0, 12);
  return [
    '// Made by scripts/helper-program.mjs from program/*.py: edit those.',
    '',
    '/** Differs for each program. */',
    `export const PROGRAM_VERSION = '${version}';`,
    '',
    '/** Defines the function that puts the modules into the kernel. */',
    `export const BOOT = ${JSON.stringify(boot)};`,
    '',
    '/** Name and source of each, in the order in which they are loaded. */',
    'export const MODULES: readonly (readonly [string, string])[] = [',
    ...modules.map(([name, source]) => `  [${JSON.stringify(name)}, ${JSON.stringify(source)}],`),
    '];',
    ''
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(TARGET, programText());
}
