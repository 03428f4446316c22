import { conflictOf, nameOfConflict } from '../../../src/ui/conflict-of';
import { FakeProjects, project, report } from '../../support/fake-projects';

const conflict = (path: string, copy: string | null) => ({ path, copy, reason: 'r' });

function projects(...conflicts: ReturnType<typeof conflict>[]): FakeProjects {
  return new FakeProjects({
    projects: [project({ localPath: 'work/whales', conflicts: conflicts.length })],
    reports: new Map([['p1', report({ state: 'conflicts', conflicts })]])
  });
}

describe('conflictOf()', () => {
  it('should find the conflict of a file by its name, and by that of the copy', () => {
    const model = projects(conflict('d/n.txt', 'd/n (conflict 1).txt'));
    const found = { projectId: 'p1', path: 'd/n.txt', name: 'd/n.txt' };
    expect(conflictOf(model, 'work/whales/d/n.txt')).toMatchObject(found);
    expect(conflictOf(model, 'work/whales/d/n (conflict 1).txt')).toMatchObject(found);
  });

  it('should find none for another file, in no project, and where none is open', () => {
    const model = projects(conflict('n.txt', null));
    expect(conflictOf(model, 'work/whales/other.txt')).toBeNull();
    expect(conflictOf(model, 'n.txt')).toBeNull();
    expect(conflictOf(projects(), 'work/whales/n.txt')).toBeNull();
  });
});

describe('nameOfConflict()', () => {
  it('should be the copy only where the file has several conflicts', () => {
    const [one, two, other] = [
      conflict('n', 'n 1'),
      conflict('n', 'n 2'),
      conflict('other', 'other 1')
    ] as const;
    expect(nameOfConflict(one, [one, other])).toBe('n');
    expect([one, two].map(each => nameOfConflict(each, [one, two, other]))).toEqual(['n 1', 'n 2']);
  });
});
