import { Maker, MANY, USUAL } from './maker';
import { Random } from './random';
import type { Act, Episode, Scenario } from './scenario';
import { themed } from './themes';

/** Tells the stream of numbers that themes are made from, from the one that the rest is. */
const THEMES = 0x7e3e;

/** What a seed means. */
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
    {
      before: first,
      runs: devices === 2 ? [{ device: 0 }, { device: 1 }] : [{ device: 0 }],
      during: [],
      faults: []
    },
    ...Array.from({ length: 1 + random.below(4) }, () => makes.episode())
  ];
  const granularity = random.pick([1, 10, 1000, 1000]);
  const plain: Scenario = {
    seed,
    devices,
    policy: 'keep-both',
    choice: 'keep-both',
    syncHidden: false,
    tabs: 'one',
    hashes: random.chance(0.75),
    raw: random.chance(0.6),
    reversed: random.chance(0.3),
    trash: random.chance(0.7),
    granularity,
    pageSize: random.pick([2, 3, 1000]),
    skews: [0, 1].map(() => (random.chance(0.3) ? (random.below(7) - 3) * 1_800_000 : 0)),
    foldings: [],
    cursed: random.chance(0.04) ? random.pick(['a.txt', 'd/a.txt', 'b.txt']) : null,
    word: random.chance(0.6) ? 'approve' : 'restore',
    episodes
  };
  const scenario = themed(plain, new Random(seed ^ THEMES));
  return granularity === 1000
    ? { ...scenario, episodes: scenario.episodes.map(withSteadyClock) }
    : scenario;
}

/** A clock that jumps between two writes of one coarse tick hides the second: a known limit. */
function withSteadyClock(episode: Episode): Episode {
  return { ...episode, faults: episode.faults.filter(({ fault }) => fault.kind !== 'clock') };
}
