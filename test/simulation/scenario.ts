import { hashOfText } from '../property/support/trees';
import type { ConflictPolicy } from '../../src/sync/reconcile';
import { Random } from './random';
import type { Fault } from './world';

/** Who acts: the person at a device, or somebody in the cloud. */
export type Who = 'd0' | 'd1' | 'cloud';

/** What a person does. A number for a path picks one of those that are there. */
export type Act =
  | {
      readonly act: 'write';
      readonly who: Who;
      readonly path: string | number;
      readonly text: string;
    }
  | { readonly act: 'remove'; readonly who: Who; readonly path: string | number }
  | { readonly act: 'mkdir'; readonly who: Who; readonly path: string }
  | {
      readonly act: 'rename';
      readonly who: Who;
      readonly path: string | number;
      readonly to: string;
    }
  | { readonly act: 'swap'; readonly who: Who; readonly path: string | number; readonly to: number }
  /** A file becomes a folder, or a folder a file. */
  | {
      readonly act: 'turn';
      readonly who: Who;
      readonly path: string | number;
      readonly text: string;
    };

/** Some offline work, then runs of some devices at once, disturbed while they go on. */
export interface Episode {
  readonly before: readonly Act[];
  readonly runs: readonly number[];
  /** `at`: how many requests the episode has served by then. */
  readonly during: readonly { readonly at: number; readonly act: Act }[];
  readonly faults: readonly { readonly at: number; readonly fault: Fault }[];
  /** Nothing new fits on the disks, and the cloud takes no content, all the time. */
  readonly tight?: boolean;
}

/** All that a simulated run is made of: the same scenario always goes the same way. */
export interface Scenario {
  readonly seed: number;
  readonly devices: 1 | 2;
  readonly policy: ConflictPolicy;
  readonly hashes: boolean;
  readonly raw: boolean;
  readonly reversed: boolean;
  readonly trash: boolean;
  /** Ms. */
  readonly granularity: number;
  readonly pageSize: number;
  /** Ms, of each device's Jupyter server. */
  readonly skews: readonly number[];
  /** A path that the first device's server can't touch. */
  readonly cursed: string | null;
  readonly word: 'approve' | 'restore';
  readonly episodes: readonly Episode[];
}

const PATHS = [
  'a.txt',
  'b.txt',
  'c',
  'd',
  'd/a.txt',
  'd/e',
  'd/e/f.txt',
  'g/h.txt',
  'g',
  `a (conflict ${hashOfText('p1').slice(0, 8)}).txt`,
  '.hidden',
  'd/__pycache__/m.pyc',
  'b.txt~'
];
const USUAL = PATHS.slice(0, 9);
const MANY = Array.from({ length: 12 }, (_, index) => `m/${index}.txt`);

export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed);
  const devices = random.chance(0.6) ? 2 : 1;
  const makes = new Maker(random, devices);
  const isLarge = random.chance(0.1);
  const first: Act[] = [];
  if (random.chance(0.8)) {
    const who = makes.who();
    const count = 2 + random.below(6);
    for (let index = 0; index < count; index += 1) {
      first.push({ act: 'write', who, path: random.pick(USUAL), text: makes.text() });
    }
    if (isLarge) {
      MANY.forEach(path => first.push({ act: 'write', who, path, text: makes.text() }));
    }
  }
  const episodes: Episode[] = [
    { before: first, runs: devices === 2 ? [0, 1] : [0], during: [], faults: [] },
    ...Array.from({ length: 1 + random.below(4) }, () => makes.episode())
  ];
  const granularity = random.pick([1, 10, 1000, 1000]);
  return {
    seed,
    devices,
    policy: 'keep-both',
    hashes: random.chance(0.75),
    raw: random.chance(0.6),
    reversed: random.chance(0.3),
    trash: random.chance(0.7),
    granularity,
    pageSize: random.pick([2, 3, 1000]),
    skews: [0, 1].map(() => (random.chance(0.3) ? (random.below(7) - 3) * 1_800_000 : 0)),
    cursed: random.chance(0.04) ? random.pick(['a.txt', 'd/a.txt', 'b.txt']) : null,
    word: random.chance(0.6) ? 'approve' : 'restore',
    episodes: episodes.map(episode =>
      without(episode, [
        ...(granularity === 1000 ? ['clock' as const] : []),
        ...(episode.tight ? ['crash' as const] : [])
      ])
    )
  };
}

/**
 * Without faults that would show known limits: a clock that jumps between two writes of one coarse tick hides the second;
 * a write of a page that is gone, cut short by a full disk under the next page's eyes, looks like an edit.
 */
function without(episode: Episode, kinds: readonly Fault['kind'][]): Episode {
  return { ...episode, faults: episode.faults.filter(({ fault }) => !kinds.includes(fault.kind)) };
}

class Maker {
  constructor(random: Random, devices: 1 | 2) {
    this.#random = random;
    this.#devices = devices;
    this.#calm = random.chance(0.15);
  }

  who(): Who {
    return this.#random.pick(this.#devices === 2 ? ['d0', 'd1', 'cloud'] : ['d0', 'cloud']);
  }

  text(): string {
    const random = this.#random;
    if (random.chance(0.25)) {
      return `p${1 + random.below(3)}`;
    }
    this.#texts += 1;
    return `w${this.#texts}${'-'.repeat(random.below(3) * 4)}`;
  }

  path(): string | number {
    const random = this.#random;
    if (random.chance(0.35)) {
      return random.below(1000);
    }
    return random.chance(0.9) ? random.pick(USUAL) : random.pick(PATHS);
  }

  act(): Act {
    const random = this.#random;
    const who = this.who();
    const kind = random.weighted({ write: 10, remove: 4, rename: 3, mkdir: 1, swap: 1, turn: 1 });
    switch (kind) {
      case 'write':
      case 'turn':
        return { act: kind, who, path: this.path(), text: this.text() };
      case 'remove':
        return { act: kind, who, path: this.path() };
      case 'mkdir':
        return { act: kind, who, path: random.pick(USUAL) };
      case 'rename':
        return { act: kind, who, path: this.path(), to: random.pick(PATHS) };
      case 'swap':
        return { act: kind, who, path: this.path(), to: random.below(1000) };
    }
  }

  episode(): Episode {
    const random = this.#random;
    const many = (share: number, most: number) =>
      random.chance(share) ? 1 + random.below(most) : 0;
    const at = () => random.below(random.pick([15, 40, 120]));
    const runs = this.#devices === 1 ? [0] : random.pick([[0], [1], [0, 1], [1, 0]]);
    const before = Array.from({ length: many(0.9, 5) }, () => this.act());
    const during = Array.from({ length: many(0.5, 4) }, () => ({ at: at(), act: this.act() }));
    const last = before[before.length - 1];
    if (last?.act === 'write' && random.chance(0.4)) {
      // Once more, just after it was looked at: perhaps in the same tick of the clock.
      const text = this.#twinOf(last.text);
      during.push({ at: 2 + random.below(20), act: { ...last, text } });
    }
    return {
      before,
      runs,
      during,
      ...(random.chance(0.08) && { tight: true }),
      faults: this.#calm
        ? []
        : Array.from({ length: many(0.7, 3) }, () => ({ at: at(), fault: this.fault() }))
    };
  }

  /** Another text of the same length. */
  #twinOf(text: string): string {
    this.#twins += 1;
    return `${this.#twins}`.padStart(2, 't').padEnd(text.length, '-').slice(0, text.length);
  }

  fault(): Fault {
    const random = this.#random;
    const kind = random.weighted({
      'lost-request': 2,
      'lost-answer': 4,
      status: 4,
      silence: 1,
      cut: 2,
      'short-page': 2,
      crash: 6,
      kill: 4,
      'disk-full': 2,
      clock: 2
    });
    switch (kind) {
      case 'status':
        return { kind, status: random.pick([401, 403, 429, 500, 502, 503, 504]) };
      case 'cut':
        return { kind, told: random.chance(0.5) };
      case 'crash':
        return { kind, after: random.chance(0.5) };
      case 'disk-full':
        return { kind, requests: 1 + random.below(4) };
      case 'clock':
        return { kind, shift: (random.below(9) - 4) * 1_000_000 };
      default:
        return { kind };
    }
  }

  readonly #random: Random;
  readonly #devices: 1 | 2;
  readonly #calm: boolean;
  #texts = 0;
  #twins = 0;
}
