import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Random } from '../simulation/random';
import { fill, mounting } from '../support/mounted-disk';
import { KB, MB } from './bytes';
import type { RoundResult, Scenario } from './scenario';
import { onStage, proveOn, Stage } from './stage';
import type { Attempt } from './stage';
import { told } from './proof';
import { agreedTree, edit } from './tree';
import { Violation } from './violation';
import type { Work } from './work';

/** Of the disk that the Jupyter root is on, in MB. */
const DISK = 20;

/** Bytes of room while it is full: for nothing, for less than the state, for some of the files. */
const ROOMS = [0, 8 * KB, 64 * KB, 512 * KB, 2 * MB] as const;

/** The Jupyter root is a small disk that runs full. */
export async function fullDisk(folder: string): Promise<Scenario | string> {
  const root = join(folder, 'root');
  await mkdir(root);
  const wrapper = await mounting(root, DISK);
  if (wrapper === null) {
    return 'no rights to mount a disk';
  }
  const stage = await Stage.start(folder, wrapper);
  return onStage(stage, (random, name) => play(stage, random, name));
}

async function play(stage: Stage, random: Random, name: string): Promise<RoundResult> {
  const work = await stage.work(name, random);
  const filler = join(stage.root, 'filler.bin');
  try {
    await agreedTree(work, random, () => stage.link(work), { 'large.bin': MB });
    await edit(work, random);
    await work.there('large.bin', MB + random.below(2 * MB));
    await work.there('another large.bin', 2 * MB + random.below(2 * MB));
    const room = random.pick(ROOMS);
    await fill(filler, room);
    const ends = [await stage.attempt(work)];
    await writesWherePossible(work, random);
    if (random.chance(0.3)) {
      await stage.vanish(Promise.resolve());
      await stage.openPage();
    }
    ends.push(await stage.attempt(work));
    if (!ends.some(isFull)) {
      throw new Violation(`nobody noticed that the disk is full: ${ends.map(endOf).join(' | ')}`);
    }
    await rm(filler);
    const proven = await proveOn(stage, work);
    // The next round has the same disk.
    await Promise.all([work.folder, join(stage.root, `.Trash-${process.getuid?.()}`)].map(forget));
    return { ...proven, hit: `full but for ${room / KB} KB; ${ends.map(endOf).join(', ')}` };
  } finally {
    await forget(filler);
  }
}

function forget(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** A person's own writes fail too on a full disk; what was written is written. */
async function writesWherePossible(work: Work, random: Random): Promise<void> {
  try {
    await work.here('while it was full.bin', KB + random.below(20 * KB));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) {
      throw error;
    }
  }
}

function isFull(attempt: Attempt): boolean {
  return /disk|space/i.test(attempt instanceof Error ? attempt.message : told(attempt));
}

function endOf(attempt: Attempt): string {
  return attempt instanceof Error ? attempt.message : attempt.state;
}
