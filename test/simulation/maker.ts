import { hashOfText } from '../property/support/trees';
import type { Random } from './random';
import type { Act, Episode, Who } from './scenario';
import type { Fault } from './world';

export const PATHS = [
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
export const USUAL = PATHS.slice(0, 9);
export const MANY = Array.from({ length: 12 }, (_, index) => `m/${index}.txt`);

/** Makes what people do and what goes wrong, without a theme. */
export class Maker {
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
      runs: runs.map(device => ({ device })),
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
