import type { Entry } from '../src/sync/entry';
import { stopReasonOf } from '../src/sync/guard';
import { stagesOf } from '../src/sync/order';
import { reconcile } from '../src/sync/reconcile';
import type { Policy } from '../src/sync/reconcile';

/** How long the planner takes for trees of growing size with 1 % changed; medians of several runs in one process. */
const SIZES = [10_000, 40_000, 160_000];
const RUNS = 7;
const FILES_A_FOLDER = 50;

function treeOf(size: number): Map<string, Entry> {
  const tree = new Map<string, Entry>();
  for (let index = 0; index < size; index++) {
    const folder = Math.floor(index / FILES_A_FOLDER);
    const parent = `group ${folder % 20}/folder ${folder}`;
    for (const path of [`group ${folder % 20}`, parent]) {
      tree.set(path, entryOf(null));
    }
    tree.set(`${parent}/file ${index}.txt`, entryOf(`content ${index}`));
  }
  return tree;
}

function entryOf(sha256: string | null): Entry {
  const kind = sha256 === null ? 'directory' : 'file';
  return { kind, size: 1, sha256, version: '1', id: null, seenAt: 0 };
}

/** Every hundredth file is changed, moved, deleted or new, by turns. */
function changed(tree: ReadonlyMap<string, Entry>, offset: number): Map<string, Entry> {
  const next = new Map(tree);
  let count = 0;
  for (const [path, entry] of tree) {
    if (entry.kind === 'directory' || (count++ + offset) % 100 !== 0) {
      continue;
    }
    const turn = Math.floor(count / 100) % 4;
    if (turn === 0) {
      next.set(path, entryOf(`${entry.sha256} changed`));
    } else if (turn === 1) {
      next.delete(path);
      next.set(`${path}.moved`, entry);
    } else if (turn === 2) {
      next.delete(path);
    } else {
      next.set(`${path}.new`, entryOf(`new ${path}`));
    }
  }
  return next;
}

const policy: Policy = {
  conflicts: () => 'keep-both',
  isUnknown: () => false,
  refuses: () => null
};

for (const size of SIZES) {
  const base = treeOf(size);
  const situation = { base, local: changed(base, 0), cloud: changed(base, 50) };
  const times: number[] = [];
  let steps = 0;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const plan = reconcile(situation, policy);
    stopReasonOf({ plan, situation, roots: { local: 'present', cloud: 'present' } });
    stagesOf(plan);
    times.push(performance.now() - start);
    steps = plan.steps.length;
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(RUNS / 2)] ?? 0;
  console.log(
    `${String(size).padStart(7)} files: ${median.toFixed(0).padStart(5)} ms (${((median / size) * 1000).toFixed(2)} µs a file; ${steps} steps)`
  );
}
