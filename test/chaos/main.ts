import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { Random } from '../simulation/random';
import { closeTab } from './close-tab';
import { faultyProxy } from './faulty-proxy';
import { fullDisk } from './full-disk';
import { killCloud } from './kill-cloud';
import { killJupyter } from './kill-jupyter';
import type { MakeScenario, Scenario } from './scenario';
import { Violation } from './violation';

const SCENARIOS: { readonly [name: string]: MakeScenario } = {
  'kill-jupyter': killJupyter,
  'kill-cloud': killCloud,
  'close-tab': closeTab,
  proxy: faultyProxy,
  'full-disk': fullDisk
};

interface Options {
  readonly seed: number;
  readonly rounds: number;
  /** After so many, no round begins; Infinity: until the rounds are done. */
  readonly minutes: number;
  readonly names: readonly string[];
  /** Where to say in JSON what was counted; null: nowhere. */
  readonly results: string | null;
}

interface Round {
  readonly name: string;
  readonly seed: number;
}

interface Tally {
  passed: number;
  skipped: number;
  readonly failed: string[];
}

/** Plays the scenarios, with a seed for each round. */
class Chaos {
  constructor(options: Options, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  readonly tally: Tally = { passed: 0, skipped: 0, failed: [] };

  async play(): Promise<void> {
    const { rounds, seed, names } = this.#options;
    const all = Array.from({ length: rounds }, (_, round) => ({
      name: names[round % names.length] ?? '',
      seed: seed + Math.floor(round / names.length)
    }));
    // The browser's rounds wait most of the time: the others can be played meanwhile.
    const lanes = [all.filter(isInBrowser), all.filter(round => !isInBrowser(round))];
    try {
      await Promise.all(lanes.map(lane => this.#playLane(lane)));
    } finally {
      for (const scenario of this.#open.values()) {
        await scenario.stop();
      }
    }
  }

  async #playLane(lane: readonly Round[]): Promise<void> {
    for (const round of lane) {
      if (!this.#isLate()) {
        await this.#round(round);
      }
    }
  }

  async #round({ name, seed }: Round): Promise<void> {
    const started = performance.now();
    const say = (text: string) =>
      print(
        `${name} seed=${seed}: ${text} (${((performance.now() - started) / 1000).toFixed(1)} s)`
      );
    try {
      const scenario = await this.#scenario(name);
      if (typeof scenario === 'string') {
        this.tally.skipped += 1;
        say(`skipped: ${scenario}`);
        return;
      }
      const { hit, runs, contents } = await scenario.play(
        new Random(seed),
        `round-${name}-${seed}`
      );
      this.tally.passed += 1;
      say(`${hit}; ${runs} ${runs === 1 ? 'run' : 'runs'}; ${contents} contents found`);
    } catch (error) {
      this.tally.failed.push(`${name}:${seed}`);
      const text = error instanceof Error ? error : new Error(String(error));
      say(text instanceof Violation ? `VIOLATION: ${text.message}` : `FAILED: ${text.stack}`);
      await this.#keep(name);
      print(`  again: npm run chaos -- --only ${name} --rounds 1 --seed ${seed}`);
    }
  }

  /** The servers that a round failed on are ended, and what they kept is left to be read. */
  async #keep(name: string): Promise<void> {
    this.#isKept = true;
    const scenario = this.#open.get(name);
    if (scenario) {
      this.#open.delete(name);
      print(`  all that its servers kept: ${scenario.folder}`);
      try {
        await scenario.saveLogs();
      } catch (error) {
        print(`  not all could be kept: ${String(error)}`);
      }
      await scenario.stop();
    }
  }

  /** Servers serve many rounds, until one fails. */
  async #scenario(name: string): Promise<Scenario | string> {
    const open = this.#open.get(name);
    if (open) {
      return open;
    }
    const make = SCENARIOS[name];
    if (!make) {
      throw new Error(`there is no scenario "${name}"`);
    }
    const made = await make(await mkdtemp(join(this.#folder, `${name}-`)));
    if (typeof made !== 'string') {
      this.#open.set(name, made);
    }
    return made;
  }

  /** Whether something is left to be read. */
  get isKept(): boolean {
    return this.#isKept;
  }

  #isLate(): boolean {
    return performance.now() > this.#options.minutes * 60_000;
  }

  readonly #options: Options;
  readonly #folder: string;
  readonly #open = new Map<string, Scenario>();
  #isKept = false;
}

function isInBrowser({ name }: Round): boolean {
  return name === 'close-tab';
}

function optionsOf(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      only: { type: 'string' },
      short: { type: 'boolean', default: false },
      results: { type: 'string' }
    }
  });
  const number = (name: 'seed' | 'rounds' | 'minutes', otherwise: number) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (Number.isNaN(value) || value < 0) {
      throw new Error(`--${name} takes a number`);
    }
    return value;
  };
  const names = values.only?.split(',') ?? Object.keys(SCENARIOS);
  const unknown = names.find(name => !(name in SCENARIOS));
  if (unknown !== undefined) {
    throw new Error(`--only takes some of ${Object.keys(SCENARIOS).join(', ')}`);
  }
  return {
    seed: number('seed', 1),
    rounds: number('rounds', names.length * (values.short ? 1 : 10)),
    minutes: number('minutes', Infinity),
    names,
    results: values.results ?? null
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const options = optionsOf(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), 'projects-chaos-'));
// What libraries write to the console would bury the results.
for (const name of ['log', 'warn', 'error', 'info', 'debug'] as const) {
  console[name] = (...words: unknown[]) =>
    appendFileSync(join(folder, 'console.log'), `${words.join(' ')}\n`);
}
const chaos = new Chaos(options, folder);
await chaos.play();
const { passed, failed, skipped } = chaos.tally;
if (options.results !== null) {
  await mkdir(dirname(options.results), { recursive: true });
  await writeFile(options.results, JSON.stringify({ passed, failed: failed.length, skipped }));
}
if (!chaos.isKept) {
  await rm(folder, { recursive: true, force: true });
}
print(
  `rounds=${passed + failed.length} ${skipped > 0 ? `skipped=${skipped} ` : ''}violations=${failed.length} failed=[${failed.join(',')}]`
);
process.exit(failed.length > 0 ? 1 : 0);
