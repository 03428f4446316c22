import { prepareDemo } from '../demo';
import { writePrivately } from '../data-folder';
import { defaultOptions } from '../options';
import { checkPort, listen } from '../serve';
import { createServer } from '../server';
import { Arguments } from './arguments';
import { STORE, describeStore, storeOf } from './store-arguments';

/** `serve`: runs until it is told to stop. Answers the exit code. */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const given = new Arguments(args, {
    ...STORE,
    host: { type: 'string' },
    port: { type: 'string' },
    'core-only': { type: 'boolean' },
    'allow-origin': { type: 'string', multiple: true },
    'part-size': { type: 'string' },
    'max-file-size': { type: 'string' },
    quota: { type: 'string' },
    'ready-file': { type: 'string' },
    demo: { type: 'boolean' }
  });
  given.words();
  const store = storeOf(given);
  const port = given.number('port', 0, 65535) ?? 8000;
  const host = given.text('host') ?? '127.0.0.1';
  await checkPort(host, port);
  const stopped = stopSignal();
  const server = await createServer({
    ...store,
    coreOnly: given.flag('core-only'),
    allowOrigins: given.list('allow-origin'),
    partSize: given.bytes('part-size') ?? defaultOptions.partSize,
    maxFileSize: given.bytes('max-file-size') ?? defaultOptions.maxFileSize,
    quota: given.bytes('quota') ?? null
  });
  try {
    if (given.flag('demo')) {
      await prepareDemo(server, store.data);
    }
    const listening = await listen(server, host, port);
    try {
      console.log(`Projects API at ${listening.url} (data in ${describeStore(store)})`);
      const readyFile = given.text('ready-file');
      if (readyFile !== undefined) {
        await writePrivately(readyFile, `${JSON.stringify({ url: listening.url })}\n`);
      }
      await stopped;
    } finally {
      await listening.stop();
    }
  } finally {
    await server.close();
  }
  return 0;
}

/** Resolves at Ctrl-C or a polite kill; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) {
          process.exit(1);
        }
        asked = true;
        resolve();
      });
    }
  });
}
