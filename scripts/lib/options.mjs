import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Failure } from './failure.mjs';

export const USAGE = `npm start -- [options]

  --port N           JupyterLab's port; 0 takes any free one (8888)
  --cloud-port N     the cloud server's port; 0 takes any free one (8787)
  --root DIR         the folder that JupyterLab shows (files, in the data folder)
  --data DIR         where the demo keeps the cloud's data, its keys and its settings
                     (.demo; .demo-2 and so on while another demo runs)
  --base-url PATH    the path under which JupyterLab answers (/)
  --no-browser       do not open a browser
  --expose-app       JupyterLab's --expose-app-in-browser, for tests
  --fresh            forget everything the demo kept: the cloud's data, the keys, the files in its own root
  --ready-file FILE  write where everything is, as JSON, once it answers
  --help             show this`;

const OPTIONS = /** @type {const} */ ({
  port: { type: 'string', default: '8888' },
  'cloud-port': { type: 'string', default: '8787' },
  root: { type: 'string' },
  data: { type: 'string' },
  'base-url': { type: 'string', default: '/' },
  'no-browser': { type: 'boolean', default: false },
  'expose-app': { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  'ready-file': { type: 'string' },
  help: { type: 'boolean', default: false }
});

/**
 * @typedef {object} StartOptions
 * @property {number} port 0: any free one.
 * @property {number} cloudPort 0: any free one.
 * @property {string | null} root Absolute; null for the demo's own.
 * @property {string | null} data Absolute; null for the usual one.
 * @property {string} baseUrl With a slash at both ends.
 * @property {boolean} browser
 * @property {boolean} exposeApp
 * @property {boolean} fresh
 * @property {string | null} readyFile Absolute.
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @param {string} here The folder that relative paths start from.
 * @returns {StartOptions}
 * @throws {Failure} With exit code 2, when they are not understood.
 */
export function parseStartOptions(args, here) {
  const values = parse(args);
  const path = value => (value === undefined ? null : resolve(here, value));
  const options = {
    port: parsePort('--port', values.port),
    cloudPort: parsePort('--cloud-port', values['cloud-port']),
    root: path(values.root),
    data: path(values.data),
    baseUrl: `/${values['base-url']}/`.replace(/\/+/g, '/'),
    browser: !values['no-browser'],
    exposeApp: values['expose-app'],
    fresh: values.fresh,
    readyFile: path(values['ready-file']),
    help: values.help
  };
  if (options.port !== 0 && options.port === options.cloudPort) {
    throw misuse('JupyterLab and the cloud need two ports: --port and --cloud-port are the same.');
  }
  return options;
}

function parse(args) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw misuse(error.message);
  }
}

function parsePort(name, text) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw misuse(`${name} takes a number from 0 to 65535, not "${text}".`);
  }
  return port;
}

function misuse(message) {
  return new Failure(`${message}\n\n${USAGE}`, { exitCode: 2 });
}
