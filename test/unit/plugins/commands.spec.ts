/** @jest-environment jsdom */
import '../../support/jsdom-globals';

import { CommandRegistry } from '@lumino/commands';

import { addCommands } from '../../../src/plugins/commands/add-commands';
import { CommandIDs } from '../../../src/plugins/commands/ids';
import { ProjectsError } from '../../../src/tokens';
import type { FileVersion } from '../../../src/tokens';
import { FakePerson } from '../../support/fake-person';
import { FakeProjects, project, report } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';

const cloudOnly = project({ id: 'p2', name: 'corals', title: 'Corals', localPath: null });

function setUp(model: FakeProjects = new FakeProjects({ projects: [project(), cloudOnly] })) {
  const commands = new CommandRegistry();
  const person = new FakePerson();
  addCommands({ commands, projects: model, person, trans: plainTrans });
  return { commands, model, person };
}

type SetUp = ReturnType<typeof setUp>;

async function failureOf({ commands }: SetUp, id: string, args = {}): Promise<ProjectsError> {
  const outcome: unknown = await commands.execute(id, args).catch((error: unknown) => error);
  if (!(outcome instanceof ProjectsError)) {
    throw new Error(`${id} did not reject with a ProjectsError`);
  }
  return outcome;
}

const PUBLIC: readonly [string, Record<string, string | string[]>][] = [
  ['projects:sign-in', { apiKey: 'string' }],
  ['projects:sign-out', {}],
  ['projects:list', { refresh: 'boolean' }],
  ['projects:create', { path: 'string', title: 'string' }],
  ['projects:open', { projectId: 'string', path: 'string' }],
  ['projects:link', { projectId: 'string', path: 'string' }],
  ['projects:unlink', { projectId: 'string' }],
  ['projects:sync', { projectId: 'string', path: 'string' }],
  ['projects:preview', { projectId: 'string', path: 'string' }],
  ['projects:pull', { projectId: 'string', path: 'string' }],
  ['projects:push', { projectId: 'string', path: 'string' }],
  ['projects:verify', { projectId: 'string' }],
  ['projects:approve', { projectId: 'string' }],
  ['projects:restore', { projectId: 'string' }],
  ['projects:pause', { projectId: 'string' }],
  ['projects:resume', { projectId: 'string' }],
  ['projects:status', { projectId: 'string', path: 'string' }],
  ['projects:resolve-conflict', { projectId: 'string', path: 'string', choice: 'string' }],
  ['projects:history', { projectId: 'string', path: 'string' }],
  ['projects:restore-version', { projectId: 'string', path: 'string', versionId: 'string' }],
  [
    'projects:share',
    { projectId: 'string', subject: 'string', role: ['string', 'null'] as string[] }
  ],
  ['projects:delete', { projectId: 'string', confirm: 'string' }],
  ['projects:show-activity', { projectId: 'string' }]
];

const version: FileVersion = {
  versionId: 'v1',
  path: 'a',
  size: 3,
  sha256: 'aa',
  createdAt: '2026-01-02T03:04:05Z',
  author: { id: 'u1', name: 'Alice' }
};

describe('the commands of projects', () => {
  it('are called by the project where one is given', () => {
    const { commands } = setUp();
    expect(commands.label('projects:sync', { projectId: 'p1' })).toBe('Sync “Whales” Now');
    expect(commands.label('projects:open', { projectId: 'p2' })).toBe('Open “Corals”');
    expect(commands.label('projects:sync', { projectId: 'gone' })).toBe('Sync Projects Now');
    expect(commands.label('projects:sync')).toBe('Sync Projects Now');
  });

  it.each(PUBLIC)('%s has a label, a caption and a schema of its arguments', async (id, args) => {
    const { commands } = setUp();
    expect(commands.label(id)).not.toBe('');
    expect(commands.caption(id)).not.toBe('');
    const described = (await commands.describedBy(id)).args;
    expect(described).toMatchObject({ type: 'object', additionalProperties: false });
    const properties = Object.entries(
      (described as { properties: Record<string, { type: unknown; description: string }> })
        .properties
    );
    expect(Object.fromEntries(properties.map(([name, { type }]) => [name, type]))).toEqual({
      ...args,
      interactive: 'boolean'
    });
    expect(properties.every(([, { description }]) => description.length > 10)).toBe(true);
  });

  describe('called with their arguments', () => {
    const calls: readonly [string, Record<string, string | boolean | null>, unknown[], unknown][] =
      [
        [
          'projects:sign-in',
          { apiKey: 'k' },
          ['signIn', 'k'],
          { account: { id: 'u1', name: 'Alice' } }
        ],
        ['projects:sign-out', {}, ['signOut'], {}],
        ['projects:list', { refresh: true }, ['refresh'], [project(), cloudOnly]],
        [
          'projects:create',
          { path: 'a' },
          ['create', 'a', undefined],
          report({ projectId: 'new' })
        ],
        [
          'projects:create',
          { path: '/a/b/', title: 'T' },
          ['create', 'a/b', 'T'],
          report({ projectId: 'new' })
        ],
        [
          'projects:open',
          { projectId: 'p2' },
          ['open', 'p2', undefined],
          report({ projectId: 'p2' })
        ],
        [
          'projects:open',
          { projectId: 'p2', path: 'x/' },
          ['open', 'p2', 'x'],
          report({ projectId: 'p2' })
        ],
        [
          'projects:link',
          { projectId: 'p2', path: 'x' },
          ['link', 'p2', 'x'],
          report({ projectId: 'p2' })
        ],
        ['projects:unlink', { projectId: 'p1' }, ['unlink', 'p1'], {}],
        ['projects:sync', { projectId: 'p1' }, ['sync', { projectId: 'p1' }], report()],
        [
          'projects:sync',
          { path: 'Projects/whales/a' },
          ['sync', { path: 'Projects/whales/a' }],
          report()
        ],
        ['projects:sync', {}, ['syncAll'], [report()]],
        [
          'projects:preview',
          { projectId: 'p1' },
          ['preview', { projectId: 'p1' }],
          report({ dryRun: true })
        ],
        ['projects:preview', {}, ['previewAll'], [report({ dryRun: true })]],
        ['projects:pull', { projectId: 'p1' }, ['pull', { projectId: 'p1' }], report()],
        ['projects:pull', {}, ['pullAll'], [report()]],
        [
          'projects:push',
          { path: '/Projects/whales/' },
          ['push', { path: 'Projects/whales' }],
          report()
        ],
        ['projects:push', {}, ['pushAll'], [report()]],
        ['projects:verify', { projectId: 'p1' }, ['verify', 'p1'], report()],
        ['projects:approve', { projectId: 'p1' }, ['approve', 'p1'], report()],
        ['projects:restore', { projectId: 'p1' }, ['restore', 'p1'], report()],
        ['projects:history', { projectId: 'p1', path: 'a' }, ['history', 'p1', 'a'], [version]],
        [
          'projects:restore-version',
          { projectId: 'p1', path: 'a', versionId: 'v1' },
          ['restoreVersion', 'p1', 'a', 'v1'],
          report()
        ],
        [
          'projects:share',
          { projectId: 'p1', subject: 'u2', role: 'reader' },
          ['share', 'p1', 'u2', 'reader'],
          [{ type: 'user_id', id: 'u2', relation: 'reader' }]
        ],
        [
          'projects:share',
          { projectId: 'p1', subject: 'u2', role: null },
          ['share', 'p1', 'u2', null],
          []
        ],
        ['projects:delete', { projectId: 'p1', confirm: 'whales' }, ['delete', 'p1', 'whales'], {}],
        [
          'projects:status',
          { path: 'Projects/whales' },
          ['status', { path: 'Projects/whales' }],
          { project: project(), files: [] }
        ],
        ['projects:pause', {}, ['pause', undefined], {}],
        ['projects:pause', { projectId: 'p1' }, ['pause', 'p1'], {}],
        ['projects:resume', { projectId: 'p1' }, ['resume', 'p1'], {}],
        [
          'projects:resolve-conflict',
          { projectId: 'p1', path: 'a', choice: 'keep-cloud' },
          ['resolveConflict', 'p1', 'a', 'keep-cloud'],
          report()
        ]
      ];

    it.each(calls)('%s %j asks the model and no one else', async (id, args, call, result) => {
      const { commands, model, person } = setUp(
        new FakeProjects({ projects: [project(), cloudOnly], versions: [version] })
      );
      const got: unknown = await commands.execute(id, args);
      expect(model.calls).toEqual([call]);
      expect(got).toEqual(result);
      expect(JSON.parse(JSON.stringify(got))).toEqual(got);
      expect([person.asked, person.told, person.errors]).toEqual([[], [], []]);
    });

    it('list without refresh tells what is known, without asking the cloud', async () => {
      const { commands, model } = setUp();
      expect(await commands.execute('projects:list')).toEqual([project(), cloudOnly]);
      expect(model.calls).toEqual([]);
    });

    it('show-activity returns the log, or that of one project', async () => {
      const line = {
        at: '2026-01-01T00:00:00Z',
        projectTitle: '',
        kind: 'run',
        path: null,
        text: 'x'
      } as const;
      const activity = [
        { ...line, projectId: 'p1' },
        { ...line, projectId: 'p2' }
      ];
      const { commands } = setUp(new FakeProjects({ activity }));
      expect(await commands.execute('projects:show-activity')).toEqual(activity);
      expect(await commands.execute('projects:show-activity', { projectId: 'p2' })).toEqual([
        activity[1]
      ]);
    });

    it('a failure of the model rejects with its code, and is shown to no one', async () => {
      const all = setUp();
      all.model.failure = new ProjectsError('forbidden', 'You may only read this project.');
      const error = await failureOf(all, 'projects:sync', { projectId: 'p1' });
      expect([error.code, error.message]).toEqual(['forbidden', 'You may only read this project.']);
      expect(all.person.errors).toEqual([]);
    });

    it('a failure that is none of ours gets the code failed and keeps its cause', async () => {
      const all = setUp();
      all.model.failure = new TypeError('oh');
      const error = await failureOf(all, 'projects:sync');
      expect([error.code, error.message, error.cause]).toEqual(['failed', 'oh', all.model.failure]);
    });
  });

  describe('called with wrong arguments', () => {
    const wrong: readonly [string, Record<string, string | boolean | number>, string][] = [
      ['projects:sync', { project: 'p1' }, 'projectId, path'],
      ['projects:sync', { projectId: 7 }, '"projectId" must be a text'],
      ['projects:sync', { path: ' ' }, '"path" must be a text that is not empty'],
      ['projects:list', { refresh: 'yes' }, '"refresh" must be true or false'],
      ['projects:sign-out', { toString: 'x' }, 'no argument "toString"'],
      [
        'projects:resolve-conflict',
        { projectId: 'p1', path: 'a', choice: 'mine' },
        'keep-local, keep-cloud, keep-both'
      ],
      [
        'projects:share',
        { projectId: 'p1', subject: 'u2', role: 'boss' },
        'reader, writer, owner, finder'
      ]
    ];

    it.each(wrong)('%s %j says which and does nothing', async (id, args, words) => {
      const all = setUp();
      const error = await failureOf(all, id, args);
      expect(error.code).toBe('invalid-arguments');
      expect(error.message).toContain(words);
      expect(all.model.calls).toEqual([]);
      expect(all.person.asked).toEqual([]);
    });

    it('takes null for not given, and what a key binding adds', async () => {
      const { commands, model } = setUp();
      await commands.execute('projects:sync', { projectId: null, _luminoEvent: { keys: [] } });
      expect(model.calls).toEqual([['syncAll']]);
    });
  });

  describe('called without what they need', () => {
    it('sign-in asks for the key', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askApiKey: ['secret'] };
      expect(await commands.execute('projects:sign-in')).toEqual({
        account: { id: 'u1', name: 'Alice' }
      });
      expect(model.calls).toEqual([['signIn', 'secret']]);
      expect(JSON.stringify(person.told)).not.toContain('secret');
    });

    it('create asks for the folder and the title', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askFolder: ['data/whales'], askText: ['My whales'] };
      await commands.execute('projects:create');
      expect(model.calls).toEqual([['create', 'data/whales', 'My whales']]);
    });

    it('create lets a person who is signed out sign in first', async () => {
      const { commands, model, person } = setUp(new FakeProjects({ account: null }));
      person.answers = { askApiKey: ['k'], askFolder: ['a'], askText: ['A'] };
      await commands.execute('projects:create');
      expect(model.calls).toEqual([
        ['signIn', 'k'],
        ['create', 'a', 'A']
      ]);
    });

    it('open offers the projects that are not linked', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askProject: ['p2'] };
      await commands.execute('projects:open');
      expect(person.offered).toEqual([['p2']]);
      expect(model.calls).toEqual([['open', 'p2', undefined]]);
    });

    it('link asks only for what is missing', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askFolder: ['x'] };
      await commands.execute('projects:link', { projectId: 'p2' });
      expect(person.asked).toEqual(['askFolder']);
      expect(model.calls).toEqual([['link', 'p2', 'x']]);
    });

    it('unlink offers the linked projects and wants to be sure', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askProject: ['p1'], confirm: [false] };
      expect(await commands.execute('projects:unlink')).toBeNull();
      expect(person.offered).toEqual([['p1']]);
      expect(model.calls).toEqual([]);
    });

    it('status asks which project', async () => {
      const { commands, person } = setUp();
      person.answers = { askProject: ['p1'] };
      expect(await commands.execute('projects:status')).toEqual({ project: project(), files: [] });
    });

    it('resolve-conflict offers what is in conflict, then the three choices', async () => {
      const model = new FakeProjects({
        projects: [project({ conflicts: 1, status: 'conflicts' }), cloudOnly],
        files: [
          { path: 'a.txt', status: 'synced', reason: '' },
          { path: 'b.txt', status: 'conflict', reason: 'changed on both sides' }
        ]
      });
      const { commands, person } = setUp(model);
      person.answers = { askProject: ['p1'], askOption: [0, 1] };
      await commands.execute('projects:resolve-conflict');
      expect(person.offered[0]).toEqual(['p1']);
      expect(person.offered[1]).toEqual(['b.txt']);
      expect(person.offered[2]).toHaveLength(3);
      expect(model.calls.at(-1)).toEqual(['resolveConflict', 'p1', 'b.txt', 'keep-cloud']);
    });

    it('approve and restore offer what is stopped, and approve wants to be sure', async () => {
      const stopped = project({ id: 'p3', status: 'stopped' });
      const { commands, model, person } = setUp(
        new FakeProjects({ projects: [project(), stopped] })
      );
      person.answers = { askProject: ['p3', 'p3', 'p3'], confirm: [false, true] };
      expect(await commands.execute('projects:approve')).toBeNull();
      expect(model.calls).toEqual([]);
      await commands.execute('projects:approve');
      await commands.execute('projects:restore');
      expect(person.offered).toEqual([['p3'], ['p3'], ['p3']]);
      expect(model.calls).toEqual([
        ['approve', 'p3'],
        ['restore', 'p3']
      ]);
    });

    it('restore-version asks for the file and offers its versions', async () => {
      const older = { ...version, versionId: 'v0', author: null };
      const { commands, model, person } = setUp(
        new FakeProjects({ projects: [project()], versions: [version, older] })
      );
      person.answers = { askProject: ['p1'], askText: ['a'], askOption: [1] };
      await commands.execute('projects:restore-version');
      expect(person.offered[1]?.[0]).toMatch(/2026.*3 bytes, by Alice/);
      expect(model.calls.at(-1)).toEqual(['restoreVersion', 'p1', 'a', 'v0']);
    });

    it('share shows who may do what, and answers that', async () => {
      const permissions = [{ type: 'user_id', id: 'u1', relation: 'owner' }];
      const { commands, model, person } = setUp(
        new FakeProjects({ projects: [project()], permissions })
      );
      person.answers = { askProject: ['p1'], showSharing: [true, true] };
      expect(await commands.execute('projects:share')).toEqual(permissions);
      await commands.execute('projects:share', { projectId: 'p1', interactive: true });
      expect(person.offered).toEqual([['p1'], ['p1'], ['p1']]);
      expect(model.calls.map(([name]) => name)).toEqual(['permissions', 'permissions']);
    });

    it('share asks the cloud for nothing that a finder may not see', async () => {
      const { commands, model, person } = setUp(
        new FakeProjects({ projects: [project({ role: 'finder' })] })
      );
      person.answers = { showSharing: [true] };
      expect(await commands.execute('projects:share', { projectId: 'p1' })).toEqual([]);
      expect(model.calls).toEqual([]);
    });

    it('share asks as what, and can take a role away', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askOption: [1, 4] };
      await commands.execute('projects:share', { projectId: 'p1', subject: 'u2' });
      await commands.execute('projects:share', { projectId: 'p1', subject: '*' });
      expect(model.calls).toEqual([
        ['share', 'p1', 'u2', 'writer'],
        ['share', 'p1', '*', null]
      ]);
      expect(person.told).toHaveLength(2);
    });

    it('delete wants the name typed', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askText: [null, 'whales'] };
      expect(await commands.execute('projects:delete', { projectId: 'p1' })).toBeNull();
      expect(model.calls).toEqual([]);
      await commands.execute('projects:delete', { projectId: 'p1' });
      expect(model.calls).toEqual([['delete', 'p1', 'whales']]);
    });

    it('a dismissed question does nothing and resolves with null', async () => {
      const { commands, model, person } = setUp();
      person.answers = { askFolder: [null] };
      expect(await commands.execute('projects:create')).toBeNull();
      expect(model.calls).toEqual([]);
      expect(person.told).toEqual([]);
    });

    it('nothing to choose from is not-found, with what is missing', async () => {
      const all = setUp(new FakeProjects());
      const error = await failureOf(all, 'projects:open');
      expect(error.code).toBe('not-found');
      expect(error.message).toContain('no project in the cloud');
    });

    it('a failure is shown to the person who was asked, and rejects too', async () => {
      const all = setUp();
      all.person.answers = { askApiKey: ['wrong'] };
      all.model.failure = new ProjectsError('signed-out', 'The cloud does not know this key.');
      expect((await failureOf(all, 'projects:sign-in')).code).toBe('signed-out');
      expect(all.person.errors).toEqual([
        { title: '“Sign In to Projects” did not work', error: all.model.failure }
      ]);
    });
  });

  describe('run by a person', () => {
    it('tell how a sync ended', async () => {
      const { commands, person } = setUp();
      await commands.execute('projects:sync', { interactive: true });
      expect(person.told).toEqual([{ kind: 'success', text: '“Whales” is up to date.' }]);
    });

    it('show a failure and leave no rejection behind', async () => {
      const { commands, model, person } = setUp();
      model.failure = new ProjectsError('offline', 'The cloud does not answer.');
      expect(await commands.execute('projects:sync', { interactive: true })).toBeNull();
      expect(person.errors).toHaveLength(1);
    });

    it('bring the panel to the front where the result is seen in it', async () => {
      const { commands, person } = setUp();
      const shown: unknown[] = [];
      commands.addCommand(CommandIDs.show, { execute: args => shown.push(args) });
      person.answers = { askProject: ['p1'] };
      await commands.execute('projects:status', { interactive: true });
      await commands.execute('projects:show-activity', { interactive: true });
      expect(shown).toEqual([{ projectId: 'p1' }, { section: 'activity' }]);
    });
  });

  describe('are enabled', () => {
    it('where there is something for them to act on', () => {
      const { commands, model } = setUp(new FakeProjects({ account: null }));
      const acting = [
        'sign-out',
        'sync',
        'preview',
        'status',
        'unlink',
        'pause',
        'resume',
        'resolve-conflict',
        'pull',
        'approve',
        'share',
        'delete'
      ];
      const enabled = () => acting.filter(name => commands.isEnabled(`projects:${name}`));
      expect(enabled()).toEqual([]);
      model.set({ account: { id: 'u1', name: 'Alice' }, projects: [project()] });
      expect(enabled()).toEqual([
        ...['sign-out', 'sync', 'preview', 'status', 'unlink', 'pause'],
        ...['pull', 'share', 'delete']
      ]);
      model.set({
        projects: [project({ paused: true, conflicts: 1, role: 'writer', status: 'stopped' })]
      });
      expect(enabled()).toEqual([
        'sign-out',
        'sync',
        'preview',
        'status',
        'unlink',
        'resume',
        'resolve-conflict',
        'pull',
        'approve',
        'share'
      ]);
    });

    it('and say so when it changes', () => {
      const { commands, model } = setUp();
      let changes = 0;
      commands.commandChanged.connect(() => {
        changes += 1;
      });
      model.set({ projects: [] });
      expect(changes).toBeGreaterThan(0);
    });
  });
});
