import { decide } from '../../../src/sync/decide';
import type { Node } from '../../../src/sync/entry';

const nodes: Record<string, Node | undefined> = {
  '-': undefined,
  x: { kind: 'file', size: 1, sha256: 'x' },
  y: { kind: 'file', size: 1, sha256: 'y' },
  z: { kind: 'file', size: 1, sha256: 'z' },
  d: { kind: 'directory', size: 0, sha256: null }
};

describe('decide', () => {
  it.each([
    ['x x x', 'settled'],
    ['x y x', 'local changed'],
    ['x x y', 'cloud changed'],
    ['x y y', 'settled'],
    ['x y z', 'conflict'],
    ['x - x', 'local deleted'],
    ['x x -', 'cloud deleted'],
    ['x - -', 'settled'],
    ['x - y', 'cloud edit-wins'],
    ['x y -', 'local edit-wins'],
    ['- y -', 'local created'],
    ['- - y', 'cloud created'],
    ['- y y', 'settled'],
    ['- y z', 'conflict'],
    ['d - d', 'local deleted'],
    ['- d d', 'settled'],
    ['- y d', 'clash of the local file'],
    ['- d y', 'clash of the cloud file'],
    ['x d x', 'local changed'],
    ['d y d', 'local changed'],
    ['x d y', 'clash of the cloud file']
  ])('base, local, cloud of %s lead to: %s', (states, expected) => {
    const [base, local, cloud] = states.split(' ').map(name => nodes[name]);
    const decision = decide(base, local, cloud);
    const words =
      decision.kind === 'take'
        ? `${decision.from} ${decision.rule}`
        : decision.kind === 'clash'
          ? `clash of the ${decision.file} file`
          : decision.kind;
    expect(words).toBe(expected);
  });
});
