import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const LAST = /^runs=(\d+) violations=(\d+) seeds_failed=\[([\d,]*)\]$/;

/**
 * Plays the seeds in several processes at once, each a run of its own without a gap between them, and prints what they say.
 *
 * @returns how many were played, and the seeds that failed, in order
 */
export async function simulateInJobs({ script, jobs, runs, seed, args, print }) {
  const parts = Array.from({ length: jobs }, (_, index) => {
    const from = Math.floor((index * runs) / jobs);
    return { seed: seed + from, runs: Math.floor(((index + 1) * runs) / jobs) - from };
  });
  const played = await Promise.all(
    parts
      .filter(part => part.runs > 0)
      .map(part =>
        play(script, ['--seed', `${part.seed}`, '--runs', `${part.runs}`, ...args], print)
      )
  );
  return {
    runs: played.reduce((sum, each) => sum + each.runs, 0),
    failed: played.flatMap(each => each.failed).sort((a, b) => a - b)
  };
}

/** One process's part. */
async function play(script, args, print) {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  let last = null;
  for await (const line of createInterface({ input: child.stdout })) {
    last = LAST.exec(line);
    if (!last) {
      print(line);
    }
  }
  const code = await ended;
  if (!last) {
    throw new Error(`a job (${args.join(' ')}) ended early, with ${code}`);
  }
  const [, runs, , failed] = last;
  return { runs: Number(runs), failed: failed === '' ? [] : failed.split(',').map(Number) };
}
