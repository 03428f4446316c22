import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { fillWithDatabase } from './cloud-template';

const SERVER = join('server', 'dist', 'projects-server.mjs');

/** What it is built from. */
const SOURCES = [join('server', 'src'), join('src', 'cloud', 'schemas.ts')];

/** How long a server may take to start; ms. A first start from nothing makes a database. */
const START = 180_000;

export interface CloudOptions {
  readonly coreOnly?: boolean;
  /** Further options of `projects-server serve`. */
  readonly args?: readonly string[];
  /** Keep it here, and leave it there on `stop`; else a temporary folder that `stop` removes. */
  readonly dataDir?: string;
  /** Answer on this port; else on any free one. */
  readonly port?: number;
  /** A PostgreSQL server's database, as an URL; else the embedded one. */
  readonly database?: string;
  /** Let the server itself make the embedded database of a new data folder; else it is a copy of one that it made before. */
  readonly fromNothing?: boolean;
}

/** A running cloud of its own process, with the demo's users and sample project. */
export interface CloudServer {
  /** The API base, as `http://127.0.0.1:8000/api/projects`. */
  readonly url: string;
  readonly keys: { readonly alice: string; readonly bob: string };
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** What it has written to its standard output and error so far. */
  output(): string;
  /** Ends it politely, and removes a temporary data folder. Safe twice. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL; the data folder stays. */
  kill(): Promise<void>;
}

/** Builds the server where the build is missing or old, and starts it. */
export async function startCloud(options: CloudOptions = {}): Promise<CloudServer> {
  await buildServer();
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'projects-cloud-')));
  if (options.database === undefined && options.fromNothing !== true) {
    await fillWithDatabase(dataDir, SERVER, folder =>
      runServerCommand('user', 'list', '--data', folder)
    );
  }
  const readyFile = join(await mkdtemp(join(tmpdir(), 'projects-ready-')), 'ready.json');
  const child = spawn(
    process.execPath,
    [
      SERVER,
      'serve',
      ...['--data', dataDir, '--port', String(options.port ?? 0), '--ready-file', readyFile],
      '--demo',
      ...(options.coreOnly ? ['--core-only'] : []),
      ...(options.args ?? [])
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environmentWith(options.database) }
  );
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ended = new Promise<void>(resolve =>
    child.once('exit', () => {
      process.off('exit', killAtExit);
      resolve();
    })
  );
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
    await rm(join(readyFile, '..'), { recursive: true, force: true });
  };
  try {
    const url = await readyUrl(readyFile, child, () => output);
    return {
      url,
      keys: JSON.parse(
        await readFile(join(dataDir, 'demo-keys.json'), 'utf8')
      ) as CloudServer['keys'],
      dataDir,
      process: child,
      output: () => output,
      async stop() {
        await end('SIGTERM');
        if (options.dataDir === undefined) {
          await rm(dataDir, { recursive: true, force: true });
        }
      },
      kill: () => end('SIGKILL')
    };
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}

/** Runs a command of `projects-server`; rejects where it fails. */
export async function runServerCommand(...args: string[]): Promise<string> {
  return runServerCommandOn(undefined, ...args);
}

/** The same, with a PostgreSQL server's database, as an URL. */
export async function runServerCommandOn(
  database: string | undefined,
  ...args: string[]
): Promise<string> {
  await buildServer();
  const { stdout } = await promisify(execFile)(process.execPath, [SERVER, ...args], {
    env: environmentWith(database)
  });
  return stdout;
}

/** What whoever runs the tests has there is not for them. */
function environmentWith(database: string | undefined): NodeJS.ProcessEnv {
  return { ...process.env, PROJECTS_DATABASE_URL: database ?? '' };
}

async function readyUrl(
  readyFile: string,
  child: ChildProcess,
  output: () => string
): Promise<string> {
  const deadline = Date.now() + START;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    try {
      const { url } = JSON.parse(await readFile(readyFile, 'utf8')) as { url: string };
      return url;
    } catch {
      await new Promise(resolve => setTimeout(resolve, 30));
    }
  }
  throw new Error(`The cloud did not start:\n${output()}`);
}

let building: Promise<void> | null = null;

/** Test files that run at once may build at once: each renames its own build into place. */
function buildServer(): Promise<void> {
  building ??= (async () => {
    const built = await changedAt(SERVER);
    const sources = await Promise.all(SOURCES.map(newestIn));
    if (built < Math.max(...sources)) {
      const fresh = join('dist', `fresh-${process.pid}.mjs`);
      const build = ['run', '--silent', 'build', '--workspace', 'server', '--'];
      await promisify(execFile)('npm', [...build, '--sourcemap=inline', `--outfile=${fresh}`]);
      await rename(join('server', fresh), SERVER);
    }
  })();
  return building;
}

/** ms since the epoch; 0 where there is nothing. */
async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

async function newestIn(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) {
    return changedAt(path);
  }
  const names = await readdir(path, { recursive: true });
  return Math.max(...(await Promise.all(names.map(name => changedAt(join(path, name))))));
}
