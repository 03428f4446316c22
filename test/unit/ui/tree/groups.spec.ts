import { countGroups, inGroup, withProblems } from '../../../../src/ui/tree/groups';

const files = [
  { path: 'a/Both.txt', status: 'conflict', reason: '' },
  { path: 'a/mine.txt', status: 'local-change', reason: '' },
  { path: 'b/mine.csv', status: 'local-change', reason: '' },
  { path: 'b/theirs.txt', status: 'cloud-change', reason: '' },
  { path: 'ok.txt', status: 'synced', reason: '' }
] as const;
const paths = (found: readonly { path: string }[]): string[] => found.map(({ path }) => path);

it('counts what asks for something', () => {
  expect([...countGroups(files)]).toEqual([
    ['conflicts', 1],
    ['up', 2],
    ['down', 1]
  ]);
});

it('counts a conflict and its copy as one', () => {
  const two = ['b.txt', 'b (conflict 1a2b3c4d).txt'].map(path => ({
    path,
    status: 'conflict' as const,
    reason: ''
  }));
  expect([...countGroups(two)]).toEqual([['conflicts', 1]]);
});

it('finds by group and by any part of the path, in whichever case', () => {
  expect(paths(inGroup(files, 'up', ''))).toEqual(['a/mine.txt', 'b/mine.csv']);
  expect(paths(inGroup(files, 'up', 'B/'))).toEqual(['b/mine.csv']);
  expect(paths(inGroup(files, null, 'both'))).toEqual(['a/Both.txt']);
  expect(inGroup(files, null, '')).toBe(files);
});

it('tells at a file what the last sync could not do, unless it is done by now', () => {
  const told = withProblems(files, [
    { path: 'a/mine.txt', code: 'quota', message: 'There is no space.' },
    { path: 'ok.txt', code: 'busy', message: 'It kept changing.' },
    { path: 'link', code: 'link', message: 'A link.' },
    { path: 'b/mine.csv', code: 'left', message: 'Left.' },
    { path: '', code: 'failed', message: 'Of the run.' }
  ]);
  expect(told.filter(({ status }) => status === 'problem')).toEqual([
    { path: 'a/mine.txt', status: 'problem', reason: 'There is no space.' },
    { path: 'link', status: 'problem', reason: 'A link.' }
  ]);
  expect(withProblems(files, [])).toBe(files);
});
