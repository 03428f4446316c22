import { setMaxListeners } from 'node:events';

import initSqlJs from 'sql.js';

import { MemoryCloud } from './memory-cloud';
import { startRealClouds } from './real-cloud';
import { REGRESSIONS } from './regressions';
import type { Scenario } from './scenario';
import { scenarioOf } from './scenario-of';
import { shrink } from './shrink';
import type { MakeCloud, Outcome } from './simulation';
import { play } from './simulation';

export interface Options {
  readonly runs: number;
  /** Only what failed once, instead of the seeds from `seed` on. */
  readonly regressions?: boolean;
  readonly seed: number;
  /** Stop after so many minutes; null: when the runs are done. */
  readonly minutes: number | null;
  /** Which cloud: `mixed` takes the real one for every fortieth seed. */
  readonly cloud: 'memory' | 'real' | 'mixed';
  /** What the state is kept in: `mixed` takes the database for every twentieth seed. */
  readonly state: 'quick' | 'real' | 'mixed';
  /** Stop at the first violation. */
  readonly bail: boolean;
  readonly shrink: boolean;
  readonly print: (line: string) => void;
}

export interface Summary {
  readonly runs: number;
  readonly violations: number;
  readonly failed: readonly number[];
  /** Ms. */
  readonly took: number;
}

// A run has as many requests under way, each of which hears when it is cancelled.
setMaxListeners(200);

/** Plays the scenarios of seeds one after the other, and prints what fails. */
export async function simulate(options: Options): Promise<Summary> {
  const sqlJs = await initSqlJs();
  const real = options.cloud === 'memory' ? null : await startRealClouds();
  const inMemory: MakeCloud = (world, { pageSize }) =>
    Promise.resolve(
      new MemoryCloud({
        pageSize,
        now: () => world.now,
        id: () => uuid(() => world.random.below(256))
      })
    );
  const started = performance.now();
  const failed: number[] = [];
  let runs = 0;
  try {
    const scenarios = options.regressions ? REGRESSIONS : null;
    for (; runs < (scenarios?.length ?? options.runs); runs += 1) {
      if (options.minutes !== null && performance.now() - started > options.minutes * 60_000) {
        break;
      }
      const scenario = scenarios?.[runs] ?? scenarioOf(options.seed + runs);
      const { seed } = scenario;
      const makeCloud = real && isIn(options.cloud, seed, 40) ? real.make : inMemory;
      const database = isIn(options.state, seed, 20) ? sqlJs : null;
      const outcome = await play(scenario, makeCloud, database);
      if (outcome.violation) {
        failed.push(seed);
        if (!options.shrink) {
          options.print(`seed ${seed} fails: ${outcome.violation.message.split('\n')[0]}`);
        } else {
          await explain(
            scenario,
            outcome,
            candidate => play(candidate, makeCloud, database),
            options
          );
        }
        if (options.bail) {
          runs += 1;
          break;
        }
      }
      if (runs % 500 === 499) {
        const rate = ((runs + 1) * 1000) / (performance.now() - started);
        options.print(
          `${runs + 1} runs, ${failed.length} violations, ${rate.toFixed(0)} runs a second`
        );
      }
    }
  } finally {
    await real?.close();
  }
  return { runs, violations: failed.length, failed, took: performance.now() - started };
}

function isIn(choice: 'memory' | 'quick' | 'real' | 'mixed', seed: number, each: number): boolean {
  return choice === 'real' || (choice === 'mixed' && seed % each === 0);
}

async function explain(
  scenario: Scenario,
  outcome: Outcome,
  again: (scenario: Scenario) => Promise<Outcome>,
  { print }: Options
): Promise<void> {
  const { invariant = '' } = outcome.violation ?? {};
  print(`seed ${scenario.seed} fails: ${outcome.violation?.message}`);
  const smallest = await shrink(
    scenario,
    async candidate => (await again(candidate)).violation?.invariant === invariant
  );
  const { trace, violation } = await again(smallest);
  print(`shrunk: ${JSON.stringify(smallest)}`);
  trace.forEach(line => print(`  ${line}`));
  print(`  => ${violation?.message ?? 'it did not fail again'}`);
}

/** One scenario, for tests of the simulation itself: what it did, line by line. */
export async function traceOf(seed: number): Promise<Outcome> {
  const sqlJs = await initSqlJs();
  return play(
    scenarioOf(seed),
    (world, { pageSize }) =>
      Promise.resolve(
        new MemoryCloud({
          pageSize,
          now: () => world.now,
          id: () => uuid(() => world.random.below(256))
        })
      ),
    sqlJs
  );
}

function uuid(byte: () => number): string {
  const hex = Array.from({ length: 16 }, () => byte().toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
