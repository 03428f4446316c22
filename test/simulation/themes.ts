import { PATHS, USUAL } from './maker';
import type { Edit } from './documents';
import { documentOf } from './documents';
import type { Random } from './random';
import type { Act, Episode, Errand, Going, Scenario, Trouble, Who } from './scenario';
import type { Fault } from './world';

/** What a scenario is about, beside what all are. */
const WEIGHTS = {
  merge: 3,
  ask: 3,
  choices: 3,
  'one-way': 2,
  tabs: 4,
  root: 3,
  hidden: 1,
  squat: 3,
  words: 2,
  verify: 1,
  names: 4
};
type Theme = keyof typeof WEIGHTS;

const DOCUMENTS = ['doc.md', 'd/n.ipynb', 'n.ipynb'];
const SPELLINGS = [
  'a.txt',
  'A.txt',
  'a.TXT',
  'd/a.txt',
  'd/A.txt',
  'D/a.txt',
  'D',
  'd/E/f.txt',
  '\u00e9',
  'e\u0301',
  'd/\u00e9',
  'd/e\u0301'
];
const CHOICES: readonly Errand[] = ['keep-local', 'keep-cloud', 'keep-both'];

/** Every other scenario gets a theme or two; the rest stay as they are. */
export function themed(scenario: Scenario, random: Random): Scenario {
  if (random.chance(0.5)) {
    return scenario;
  }
  const themes = new Set<Theme>([random.weighted(WEIGHTS)]);
  if (random.chance(0.35)) {
    themes.add(random.weighted(WEIGHTS));
  }
  const maker = new ThemeMaker(scenario, random);
  return [...themes].reduce<Scenario>((made, theme) => maker.with(theme, made), {
    ...scenario,
    episodes: scenario.episodes.map(episode => maker.aimed(episode))
  });
}

class ThemeMaker {
  constructor({ devices, episodes }: Scenario, random: Random) {
    this.#random = random;
    this.#people = devices === 2 ? ['d0', 'd1', 'cloud'] : ['d0', 'cloud'];
    this.#isCalm = episodes.every(({ faults }) => faults.length === 0);
  }

  with(theme: Theme, scenario: Scenario): Scenario {
    const random = this.#random;
    const later = (change: (episode: Episode) => Episode): Scenario => {
      const [first, ...rest] = scenario.episodes;
      return { ...scenario, episodes: [...(first ? [first] : []), ...rest.map(change)] };
    };
    switch (theme) {
      case 'merge':
        return {
          ...this.#withDocuments(later(episode => this.#editing(episode))),
          policy: 'merge'
        };
      case 'ask': {
        const clashing = later(episode => this.#choosing(this.#clashing(episode), 0.2));
        return { ...clashing, policy: 'ask', choice: random.pick(CHOICES) as Scenario['choice'] };
      }
      case 'choices':
        return later(episode => this.#choosing(this.#clashing(episode), 0.6));
      case 'one-way':
        return later(episode => this.#sent(episode, ['pull', 'push'], 0.6));
      case 'verify':
        return later(episode => this.#sent(episode, ['verify'], 0.6));
      case 'tabs':
        return {
          ...later(episode => this.#tabbed(episode)),
          tabs: random.chance(0.35) ? 'turns' : 'at-once'
        };
      case 'root': {
        const made = later(episode =>
          this.#sent(this.#unrooted(episode), ['approve', 'restore'], 0.15)
        );
        return random.chance(0.4) ? this.#withOneFile(made) : made;
      }
      case 'hidden':
        return {
          ...later(episode => this.#withActs(episode, () => this.#hiddenAct())),
          syncHidden: true
        };
      case 'names':
        return {
          ...later(episode => this.#withActs(episode, () => this.#naming(), 5)),
          foldings: [0, 1].map(() =>
            random.chance(0.65) ? { case: true, unicode: random.chance(0.5) } : null
          )
        };
      case 'squat':
        return later(episode => this.#clashing(episode, true));
      case 'words':
        return later(episode =>
          this.#sent(
            this.#withActs(episode, () => this.#removal()),
            ['approve', 'restore'],
            0.4
          )
        );
    }
  }

  /** With a fault at a request of some kind. */
  aimed(episode: Episode): Episode {
    if (this.#isCalm || !this.#random.chance(0.35)) {
      return episode;
    }
    const random = this.#random;
    const on = random.pick([
      'put work',
      'put state',
      'POST /commits',
      'PUT /storage',
      'delete',
      'rename'
    ]);
    const faults: Fault[] = [
      { kind: 'crash', after: random.chance(0.5) },
      { kind: 'lost-answer' },
      { kind: 'lost-request' },
      { kind: 'status', status: random.pick([429, 500, 503]) },
      ...(on.startsWith('put') ? [{ kind: 'kill' } as const] : [])
    ];
    const trouble: Trouble = { at: random.below(25), fault: random.pick(faults), on };
    return { ...episode, faults: [...episode.faults, trouble] };
  }

  #withDocuments(scenario: Scenario): Scenario {
    const [first, ...rest] = scenario.episodes;
    if (!first) {
      return scenario;
    }
    const who = this.#random.pick(this.#people);
    const made = DOCUMENTS.map((path): Act => {
      const pieces = Array.from({ length: 3 + this.#random.below(6) }, () => this.#piece());
      return { act: 'write', who, path, text: documentOf(path, pieces) };
    });
    return { ...scenario, episodes: [{ ...first, before: [...first.before, ...made] }, ...rest] };
  }

  #editing(episode: Episode): Episode {
    return this.#withActs(episode, () => this.#edit(), 6);
  }

  #edit(): Act {
    const random = this.#random;
    const who = random.pick(this.#people);
    const path = random.pick(DOCUMENTS);
    if (random.chance(0.08)) {
      return { act: 'rename', who, path, to: random.pick(['moved.md', 'g/n.ipynb', 'doc.md']) };
    }
    const how = random.weighted({ insert: 3, replace: 3, drop: 2 });
    const edit: Edit = { how, at: random.below(100), piece: this.#piece() };
    return { act: 'edit', who, path, edit };
  }

  #piece(): string {
    this.#pieces += 1;
    return `piece${this.#pieces}`;
  }

  /** Several people write the same file, perhaps the same. */
  #clashing(episode: Episode, squats = false): Episode {
    const random = this.#random;
    if (random.chance(0.25)) {
      return episode;
    }
    const path = random.pick(USUAL);
    const acts: Act[] = [];
    const same = random.chance(0.4) ? this.#text() : null;
    for (const who of this.#people) {
      if (random.chance(0.8)) {
        const text = who !== 'cloud' && same !== null ? same : this.#text();
        acts.push({ act: 'write', who, path, text });
      }
    }
    if (squats) {
      const who = random.pick(this.#people);
      acts.push({ act: 'squat', who: random.pick(this.#people), path, text: this.#text() });
      acts.push({ act: 'write', who, path, text: this.#text() });
      acts.push({ act: 'squat', who, path, text: this.#text() });
    }
    return { ...episode, before: [...episode.before, ...acts] };
  }

  #text(): string {
    this.#pieces += 1;
    return `c${this.#pieces}${'-'.repeat(this.#random.below(3) * 4)}`;
  }

  #hiddenAct(): Act {
    const random = this.#random;
    const who = random.pick(this.#people);
    const path = random.pick(['.hidden', '.env', 'd/.x/y.txt', '.x']);
    return random.chance(0.7)
      ? { act: 'write', who, path, text: this.#text() }
      : { act: 'rename', who, path: random.pick(PATHS), to: path };
  }

  #naming(): Act {
    const random = this.#random;
    const who = random.pick(this.#people);
    const [path, to] = [random.pick(SPELLINGS), random.pick(SPELLINGS)];
    return random.chance(0.7)
      ? { act: 'write', who, path, text: this.#text() }
      : { act: 'rename', who, path: random.chance(0.5) ? path : random.below(1000), to };
  }

  #removal(): Act {
    const random = this.#random;
    const who = random.pick(this.#people);
    return {
      act: 'remove',
      who,
      path: random.chance(0.5) ? random.pick(['d', 'g', 'm']) : random.below(1000)
    };
  }

  /** The folder of a device goes, before or during the episode, and comes back in it or later. */
  #unrooted(episode: Episode): Episode {
    const random = this.#random;
    const who = random.pick(this.#people.filter(each => each !== 'cloud'));
    const leave = random.pick(['nothing', 'file', 'folder'] as const);
    const gone: Act = { act: 'unroot', who, leave };
    const back: Act = { act: 'reroot', who };
    switch (random.weighted({ stays: 3, 'goes before': 3, 'goes during': 2, 'comes back': 3 })) {
      case 'stays':
        return episode;
      case 'comes back':
        return { ...episode, before: [back, ...episode.before] };
      case 'goes before': {
        const during = random.chance(0.4) ? [{ at: random.below(40), act: back }] : [];
        return {
          ...episode,
          before: [...episode.before, gone],
          during: [...episode.during, ...during]
        };
      }
      case 'goes during':
        return { ...episode, during: [...episode.during, { at: random.below(40), act: gone }] };
    }
  }

  /** So little that no guard but the one for the folder itself can stop a run. */
  #withOneFile(scenario: Scenario): Scenario {
    const [first, ...rest] = scenario.episodes;
    const before: Act[] = [{ act: 'write', who: 'd0', path: 'a.txt', text: this.#text() }];
    const isOfRoot = ({ act }: Act) => act === 'unroot' || act === 'reroot';
    const bare = rest.map(episode => ({
      ...episode,
      before: episode.before.filter(isOfRoot),
      during: episode.during.filter(({ act }) => isOfRoot(act))
    }));
    return first ? { ...scenario, episodes: [{ ...first, before }, ...bare] } : scenario;
  }

  #tabbed(episode: Episode): Episode {
    const random = this.#random;
    const runs = episode.runs.flatMap((going): Going[] =>
      random.weighted({ first: 1, second: 1, both: 3 }) === 'both'
        ? [going, { ...going, tab: 1 }]
        : [{ ...going, tab: random.pick([0, 1]) }]
    );
    return { ...episode, runs };
  }

  #choosing(episode: Episode, share: number): Episode {
    return this.#sent(episode, CHOICES, share);
  }

  #sent(episode: Episode, errands: readonly Errand[], share: number): Episode {
    const random = this.#random;
    const runs = episode.runs.map(going =>
      random.chance(share) ? { ...going, errand: random.pick(errands) } : going
    );
    return { ...episode, runs };
  }

  #withActs(episode: Episode, make: () => Act, most = 3): Episode {
    const random = this.#random;
    const some = Array.from({ length: random.below(most + 1) }, make);
    const during = random.chance(0.3) ? [{ at: random.below(40), act: make() }] : [];
    return {
      ...episode,
      before: [...episode.before, ...some],
      during: [...episode.during, ...during]
    };
  }

  readonly #random: Random;
  readonly #people: readonly Who[];
  readonly #isCalm: boolean;
  #pieces = 0;
}
