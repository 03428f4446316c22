import { Worker } from 'node:worker_threads';

import type { Random } from '../simulation/random';
import { KB, MB } from './bytes';
import type { RoundResult, Scenario } from './scenario';
import { onStage, proveOn, Stage } from './stage';
import { agreedTree, edit } from './tree';
import { Violation } from './violation';
import type { Work } from './work';

/** How often a round tries to hit the server within its write. */
const TRIES = 4;

const LARGE = 'large file.bin';

/** What the large write that is hit is. */
const WRITES = { 'a new file': 1, 'an overwrite': 1, 'a conflict': 1 } as const;

/** The Jupyter server is killed while it writes a large file that came from the cloud. */
export async function killJupyter(folder: string): Promise<Scenario> {
  const stage = await Stage.start(folder);
  return onStage(stage, (random, name) => new Round(stage, random).play(name));
}

class Round {
  constructor(
    readonly stage: Stage,
    readonly random: Random
  ) {}

  async play(name: string): Promise<RoundResult> {
    const { stage, random } = this;
    const work = await stage.work(name, random);
    const write = random.weighted(WRITES);
    const before = write === 'a new file' ? null : 64 * KB + random.below(4 * MB);
    await agreedTree(
      work,
      random,
      () => stage.link(work),
      before === null ? {} : { [LARGE]: before }
    );
    await edit(work, random);
    if (write === 'a conflict') {
      await work.here(LARGE, 64 * KB + random.below(4 * MB));
    }
    const hit = await this.#hit(work);
    const then = await this.#meanwhile(work);
    await stage.restartJupyter();
    await stage.openPageAtNeed();
    return { ...(await proveOn(stage, work)), hit: `${write}: ${hit}${then}` };
  }

  /** Syncs, and kills the server within the write; what it did not hit is tried again with another content. */
  async #hit(work: Work): Promise<string> {
    const { stage, random } = this;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      // Up to 8 MB go in one request, more in several.
      const size = random.chance(0.3)
        ? 4 * MB + random.below(4 * MB)
        : 9 * MB + random.below(21 * MB);
      await work.there(LARGE, size);
      const before = await work.sizeHere(LARGE);
      const killer = await Killer.watch({
        pid: stage.jupyter.process.pid ?? 0,
        file: `${work.folder}/${LARGE}`,
        before: before ?? 0,
        from: attempt === 1 ? Math.floor(size * random.next() * 0.7) : 0,
        below: size
      });
      const running = stage.attempt(work);
      const struck = await Promise.race([killer.struck, running.then(() => null)]);
      await killer.stop();
      if (struck !== null) {
        await stage.jupyter.kill();
        const left = await work.sizeHere(LARGE);
        if (random.chance(0.5)) {
          await stage.vanish(running);
          return `killed at ${left} of ${size} bytes, and the page closed`;
        }
        await running;
        return `killed at ${left} of ${size} bytes`;
      }
    }
    throw new Violation(`the server was not hit within its write in ${TRIES} syncs`);
  }

  /** People go on while the server is away. */
  async #meanwhile(work: Work): Promise<string> {
    const { random } = this;
    const does = random.weighted({ nothing: 2, edit: 1, remove: 1, elsewhere: 1, cloud: 1 });
    switch (does) {
      case 'nothing':
        return '';
      case 'edit':
        await work.here(LARGE, 1 + random.below(12 * MB));
        return '; a person wrote it meanwhile';
      case 'remove':
        await work.removeHere(LARGE);
        return '; a person deleted it meanwhile';
      case 'cloud':
        await work.there(LARGE, 1 + random.below(12 * MB));
        return '; the cloud has a newer one meanwhile';
      case 'elsewhere':
        await edit(work, random);
        return '; people worked elsewhere meanwhile';
    }
  }
}

interface Target {
  readonly pid: number;
  readonly file: string;
  /** The size it has before the write, in bytes. */
  readonly before: number;
  /** The process is killed once the size differs from `before`, is at least `from`, and is below `below`. */
  readonly from: number;
  readonly below: number;
}

/** Looks at a file's size all the time, in a thread of its own, and kills who writes it. */
class Killer {
  private constructor(worker: Worker) {
    this.#worker = worker;
    this.struck = new Promise((done, failed) => {
      worker.on('message', message => message === 'struck' && done('struck'));
      worker.once('error', failed);
    });
  }

  /** Resolves when it looks. */
  static async watch(target: Target): Promise<Killer> {
    const worker = new Worker(LOOK, { eval: true, workerData: target });
    const ready = new Promise(done => worker.once('message', done));
    const killer = new Killer(worker);
    await ready;
    return killer;
  }

  readonly struck: Promise<'struck'>;

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  readonly #worker: Worker;
}

/** Runs alone, in a worker. */
const LOOK = `
  const { statSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const { pid, file, before, from, below } = workerData;
  const nap = new Int32Array(new SharedArrayBuffer(4));
  parentPort.postMessage('ready');
  for (;;) {
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size !== undefined && size !== before && size >= from && size < below) {
      process.kill(pid, 'SIGKILL');
      parentPort.postMessage('struck');
      break;
    }
    Atomics.wait(nap, 0, 0, 0.1);
  }
`;
