import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** How long `npm start` may take when everything is built, in ms. */
const START = 120_000;

/** What the ready file of `npm start` says. */
export interface Addresses {
  /** url: the server's root with a closing slash; root: the folder it shows, absolute. */
  readonly lab: { readonly url: string; readonly token: string; readonly root: string };
  /** url: the API base, as `http://127.0.0.1:8787/api/projects`. */
  readonly cloud: {
    readonly url: string;
    readonly keys: { readonly alice: string; readonly bob: string };
  };
}

/** A JupyterLab and a cloud as `npm start` starts them, on folders and ports of their own. */
export interface Product extends Addresses {
  /** What the demo keeps; its `logs` tell what the servers said. */
  readonly data: string;
  /** Ends both, and forgets their folders. */
  stop(): Promise<void>;
}

/** @param args - further options of `npm start`. */
export async function startProduct(args: readonly string[] = []): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'projects-browser-'));
  const [root, data, readyFile] = [
    join(folder, 'root'),
    join(folder, 'data'),
    join(folder, 'ready')
  ];
  await mkdir(root);
  const output = join(folder, 'start.log');
  const log = await open(output, 'a');
  const child = spawn(
    process.execPath,
    [
      join(PROJECT, 'scripts/start.mjs'),
      ...['--no-browser', '--expose-app', '--port', '0', '--cloud-port', '0'],
      ...['--root', root, '--data', data, '--ready-file', readyFile],
      ...args
    ],
    { cwd: PROJECT, stdio: ['ignore', log.fd, log.fd] }
  );
  await log.close();
  let running = true;
  const ended = new Promise<void>((done, failed) => {
    child.once('error', failed);
    child.once('exit', () => {
      running = false;
      done();
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };

  const limit = Date.now() + START;
  while (!existsSync(readyFile)) {
    if (!running || Date.now() > limit) {
      const said = await readFile(output, 'utf8');
      await stop();
      throw new Error(`The product did not start:\n${said}`);
    }
    await delay(50);
  }
  const addresses = JSON.parse(await readFile(readyFile, 'utf8')) as Addresses;
  return { ...addresses, data, stop };
}
