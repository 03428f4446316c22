import { statSync } from 'node:fs';

/** What takes longest, the longest first. Begun last, it would keep one core while the other has nothing left to do. */
const LONGEST = [
  'property/simulation',
  'integration/hostile-cloud',
  'integration/downloads',
  'integration/server-process',
  'integration/start'
];

/** The order of `npm test`, as one of Jest's test sequencers: the longest, then the others, the larger a file the earlier. */
export default class LongestFirst {
  sort(tests) {
    return tests
      .map(test => ({ test, place: placeOf(test.path), size: statSync(test.path).size }))
      .sort((one, other) => one.place - other.place || other.size - one.size)
      .map(({ test }) => test);
  }

  /** Of an earlier run, for `--onlyFailures`: which tests failed is not kept. */
  allFailedTests() {
    return [];
  }

  /** How long each took is not kept. */
  cacheResults() {}
}

function placeOf(path) {
  const place = LONGEST.findIndex(name => path.endsWith(`/test/${name}.spec.ts`));
  return place === -1 ? LONGEST.length : place;
}
