import type { FileStatus, FileStatusWord } from '../../../../src/tokens';
import { buildTree, rowsOf } from '../../../../src/ui/tree/file-tree';
import type { TreeNode } from '../../../../src/ui/tree/file-tree';

const file = (path: string, status: FileStatusWord = 'synced'): FileStatus => ({
  path,
  status,
  reason: ''
});

const all = (): boolean => true;
const shown = (root: TreeNode, isOpen: (path: string) => boolean = all): string[] =>
  rowsOf(root, isOpen).map(({ node, level }) => `${'  '.repeat(level - 1)}${node.name}`);

describe('buildTree', () => {
  it('puts files into their folders, folders first, then by name as people count', () => {
    const tree = buildTree(
      ['b.txt', 'a10.txt', 'a9.txt', 'z/y/x.txt', 'z/a.txt'].map(each => file(each))
    );
    expect(shown(tree)).toEqual(['z', '  y', '    x.txt', '  a.txt', 'a9.txt', 'a10.txt', 'b.txt']);
  });

  it('rolls statuses up: a folder has the worst of all below it, and counts them', () => {
    const tree = buildTree([
      file('a/b/c.txt', 'local-change'),
      file('a/b/d.txt', 'conflict'),
      file('a/e.txt', 'local-change'),
      file('f/g.txt')
    ]);
    const [a, f] = tree.children;
    expect([a?.worst, a?.counts]).toEqual(['conflict', { conflict: 1, 'local-change': 2 }]);
    expect(f?.worst).toBe('synced');
    expect(tree.worst).toBe('conflict');
  });

  it('counts a conflict and its copy as one', () => {
    const tree = buildTree([
      file('a/b.txt', 'conflict'),
      file('a/b (conflict 1a2b3c4d).txt', 'conflict')
    ]);
    expect(tree.children[0]?.counts).toEqual({ conflict: 1 });
    expect(tree.children[0]?.children.map(({ worst }) => worst)).toEqual(['conflict', 'conflict']);
  });

  it('takes a folder of which something is told for a folder, with or without files in it', () => {
    const tree = buildTree([
      { ...file('empty', 'local-change'), kind: 'directory' },
      { ...file('full', 'cloud-change'), kind: 'directory' },
      file('full/a.txt')
    ]);
    expect(tree.children.map(({ name, isFolder, worst }) => [name, isFolder, worst])).toEqual([
      ['empty', true, 'local-change'],
      ['full', true, 'cloud-change']
    ]);
  });

  it('takes a path for a folder where another path is below it, told before or after', () => {
    for (const paths of [
      ['a', 'a/b'],
      ['a/b', 'a']
    ]) {
      const tree = buildTree(paths.map(each => file(each, 'ignored')));
      expect(shown(tree)).toEqual(['a', '  b']);
      expect(tree.children[0]?.file?.path).toBe('a');
    }
  });

  it('builds 10,000 files, and loses none', () => {
    const files = Array.from({ length: 10_000 }, (_, index) =>
      file(`folder ${index % 100}/sub ${index % 7}/file ${index}.txt`)
    );
    const tree = buildTree(files);
    expect(tree.counts).toEqual({ synced: 10_000 });
    const rows = rowsOf(tree, all);
    expect(rows.filter(({ node }) => !node.isFolder)).toHaveLength(10_000);
    expect(rowsOf(tree, () => false)).toHaveLength(100);
  });
});

describe('rowsOf', () => {
  it('leaves out what is below a closed folder, and numbers those beside each other', () => {
    const tree = buildTree(['a/x', 'a/y', 'b/z', 'c'].map(each => file(each)));
    const rows = rowsOf(tree, path => path === 'a');
    expect(
      rows.map(({ node, level, position, setSize, isOpen }) => [
        node.path,
        level,
        `${position}/${setSize}`,
        isOpen
      ])
    ).toEqual([
      ['a', 1, '1/3', true],
      ['a/x', 2, '1/2', false],
      ['a/y', 2, '2/2', false],
      ['b', 1, '2/3', false],
      ['c', 1, '3/3', false]
    ]);
  });
});
