import { mergeOrder } from '../../../../src/sync/merge/cell-order';

const order = (base: string, local: string, cloud: string) =>
  mergeOrder({ base: [...base], local: [...local], cloud: [...cloud] })?.join('') ?? null;

describe('mergeOrder()', () => {
  it.each([
    ['cells added in different places', 'abc', 'aXbc', 'abYc', 'aXbYc'],
    ['cells added at the start and the end', 'abc', 'Xabc', 'abcY', 'XabcY'],
    ['cells added in one place, by their keys', 'ab', 'aYb', 'aXb', 'aXYb'],
    ['runs added in one place, each kept together', 'a', 'aBZ', 'aCA', 'aBZCA'],
    ['a cell that both added, among others', 'a', 'aXS', 'aSY', 'aXSY'],
    ['cells added to nothing', '', 'Y', 'X', 'XY'],
    ['a deletion and an addition beside it', 'abc', 'ac', 'abXc', 'aXc'],
    ['deletions on both sides', 'abcd', 'acd', 'abd', 'ad'],
    ['a move', 'abcd', 'dabc', 'abcd', 'dabc'],
    ['one move made on both sides', 'abcd', 'dabc', 'dabc', 'dabc'],
    ['a move, and an addition elsewhere', 'abcd', 'bacd', 'abcXd', 'bacXd'],
    ['a move, and a deletion of another cell', 'abcde', 'bacde', 'abce', 'bace']
  ])('should merge %s', (_, base, local, cloud, merged) => {
    expect(order(base, local, cloud)).toBe(merged);
    expect(order(base, cloud, local)).toBe(merged);
  });

  it.each([
    ['moves on both sides', 'abcd', 'bacd', 'abdc'],
    ['a cell moved and deleted', 'abcd', 'bacd', 'bcd'],
    ['a cell moved to the end and deleted', 'abcd', 'bcda', 'bcd'],
    ['a cell added between two that were moved apart', 'abcd', 'bcad', 'aXbcd'],
    ['one cell added in two places', 'ab', 'Xab', 'abX'],
    ['cells that both added in different orders', 'a', 'aXY', 'aYX']
  ])('should not be sure of %s', (_, base, local, cloud) => {
    expect(order(base, local, cloud)).toBeNull();
    expect(order(base, cloud, local)).toBeNull();
  });
});
