import type { Contents } from '@jupyterlab/services';

import { MAX_DEPTH, listed, loopOf } from '../../../src/local/link-loops';
import type { Listed } from '../../../src/local/link-loops';

function child(name: string, time: string, type = 'directory'): Contents.IModel {
  return {
    name,
    type,
    created: time,
    last_modified: time,
    path: name,
    content: null,
    format: null,
    mimetype: '',
    writable: true
  };
}

/** Lists the folder of each name within the one before; gives where a loop is told first. */
function descend(
  names: readonly string[],
  childrenAt: (level: number) => Contents.IModel[]
): { loop: string | null; level: number } {
  let above: Listed = listed('', null, childrenAt(0));
  for (const [index, name] of names.entries()) {
    const path = above.path === '' ? name : `${above.path}/${name}`;
    above = listed(path, above, childrenAt(index + 1));
    const loop = loopOf(above);
    if (loop !== null) {
      return { loop, level: index + 1 };
    }
  }
  return { loop: null, level: names.length };
}

const names = (count: number, name = 'x') => Array.from({ length: count }, () => name);

describe('loopOf()', () => {
  it('should name the link whose listings repeat one above', () => {
    const children = [child('up', 't1'), child('file', 't2', 'file')];
    expect(descend(names(60, 'up'), () => children)).toEqual({ loop: 'up', level: 3 });
  });

  it('should name the link where the loop is of two folders', () => {
    const listings = [[child('a', 't1'), child('z', 't1')], [child('up', 't2')]];
    const path = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 'a' : 'up'));
    expect(descend(path, level => listings[level % 2] ?? []).loop).toBe('a/up');
  });

  it('should take single folders made in one go within each other for what they are', () => {
    expect(descend(names(12), () => [child('x', 't1')]).loop).toBeNull();
  });

  it('should end a loop of a single link too', () => {
    expect(descend(names(60), () => [child('x', 't1')])).toEqual({ loop: 'x', level: 16 });
  });

  it('should not be misled by one name with other times', () => {
    const childrenAt = (level: number) => [child('x', `t${level}`), child('y', `t${level}`)];
    expect(descend(names(30), childrenAt).loop).toBeNull();
  });

  it('should not take empty folders for repetitions', () => {
    expect(descend(names(30), () => []).loop).toBeNull();
  });

  it('should end at a bound of its own', () => {
    const { loop, level } = descend(names(100), at => [child('x', `t${at}`)]);
    expect(level).toBe(MAX_DEPTH);
    expect(loop?.split('/')).toHaveLength(MAX_DEPTH);
  });
});
