import { createHash } from 'node:crypto';

import type { SqlJsStatic } from 'sql.js';

import { hashOfText } from '../property/support/trees';
import { createIgnores } from '../../src/sync/ignore';
import { ancestorsOf, isWithin } from '../../src/sync/path';
import type { Problem } from '../../src/sync/problem';
import { takingsOf } from '../../src/sync/word';
import type { Word } from '../../src/sync/word';
import type { Cloud } from './cloud';
import { Device } from './device';
import { FakeDisk, isListed } from './fake-disk';
import { People } from './people';
import { ROOT, STATE } from './places';
import type { Episode, Scenario } from './scenario';
import { Violation } from './violation';
import type { Script } from './world';
import { World } from './world';

/** Problems that stay for as long as people leave the names that cause them. */
const EXCUSED = new Set<string>(['not-empty', 'not-visible']);

/** Rounds of runs on all devices after which all must be settled; a person's word takes one more. */
const ROUNDS = 3;

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
    for (let index = 0; index < scenario.devices; index += 1) {
      const disk = new FakeDisk(world, {
        granularity: scenario.granularity,
        trash: scenario.trash,
        allowed: [ROOT, STATE]
      });
      disk.skew = scenario.skews[index] ?? 0;
      disk.makeFolder(ROOT);
      disk.cursed = index === 0 && scenario.cursed ? `${ROOT}/${scenario.cursed}` : null;
      this.#devices.push(new Device(`d${index}`, world, disk, cloud, scenario, sqlJs));
    }
    this.#people = new People(world, this.#devices, cloud);
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
    const devices = episode.runs.flatMap(index => this.#devices[index] ?? []);
    const isTight = episode.tight === true;
    if (isTight) {
      await this.#world.drain();
    }
    this.#devices.forEach(({ disk }) => (disk.fullFor = isTight ? Infinity : disk.fullFor));
    this.#world.isCloudFull = isTight;
    await this.#world.drive(this.#runs(devices, new Map()), this.#script(episode));
    this.#world.isCloudFull = false;
    this.#devices.forEach(({ disk }) => (disk.fullFor = isTight ? 0 : disk.fullFor));
  }

  #runs(devices: readonly Device[], errands: ReadonlyMap<Device, { word?: Word }> = new Map()) {
    return devices.map(device =>
      device.run(errands.get(device)).catch((error: unknown) => {
        this.#failure ??= error;
      })
    );
  }

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
          ({ at, fault }) => at <= count - start && request.suffers(fault)
        );
        return at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
      }
    };
  }

  /** The faults have stopped and nobody works: so often may each device run. */
  async #comeToRest(): Promise<void> {
    for (const device of this.#devices) {
      device.disk.fullFor = 0;
      device.disk.cursed = null;
    }
    await this.#world.drain();
    let words = 3;
    for (let round = 1; round <= ROUNDS; round += 1) {
      this.#world.log(`-- rest ${round}`);
      for (const device of this.#devices) {
        this.#world.now += 10_000;
        await this.#runOne(device);
        while (device.last?.report.state === 'stopped' && words > 0) {
          words -= 1;
          this.#world.log(`   ${device.name}: the person's word: ${this.#scenario.word}`);
          await this.#runOne(device, { word: wordOf(device, this.#scenario.word) });
          round = Math.min(round, 1);
        }
      }
    }
  }

  async #runOne(device: Device, errand: { word?: Word } = {}): Promise<void> {
    await this.#world.drive(this.#runs([device], new Map([[device, errand]])));
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
        if (!isWithin(path, ROOT) || !this.#people.texts.has(text)) {
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
    const cloud = visibleTree(all);
    for (const device of this.#devices) {
      const { report } = device.last ?? {};
      if (!report || (report.state !== 'synced' && report.state !== 'conflicts')) {
        const why = report?.problems.map(each => `${each.path}: ${each.code}`).join(', ');
        const isExcused = report?.state === 'partial' && isExcusable(report.problems);
        if (!isExcused) {
          throw new Violation(
            'convergence',
            `${device.name} ends ${report?.state ?? 'nowhere'}: ${why}`
          );
        }
      }
      const local = visibleTree(device.disk.tree(ROOT));
      const unseen = [
        ...[...device.disk.tree(ROOT).keys()].filter(path => !local.has(path)),
        ...[...all.keys()].filter(path => !cloud.has(path))
      ];
      const stays = new Set(unseen.flatMap(ancestorsOf));
      report.problems.forEach(({ path }) => stays.add(path));
      differ(`the folder of ${device.name}`, local, cloud, stays);
      await this.#checkBase(device, local, stays);
    }
    this.#checkContents(cloud);
    if (this.#devices.every(({ last }) => last?.report.state !== 'partial')) {
      await this.#checkIdle();
    }
  }

  async #checkBase(
    device: Device,
    local: ReadonlyMap<string, string | null>,
    stays: ReadonlySet<string>
  ): Promise<void> {
    let found: Awaited<ReturnType<Device['memory']>> | null = null;
    await this.#world.drive([
      device.memory().then(memory => {
        found = memory;
      })
    ]);
    const memory = found as Awaited<ReturnType<Device['memory']>> | null;
    const base = new Map(
      [...(memory?.base ?? [])].map(([path, node]) => [path, node.sha256 ?? node.kind] as const)
    );
    const held = new Map(
      [...local].map(
        ([path, text]) => [path, text === null ? 'directory' : hashOfText(text)] as const
      )
    );
    differ(`the base of ${device.name}`, base, held, stays);
    if ((memory?.intents.length ?? 0) > 0 && stays.size === 0) {
      throw new Violation('intents', `${device.name} still has ${memory?.intents.length} intents`);
    }
  }

  /** Nothing but what people wrote, and no two copies of one content for one name. */
  #checkContents(cloud: ReadonlyMap<string, string | null>): void {
    const copies = new Map<string, string>();
    const isExcused =
      this.#people.touchedCopies || this.#devices.some(device => device.hadCopyTrouble);
    for (const [path, text] of cloud) {
      if (text === null) {
        continue;
      }
      const isTold = this.#devices.some(device => device.wasInterrupted);
      if (!this.#people.texts.has(text) && !(isTold && this.#isStart(text))) {
        throw new Violation('whole', `"${path}" holds "${text}", which nobody wrote`);
      }
      const [, stem = '', hex, end = ''] =
        /^(.*) \(conflict ([0-9a-f]{8})(?: \d+)?\)([^/]*)$/.exec(path) ?? [];
      const isNamedFor = hex !== undefined && hashOfText(text).startsWith(hex);
      if (hex !== undefined && !isNamedFor && !this.#people.touchedCopies && !isTold) {
        throw new Violation('conflict-name', `"${path}" holds "${text}"`);
      }
      if (isNamedFor) {
        const key = `${stem}${end} ${hex}`;
        const twin = copies.get(key);
        if (twin !== undefined && !isExcused) {
          throw new Violation('conflict-economy', `"${path}" and "${twin}" keep one content`);
        }
        copies.set(key, path);
      }
    }
  }

  #isStart(start: string): boolean {
    return [...this.#people.texts].some(text => text.startsWith(start));
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
  #failure: unknown = null;
}

/** A folder that holds what is ignored can't make room for a file: that stays so, and is told. */
function isExcusable(problems: readonly Problem[]): boolean {
  const full = new Set(problems.flatMap(({ code, path }) => (code === 'not-empty' ? [path] : [])));
  return problems.every(
    ({ code, path }) => EXCUSED.has(code) || (code === 'busy' && full.has(path))
  );
}

function wordOf(device: Device, kind: 'approve' | 'restore'): Word {
  const plan = device.last?.sight?.plan;
  return kind === 'approve' && plan ? { kind, takings: takingsOf(plan) } : { kind: 'restore' };
}

const ignores = createIgnores({ patterns: [], syncHidden: false });

/** What is neither ignored nor of a name that Jupyter hides. */
function visibleTree(tree: ReadonlyMap<string, string | null>): Map<string, string | null> {
  const isLeftOut = (path: string) =>
    path.split('/').some(name => !isListed(name)) ||
    ancestorsOf(path).some(above => ignores(above, 'directory')) ||
    ignores(path, tree.get(path) === null ? 'directory' : 'file');
  return new Map([...tree].filter(([path]) => !isLeftOut(path)));
}

function differ(
  what: string,
  found: ReadonlyMap<string, string | null>,
  wanted: ReadonlyMap<string, string | null>,
  except: ReadonlySet<string>
): void {
  for (const path of new Set([...found.keys(), ...wanted.keys()])) {
    if (found.get(path) !== wanted.get(path) && !except.has(path)) {
      const [has, lacks] = [found, wanted].map(tree => JSON.stringify(tree.get(path)));
      throw new Violation('convergence', `${what} has ${has} at "${path}", not ${lacks}`);
    }
  }
}

/** The world's time and timers in place of the process's own. */
function useWorld(world: World): () => void {
  const natives = {
    now: Date.now,
    elapsed: performance.now.bind(performance),
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    getRandomValues: crypto.getRandomValues.bind(crypto)
  };
  Date.now = () => world.now + world.pageSkew;
  performance.now = () => world.now;
  Object.assign(globalThis, { setTimeout: world.setTimeout, clearTimeout: world.clearTimeout });
  crypto.getRandomValues = array => {
    if (array instanceof Uint8Array) {
      array.forEach((_, index) => (array[index] = world.random.below(256)));
    }
    return array;
  };
  // The platform's own works beside the event loop, and ends when it likes.
  Object.defineProperty(crypto, 'subtle', {
    configurable: true,
    value: {
      digest: (_: string, bytes: Uint8Array<ArrayBuffer>) =>
        Promise.resolve(new Uint8Array(createHash('sha256').update(bytes).digest()).buffer)
    }
  });
  return () => {
    Reflect.deleteProperty(crypto, 'subtle');
    Date.now = natives.now;
    performance.now = natives.elapsed;
    Object.assign(globalThis, {
      setTimeout: natives.setTimeout,
      clearTimeout: natives.clearTimeout
    });
    crypto.getRandomValues = natives.getRandomValues;
  };
}
