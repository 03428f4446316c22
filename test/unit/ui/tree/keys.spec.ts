import { buildTree, rowsOf } from '../../../../src/ui/tree/file-tree';
import { findTyped, keyEffect } from '../../../../src/ui/tree/keys';

const files = ['a/one.txt', 'a/two.txt', 'b/three.txt', 'notes.txt', 'north.txt'].map(path => ({
  path,
  status: 'synced' as const,
  reason: ''
}));
// a, one, two, b, north, notes
const rows = rowsOf(buildTree(files), path => path === 'a');

const press = (at: number, key: string, more: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
  keyEffect(rows, at, {
    key,
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    ...more
  });

describe('keyEffect', () => {
  it.each([
    [0, 'ArrowDown', 1],
    [5, 'ArrowDown', 5],
    [0, 'ArrowUp', 0],
    [3, 'Home', 0],
    [0, 'End', 5],
    [0, 'PageDown', 5],
    [0, 'ArrowRight', 1],
    [4, 'ArrowRight', 4],
    [2, 'ArrowLeft', 0],
    [3, 'ArrowLeft', 3]
  ])('from row %i, %s goes to row %i', (at, key, to) => {
    expect(press(at, key)).toEqual({ kind: 'go', to });
  });

  it('opens a closed folder by the right arrow, and closes an open one by the left', () => {
    expect(press(3, 'ArrowRight')).toEqual({ kind: 'open', path: 'b' });
    expect(press(0, 'ArrowLeft')).toEqual({ kind: 'close', path: 'a' });
  });

  it('asks for the menu by its key, or by Shift and F10', () => {
    expect(press(1, 'ContextMenu')).toEqual({ kind: 'menu', at: 1 });
    expect(press(1, 'F10', { shiftKey: true })).toEqual({ kind: 'menu', at: 1 });
    expect(press(1, 'F10')).toBeNull();
  });

  it('leaves the keys of others alone', () => {
    expect(press(1, 'Enter', { ctrlKey: true })).toBeNull();
    expect(press(1, 'Tab')).toBeNull();
    expect(press(1, 'Enter')).toEqual({ kind: 'activate', at: 1 });
  });
});

describe('findTyped', () => {
  it('goes on to the next that begins so, around the end', () => {
    expect(findTyped(rows, 0, 'n')).toBe(4);
    expect(findTyped(rows, 4, 'n')).toBe(5);
    expect(findTyped(rows, 5, 'N')).toBe(4);
  });

  it('stays where the word goes on, and finds nothing where nothing fits', () => {
    expect(findTyped(rows, 4, 'nor')).toBe(4);
    expect(findTyped(rows, 4, 'not')).toBe(5);
    expect(findTyped(rows, 4, 'x')).toBeNull();
  });
});
