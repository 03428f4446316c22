import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { ContentsManager, ServerConnection } from '@jupyterlab/services';

/** How long a server may take from its start to its first answer, in ms. */
const START_TIMEOUT = 180_000;
/** How long a server may take to end when asked, in ms. */
const STOP_TIMEOUT = 8_000;

/** A Jupyter server that a test started, under a base_url, with folders of its own. */
export interface JupyterServer {
  /** The server's root with its base_url and a closing slash. */
  readonly url: string;
  readonly token: string;
  /** The folder it serves, on disk. */
  readonly root: string;
  /** The folder of its home, settings, runtime files and trash, on disk. */
  readonly home: string;
  readonly settings: ServerConnection.ISettings;
  readonly contents: ContentsManager;
  readonly process: ChildProcess;
  /** What it logged so far. */
  log(): string;
  /** Ends it and removes the folders that were made for it. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would; its folders stay until `stop()`. */
  kill(): Promise<void>;
}

export interface JupyterOptions {
  /** An existing folder to serve. Default: a new one, removed by `stop()`. */
  readonly root?: string;
  /** Further arguments of the command line. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default '/user/tester/': a server at '/' hides mistakes. */
  readonly baseUrl?: string;
  /** The module to run: `jupyterlab` serves the application too and starts slower. Default 'jupyter_server'. */
  readonly module?: 'jupyter_server' | 'jupyterlab';
  /** A program with its arguments that starts the server, say one that sets limits. Default: none. */
  readonly wrapper?: readonly string[];
  /** The one that requests carry: a server that comes back under an older one's is known to its pages. Default: a new one. */
  readonly token?: string;
}

export async function startJupyter(options: JupyterOptions = {}): Promise<JupyterServer> {
  const home = await mkdtemp(join(tmpdir(), 'jupyter-home-'));
  const root = options.root ?? (await mkdtemp(join(tmpdir(), 'jupyter-root-')));
  const runtime = join(home, 'runtime');
  await mkdir(runtime);
  const token = options.token ?? randomBytes(16).toString('hex');
  const port = await freePort();
  const base = options.baseUrl ?? '/user/tester/';
  const url = `http://127.0.0.1:${port}${base}`;
  const module = options.module ?? 'jupyter_server';
  const settings = ServerConnection.makeSettings({ baseUrl: url, token, fetch, Request, Headers });

  const command = [
    ...(options.wrapper ?? []),
    pythonOf(),
    '-m',
    module,
    '--no-browser',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.base_url=${base}`,
    `--ServerApp.root_dir=${root}`,
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ...(options.args ?? [])
  ];
  const child = spawn(command[0] ?? '', command.slice(1), {
    env: {
      ...process.env,
      HOME: home,
      XDG_DATA_HOME: join(home, 'share'),
      JUPYTER_CONFIG_DIR: join(home, 'config'),
      JUPYTER_DATA_DIR: join(home, 'data'),
      JUPYTER_RUNTIME_DIR: runtime,
      JUPYTER_TOKEN: token,
      ...options.env
    },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      log += text.toString();
    });
  }
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ended = new Promise<void>((done, failed) => {
    child.once('exit', () => {
      process.off('exit', killAtExit);
      done();
    });
    child.once('error', failed);
  });

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timeout = new AbortController();
      await Promise.race([
        ended,
        delay(STOP_TIMEOUT, undefined, { signal: timeout.signal }).then(kill, () => undefined)
      ]);
      timeout.abort();
    }
    await rm(home, { recursive: true, force: true });
    if (options.root === undefined) {
      await rm(root, { recursive: true, force: true });
    }
  };

  try {
    await Promise.race([
      answers(url, token),
      ended.then(() => Promise.reject(new Error('Jupyter ended at its start')))
    ]);
  } catch (error) {
    await stop();
    throw new Error(`Jupyter did not start:\n${log}`, { cause: error });
  }
  return {
    url,
    token,
    root,
    home,
    settings,
    contents: new ContentsManager({ serverSettings: settings }),
    process: child,
    log: () => log,
    stop,
    kill
  };
}

/**
 * For `wrapper`: the server has no more rights to files than their permissions give. Those who are not root need nothing for that;
 * root gives up what lets it pass them by (the capabilities CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH).
 */
export function heedingPermissions(): readonly string[] {
  const code = [
    'import ctypes, os, sys',
    'drop = lambda capability: ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)',
    'sys.exit("no") if drop(1) or drop(2) else os.execv(sys.argv[1], sys.argv[1:])'
  ].join('\n');
  return process.getuid?.() === 0 ? [pythonOf(), '-c', code] : [];
}

/** The Python of the repository's own environment. */
export function pythonOf(): string {
  const environment = resolve(import.meta.dirname, '..', '..', '.venv');
  const candidates = [join('bin', 'python'), join('Scripts', 'python.exe')];
  const found = candidates.map(each => join(environment, each)).find(each => existsSync(each));
  if (found === undefined) {
    throw new Error(`There is no Python environment at ${environment}: run \`npm start\` once.`);
  }
  return found;
}

/** A port of 127.0.0.1 that nothing uses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  await new Promise<void>(done => {
    server.close(() => done());
  });
  if (address === null || typeof address === 'string') {
    throw new Error('no port was given');
  }
  return address.port;
}

async function answers(url: string, token: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  let last: unknown = null;
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`${url}api/status`, {
        headers: { Authorization: `token ${token}` }
      });
      if (response.ok) {
        await response.body?.cancel();
        return;
      }
      last = new Error(`it answered ${response.status}`);
    } catch (error) {
      last = error;
    }
    await delay(100);
  }
  throw new Error(`no answer in ${START_TIMEOUT} ms`, { cause: last });
}
