import type { SqlJsStatic } from 'sql.js';

import { isWithin } from '../../src/sync/path';
import type { Cloud } from './cloud';
import { Device } from './device';
import type { Scene } from './device';
import { FakeDisk } from './fake-disk';
import { People } from './people';
import { ROOT, STATE } from './places';
import { checkBase, checkContents, checkFolder } from './rest';
import type { Episode, Errand, Going, Scenario } from './scenario';
import { useWorld } from './use-world';
import { Violation } from './violation';
import type { Script } from './world';
import { World } from './world';
import { Writings } from './writings';

/** Rounds of runs on all devices after which all must be settled; a person's word takes one more. */
const ROUNDS = 3;

/** So often people choose at most until no device asks any more. */
const MOST_CHOICES = 12;

export interface Outcome {
  readonly violation: Violation | null;
  readonly trace: readonly string[];
  /** Requests that were served. */
  readonly served: number;
}

export type MakeCloud = (world: World, scenario: Scenario) => Promise<Cloud>;

/** Plays a scenario to its end, and then checks the invariants. */
export async function play(
  scenario: Scenario,
  makeCloud: MakeCloud,
  sqlJs: SqlJsStatic | null
): Promise<Outcome> {
  const world = new World(scenario.seed);
  const restore = useWorld(world);
  try {
    const simulation = new Simulation(scenario, world, await makeCloud(world, scenario), sqlJs);
    await simulation.play();
    return { violation: null, trace: world.trace, served: world.served };
  } catch (error) {
    const violation =
      error instanceof Violation
        ? error
        : new Violation(
            'broken',
            error instanceof Error ? (error.stack ?? error.message) : String(error)
          );
    return { violation, trace: world.trace, served: world.served };
  } finally {
    restore();
  }
}

class Simulation {
  constructor(scenario: Scenario, world: World, cloud: Cloud, sqlJs: SqlJsStatic | null) {
    this.#scenario = scenario;
    this.#world = world;
    this.#cloud = cloud;
    const scene: Scene = { world, cloud, writings: this.#writings, sqlJs };
    for (let index = 0; index < scenario.devices; index += 1) {
      const disk = new FakeDisk(world, {
        granularity: scenario.granularity,
        trash: scenario.trash,
        allowed: [ROOT, STATE],
        folding: scenario.foldings[index] ?? null
      });
      disk.skew = scenario.skews[index] ?? 0;
      disk.makeFolder(ROOT);
      disk.cursed = index === 0 && scenario.cursed ? `${ROOT}/${scenario.cursed}` : null;
      this.#devices.push(new Device(`d${index}`, scene, disk, scenario));
    }
    this.#people = new People(world, this.#devices, cloud, this.#writings);
    world.afterPhase = () => this.#checkDestroyed();
  }

  async play(): Promise<void> {
    for (const episode of this.#scenario.episodes) {
      await this.#episode(episode);
    }
    await this.#comeToRest();
    await this.#checkRest();
  }

  async #episode(episode: Episode): Promise<void> {
    this.#world.log('-- episode');
    this.#world.now += 1000 + this.#world.random.below(600_000);
    for (const act of episode.before) {
      await this.#people.act(act);
      this.#world.now += this.#world.random.below(this.#world.random.chance(0.5) ? 200 : 5000);
    }
    const isTight = episode.tight === true;
    if (isTight) {
      await this.#world.drain();
    }
    this.#devices.forEach(({ disk }) => (disk.fullFor = isTight ? Infinity : disk.fullFor));
    this.#world.isCloudFull = isTight;
    await this.#world.drive(episode.runs.flatMap(this.#going), this.#script(episode));
    if (isTight) {
      // What a page that is gone began is cut short here, and not under the eyes of the next one: a known limit.
      await this.#world.drain();
    }
    this.#world.isCloudFull = false;
    this.#devices.forEach(({ disk }) => (disk.fullFor = isTight ? 0 : disk.fullFor));
  }

  readonly #going = ({ device: index, tab, errand }: Going): Promise<void>[] => {
    const device = this.#devices[index];
    return device
      ? [
          device.run(errand, tab).catch((error: unknown) => {
            this.#failure ??= error;
          })
        ]
      : [];
  };

  #script(episode: Episode): Script {
    const start = this.#world.served;
    const acts = [...episode.during].sort((a, b) => a.at - b.at);
    const faults = [...episode.faults].sort((a, b) => a.at - b.at);
    return {
      before: async count => {
        while (acts[0] && acts[0].at <= count - start) {
          await this.#people.act(acts.shift()!.act);
        }
      },
      faultFor: (count, request) => {
        const at = faults.findIndex(
          ({ at, fault, on = '' }) =>
            at <= count - start && request.label.startsWith(on) && request.suffers(fault)
        );
        return at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
      }
    };
  }

  /** The faults have stopped and nobody works: so often may each device run. */
  async #comeToRest(): Promise<void> {
    for (const device of this.#devices) {
      device.closeSecond();
      device.disk.fullFor = 0;
      device.disk.cursed = null;
      device.disk.bringBack(ROOT);
    }
    await this.#world.drain();
    await this.#settle();
    for (let times = 0; this.#isAnyAsked() && times <= MOST_CHOICES; times += 1) {
      if (times === MOST_CHOICES) {
        throw new Violation('ask', 'a conflict is asked about again and again');
      }
      for (const device of this.#devices) {
        await this.#runOne(device, this.#isAsking(device) ? this.#scenario.choice : 'sync');
      }
      await this.#settle();
    }
  }

  async #settle(): Promise<void> {
    let words = 3;
    for (let round = 1; round <= ROUNDS; round += 1) {
      this.#world.log(`-- rest ${round}`);
      for (const device of this.#devices) {
        this.#world.now += 10_000;
        await this.#runOne(device);
        while (device.last?.report.state === 'stopped' && words > 0) {
          words -= 1;
          this.#world.log(`   ${device.name}: the person's word: ${this.#scenario.word}`);
          await this.#runOne(device, this.#scenario.word);
          round = Math.min(round, 1);
        }
      }
    }
  }

  #isAsking({ last }: Device): boolean {
    return last?.report.conflicts.some(({ copy }) => copy === null) ?? false;
  }

  #isAnyAsked(): boolean {
    return this.#devices.some(device => this.#isAsking(device));
  }

  async #runOne(device: Device, errand: Errand = 'sync'): Promise<void> {
    const index = this.#devices.indexOf(device);
    await this.#world.drive(this.#going({ device: index, errand }));
    if (this.#failure) {
      throw this.#failure;
    }
  }

  /** What a request took away must be somewhere else by then. */
  async #checkDestroyed(): Promise<void> {
    if (this.#failure) {
      throw this.#failure;
    }
    for (const device of this.#devices) {
      for (const { path, text, file, since } of device.disk.destroyed.splice(0)) {
        if (!isWithin(path, ROOT) || !this.#writings.has(text)) {
          continue;
        }
        // No byte is lost of a file that a person emptied; and a crash leaves the same where a write was announced.
        if (text === '') {
          continue;
        }
        if (since !== null && file.writtenAt >= since) {
          continue;
        }
        const isKept =
          (await this.#cloud.keeps(text)) ||
          this.#devices.some(each => each.disk.holdsText(text, each === device ? path : null));
        if (!isKept) {
          throw new Violation('no-loss', `"${text}" at ${path} on ${device.name} was nowhere else`);
        }
      }
    }
  }

  async #checkRest(): Promise<void> {
    const all = await this.#cloud.tree();
    for (const device of this.#devices) {
      checkFolder(device, all);
      let failure: unknown = null;
      const check = checkBase(device, all).catch((error: unknown) => (failure = error));
      await this.#world.drive([check]);
      if (failure) {
        throw failure as Error;
      }
    }
    checkContents(all, this.#devices, this.#people, this.#writings);
    if (this.#devices.every(({ last }) => last?.report.state !== 'partial')) {
      await this.#checkIdle();
    }
  }

  /** One run may look again at what is young; the one after it costs the listings alone. */
  async #checkIdle(): Promise<void> {
    for (const device of this.#devices) {
      this.#world.log('-- idle');
      this.#world.now += 3_600_000;
      await this.#runOne(device);
      this.#world.now += 3_600_000;
      const { counts } = device.disk;
      const before = { ...counts };
      const traceFrom = this.#world.trace.length;
      await this.#runOne(device);
      const asked = this.#world.trace
        .slice(traceFrom)
        .filter(line => /^\d+ \S+ (GET|POST|PUT) /.test(line));
      if (counts.writes !== before.writes || counts.reads !== before.reads) {
        throw new Violation('idempotence', `${device.name} wrote or read though nothing changed`);
      }
      if (asked.some(line => !/GET \/(changes|files)\?/.test(line))) {
        throw new Violation('work-bound', `${device.name} asked the cloud ${asked.join('; ')}`);
      }
    }
  }

  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #cloud: Cloud;
  readonly #devices: Device[] = [];
  readonly #people: People;
  readonly #writings = new Writings();
  #failure: unknown = null;
}
