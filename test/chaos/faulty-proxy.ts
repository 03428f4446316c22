import { setTimeout as delay } from 'node:timers/promises';

import type { Random } from '../simulation/random';
import type { Fault } from '../support/fault-proxy';
import { KB, MB } from './bytes';
import type { RoundResult, Scenario } from './scenario';
import { onStage, proveOn, Stage } from './stage';
import type { Attempt } from './stage';
import { agreedTree, edit } from './tree';

/** Ms. */
const LONGEST_DELAY = 300;

const FAULTS = {
  delay: 3,
  drop: 2,
  'cut-request': 2,
  'lose-answer': 3,
  'cut-answer': 2,
  'short-answer': 2
} as const;

/** What passes between the page and both servers is dropped, delayed and cut short. */
export async function faultyProxy(folder: string): Promise<Scenario> {
  const stage = await Stage.start(folder);
  return onStage(stage, (random, name) => play(stage, random, name));
}

async function play(stage: Stage, random: Random, name: string): Promise<RoundResult> {
  const work = await stage.work(name, random);
  await agreedTree(work, random, () => stage.link(work), { 'large.bin': 2 * MB });
  const faults = new Map<string, number>();
  const share = 0.02 + random.next() * 0.15;
  const ends: string[] = [];
  for (let run = 0; run < 3; run++) {
    await edit(work, random);
    await (random.chance(0.5)
      ? work.here('large.bin', MB + random.below(12 * MB))
      : work.there('large.bin', MB + random.below(12 * MB)));
    disturb(stage, random, share, faults);
    const running = stage.attempt(work);
    // A person goes on meanwhile, where nothing is written from the cloud.
    await delay(random.below(500));
    await work.here(`meanwhile ${run}.bin`, KB + random.below(60 * KB));
    await work.there(`meanwhile there ${run}.bin`, KB + random.below(60 * KB));
    if (random.chance(0.25)) {
      await stage.vanish(running);
      await stage.openPage();
      ends.push('the page closed');
    } else {
      ends.push(endOf(await running));
    }
    stage.heal();
  }
  const hit = [...faults].map(([kind, count]) => `${count} ${kind}`).join(', ');
  return { ...(await proveOn(stage, work)), hit: `${hit || 'nothing'}; ${ends.join(', ')}` };
}

function endOf(attempt: Attempt): string {
  return attempt instanceof Error ? `no sync (${attempt.message.slice(0, 60)})` : attempt.state;
}

function disturb(stage: Stage, random: Random, share: number, faults: Map<string, number>): void {
  const faultFor = (): Fault => {
    if (!random.chance(share)) {
      return { kind: 'none' };
    }
    const kind = random.weighted(FAULTS);
    faults.set(kind, (faults.get(kind) ?? 0) + 1);
    switch (kind) {
      case 'delay':
        return { kind, ms: random.below(LONGEST_DELAY) };
      case 'drop':
      case 'lose-answer':
        return { kind };
      default:
        return { kind, share: random.next() };
    }
  };
  stage.jupyterProxy.faultFor = faultFor;
  stage.cloudProxy.faultFor = faultFor;
}
