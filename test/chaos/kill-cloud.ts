import type { Random } from '../simulation/random';
import type { Passing, StrikeMoment } from '../support/fault-proxy';
import { KB, MB } from './bytes';
import type { RoundResult, Scenario } from './scenario';
import { onStage, proveOn, Stage } from './stage';
import { agreedTree, edit } from './tree';
import { Violation } from './violation';
import type { Work } from './work';

/** What the cloud is asked for when it is killed. */
const REQUESTS = {
  commit: ({ method, path }: Passing) => method === 'POST' && path.endsWith('/commits'),
  upload: ({ method, path }: Passing) =>
    (method === 'PUT' && path.includes('/uploads/')) ||
    (method === 'POST' && path.endsWith('/packs'))
} as const;

/** How long the cloud may work on a whole request before it is killed, in ms. */
const WORKS = 25;

/** The cloud is killed between the receipt of contents and the answer to their commit. */
export async function killCloud(folder: string): Promise<Scenario> {
  const stage = await Stage.start(folder);
  return onStage(stage, (random, name) => play(stage, random, name));
}

async function play(stage: Stage, random: Random, name: string): Promise<RoundResult> {
  const work = await stage.work(name, random);
  await agreedTree(work, random, () => stage.link(work));
  await edit(work, random);
  await manyNewFiles(work, random);
  const what = random.weighted({ commit: 3, upload: 1 });
  const moment = random.weighted({ begun: 1, sent: 3, answered: 2 });
  const pause = moment === 'sent' ? random.below(WORKS) : 0;
  const comesBack = random.chance(0.5);
  // Of commits there are few.
  const nth = 1 + random.below(2);
  const killed = killAt(stage, REQUESTS[what], moment, nth, async () => {
    await new Promise(done => setTimeout(done, pause));
    await stage.cloud.kill();
    if (comesBack) {
      // The page may still be asking.
      await stage.restartCloud();
    }
  });
  const running = stage.attempt(work);
  const struck = await Promise.race([killed, running.then(() => null)]);
  if (struck === null) {
    throw new Violation(`the sync made fewer than ${nth} requests of the kind ${what}`);
  }
  await struck.done;
  const vanishes = random.chance(0.3);
  await (vanishes ? stage.vanish(running) : running);
  stage.heal();
  if (random.chance(0.4)) {
    await work.here('f.bin', KB + random.below(60 * KB));
    await work.here('while it was away.bin', KB + random.below(60 * KB));
  }
  if (!comesBack) {
    await stage.restartCloud();
  }
  await stage.openPageAtNeed();
  const at = `killed when ${what} ${nth} was ${moment}${pause > 0 ? ` ${pause} ms ago` : ''}`;
  const then = `${comesBack ? ', back at once' : ''}${vanishes ? ', and the page closed' : ''}`;
  return { ...(await proveOn(stage, work)), hit: at + then };
}

async function manyNewFiles(work: Work, random: Random): Promise<void> {
  const count = 10 + random.below(40);
  for (let index = 0; index < count; index++) {
    await work.here(`many/${index % 5}/${index}.bin`, 1 + random.below(30 * KB));
  }
  for (let index = 0; index < 1 + random.below(3); index++) {
    await work.here(`big ${index}.bin`, MB + random.below(5 * MB));
  }
}

/** Resolves as the n-th request of the kind is hit, with when all that was done about it is done. */
function killAt(
  stage: Stage,
  isMeant: (passing: Passing) => boolean,
  moment: StrikeMoment,
  nth: number,
  kill: () => Promise<void>
): Promise<{ readonly done: Promise<void> }> {
  return new Promise(resolve => {
    let count = 0;
    stage.cloudProxy.faultFor = passing => {
      if (!isMeant(passing) || (count += 1) !== nth) {
        return { kind: 'none' };
      }
      return {
        kind: 'strike',
        moment,
        strike: () => {
          const done = kill();
          resolve({ done });
          return done;
        }
      };
    };
  });
}
