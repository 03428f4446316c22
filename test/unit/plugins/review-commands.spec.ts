/** @jest-environment jsdom */
import '../../support/jsdom-globals';

import { CommandRegistry } from '@lumino/commands';

import { addReviewCommands } from '../../../src/plugins/commands/review-commands';
import { ProjectsError } from '../../../src/tokens';
import { FakePerson } from '../../support/fake-person';
import { FakeProjects, project } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';

function setUp() {
  const commands = new CommandRegistry();
  const person = new FakePerson();
  const model = new FakeProjects({
    projects: [project({ conflicts: 2 }), project({ id: 'p2', title: 'Corals', localPath: null })],
    files: [
      { path: 'a.txt', status: 'conflict', reason: 'r' },
      { path: 'b.txt', status: 'conflict', reason: 'r' },
      { path: 'c.txt', status: 'synced', reason: '' }
    ]
  });
  const opened: unknown[][] = [];
  const open =
    (view: string) =>
    async (...args: string[]): Promise<void> => {
      opened.push([view, ...args]);
    };
  addReviewCommands(
    { commands, projects: model, person, trans: plainTrans },
    { conflict: open('conflict'), history: open('history'), deleted: open('deleted') }
  );
  return { commands, person, model, opened };
}

describe('projects:show-conflict', () => {
  it('should open the conflict that is named, and ask nothing', async () => {
    const { commands, person, opened } = setUp();
    const args = { projectId: 'p1', path: 'a.txt' };
    expect(await commands.execute('projects:show-conflict', args)).toEqual(args);
    expect(opened).toEqual([['conflict', 'p1', 'a.txt']]);
    expect(person.asked).toEqual([]);
  });

  it('should ask which, of those that are open', async () => {
    const { commands, person, opened } = setUp();
    person.answers = { askProject: ['p1'], askOption: [1] };
    await commands.execute('projects:show-conflict');
    expect(person.offered).toEqual([['p1'], ['a.txt', 'b.txt']]);
    expect(opened).toEqual([['conflict', 'p1', 'b.txt']]);
  });

  it('should open nothing when the person does not say which', async () => {
    const { commands, person, opened } = setUp();
    person.answers = { askProject: [null] };
    expect(await commands.execute('projects:show-conflict')).toBeNull();
    expect(opened).toEqual([]);
  });
});

describe('projects:resolve-conflicts', () => {
  it('should settle all that are open, by one call', async () => {
    const { commands, model } = setUp();
    const args = { projectId: 'p1', choice: 'keep-both' };
    expect(await commands.execute('projects:resolve-conflicts', args)).toMatchObject({
      projectId: 'p1',
      state: 'synced'
    });
    expect(model.calls).toEqual([['resolveConflicts', 'p1', 'keep-both']]);
  });

  it('should refuse a choice that there is none of, before anything happens', async () => {
    const { commands, model } = setUp();
    const args = { projectId: 'p1', choice: 'mine' };
    const failure: unknown = await commands
      .execute('projects:resolve-conflicts', args)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProjectsError);
    expect(failure).toMatchObject({ code: 'invalid-arguments' });
    expect(model.calls).toEqual([]);
  });
});

describe('projects:show-history and projects:show-deleted', () => {
  it('should open what is named, or ask', async () => {
    const { commands, person, opened } = setUp();
    await commands.execute('projects:show-history', { projectId: 'p1', path: 'a.txt' });
    await commands.execute('projects:show-deleted', { projectId: 'p2' });
    person.answers = { askProject: ['p1', 'p2'], askText: ['b.txt'] };
    await commands.execute('projects:show-history');
    await commands.execute('projects:show-deleted');
    expect(opened).toEqual([
      ['history', 'p1', 'a.txt'],
      ['deleted', 'p2'],
      ['history', 'p1', 'b.txt'],
      ['deleted', 'p2']
    ]);
  });

  it('should say what they take', async () => {
    const { commands } = setUp();
    for (const id of ['projects:show-history', 'projects:show-deleted', 'projects:show-conflict']) {
      const { args } = await commands.describedBy(id);
      expect(args).toMatchObject({
        additionalProperties: false,
        properties: { projectId: { type: 'string' } }
      });
    }
  });
});
