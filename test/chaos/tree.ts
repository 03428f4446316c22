import type { SyncReport } from '../../src/tokens';
import type { Random } from '../simulation/random';
import { KB } from './bytes';
import { Violation } from './violation';
import { told } from './proof';
import type { Work } from './work';

/** Files that nobody touches: where all of a folder changed, a sync would ask. */
const QUIET = 8;

/** Files that people will edit, move and delete. */
export const BUSY = ['a.bin', 'b.bin', 'c/d.bin', 'c/e.bin', 'f.bin', 'g h.bin'] as const;

/** A project that both sides hold, and agree on. */
export async function agreedTree(
  work: Work,
  random: Random,
  link: () => Promise<SyncReport>,
  more: { readonly [path: string]: number } = {}
): Promise<void> {
  const quiet = Array.from({ length: QUIET }, (_, index) => `quiet/${index}.bin`);
  for (const path of [...quiet, ...BUSY]) {
    const size = KB + random.below(20 * KB);
    await (random.chance(0.5) ? work.here(path, size) : work.there(path, size));
  }
  for (const [path, size] of Object.entries(more)) {
    await work.here(path, size);
  }
  const report = await link();
  if (report.state !== 'synced') {
    throw new Violation(`the first sync: ${told(report)}`);
  }
  work.agreed();
}

/** A few edits, creations, moves and deletions on both sides, conflicts among them. */
export async function edit(work: Work, random: Random): Promise<void> {
  const size = () => KB + random.below(60 * KB);
  const [first, second, third, fourth] = shuffled(BUSY, random);
  await work.here(first, size());
  if (random.chance(0.5)) {
    await work.there(first, size());
  }
  await work.there(second, size());
  if (random.chance(0.5)) {
    await work.renameHere(third, `moved/${third}`);
  } else {
    await work.removeHere(third);
  }
  if (random.chance(0.5)) {
    await work.raw.remove(fourth);
  } else {
    await work.there(fourth, size());
    await work.removeHere(fourth);
  }
  await work.here(`new here ${random.below(1e6)}.bin`, size());
  await work.there(`new/there ${random.below(1e6)}.bin`, size());
}

type Four = readonly [string, string, string, string];

function shuffled(paths: readonly string[], random: Random): Four {
  const rest = [...paths];
  const take = () => rest.splice(random.below(rest.length), 1)[0] ?? '';
  return [take(), take(), take(), take()];
}
