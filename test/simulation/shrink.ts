import type { Episode, Scenario } from './scenario';

/** Scenarios that are a little smaller than this one. */
function* smaller(scenario: Scenario): Generator<Scenario> {
  const { episodes } = scenario;
  for (let index = 0; index < episodes.length; index += 1) {
    yield { ...scenario, episodes: episodes.filter((_, each) => each !== index) };
  }
  const replaced = (index: number, episode: Episode) => ({
    ...scenario,
    episodes: episodes.map((each, at) => (at === index ? episode : each))
  });
  for (const [index, episode] of episodes.entries()) {
    for (const list of ['faults', 'during', 'before'] as const) {
      const { length } = episode[list];
      for (let size = length; size >= 1; size = size >> 1) {
        for (let start = 0; start + size <= length; start += size) {
          const rest = [...episode[list]];
          rest.splice(start, size);
          yield replaced(index, { ...episode, [list]: rest });
        }
      }
    }
    if (episode.runs.length > 1) {
      for (const run of episode.runs) {
        yield replaced(index, { ...episode, runs: [run] });
      }
    }
    for (const [at, { device, tab, errand }] of episode.runs.entries()) {
      const simpler = [...(tab ? [{ device, errand }] : []), ...(errand ? [{ device, tab }] : [])];
      for (const going of simpler) {
        yield replaced(index, { ...episode, runs: episode.runs.with(at, going) });
      }
    }
  }
  if (scenario.devices === 2) {
    yield { ...scenario, devices: 1 };
  }
  const plain = {
    policy: 'keep-both',
    choice: 'keep-both',
    tabs: 'one',
    syncHidden: false,
    foldings: [],
    reversed: false,
    cursed: null,
    skews: [0, 0],
    granularity: 1,
    pageSize: 1000,
    trash: true,
    hashes: true,
    raw: true
  };
  for (const [key, value] of Object.entries(plain)) {
    if (JSON.stringify(Reflect.get(scenario, key)) !== JSON.stringify(value)) {
      yield { ...scenario, [key]: value };
    }
  }
}

/** The smallest scenario found that still fails, by taking away one thing after the other. */
export async function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => Promise<boolean>,
  tries = 600
): Promise<Scenario> {
  let smallest = scenario;
  let left = tries;
  for (let found = true; found && left > 0;) {
    found = false;
    for (const candidate of smaller(smallest)) {
      left -= 1;
      if (left <= 0) {
        break;
      }
      if (await fails(candidate)) {
        smallest = candidate;
        found = true;
        break;
      }
    }
  }
  return smallest;
}
