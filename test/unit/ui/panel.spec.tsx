/** @jest-environment jsdom */
import '../../support/jsdom-globals';

import { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';

import { ProjectsError } from '../../../src/tokens';
import { Selection } from '../../../src/ui/selection';
import type { MenuEntry } from '../../../src/ui/ui-context';
import { FakePerson } from '../../support/fake-person';
import type { FakeState } from '../../support/fake-projects';
import { FakeProjects, project, report } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';
import { mockUiComponents } from '../../support/ui-components';

mockUiComponents();
const { PanelBody } = await import('../../../src/ui/components/panel-body');
const { UiProvider } = await import('../../../src/ui/ui-context');

let root: Root;
let host: HTMLElement;
let model: FakeProjects;
let person: FakePerson;
let selection: Selection;
let ran: unknown[][];
let menu: readonly MenuEntry[];

async function show(state: Partial<FakeState>, selected?: string): Promise<void> {
  model = new FakeProjects(state);
  person = new FakePerson();
  selection = new Selection();
  selection.select(selected ?? null);
  ran = [];
  await act(async () =>
    root.render(
      <UiProvider
        value={{
          projects: model,
          person,
          selection,
          trans: plainTrans,
          locale: 'en',
          run: (...call) => ran.push(call),
          has: command => command === 'projects:show-history',
          openFile: path => ran.push(['open', path]),
          showMenu: entries => {
            menu = entries;
          },
          reveal: path => ran.push(['reveal', path]),
          openSettings: () => ran.push(['settings'])
        }}
      >
        <PanelBody />
      </UiProvider>
    )
  );
}

const text = (): string => host.textContent ?? '';
const buttons = (): HTMLButtonElement[] => [...host.querySelectorAll('button')];
const nameOf = (button: HTMLElement): string =>
  button.getAttribute('aria-label') ?? button.textContent ?? '';

function button(name: string): HTMLButtonElement {
  const found = buttons().find(candidate => nameOf(candidate) === name);
  if (!found) {
    throw new Error(`No button “${name}”; there are: ${buttons().map(nameOf).join(', ')}`);
  }
  return found;
}

async function click(name: string): Promise<void> {
  await act(async () => button(name).click());
}

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
});

describe('the panel', () => {
  describe('says what to do next', () => {
    it('while it starts', async () => {
      await show({ connection: 'loading', account: null });
      expect(text()).toContain('Starting…');
      expect(text()).not.toContain('No projects yet');
    });

    it('when no cloud is set: the settings', async () => {
      await show({ connection: 'signed-out', account: null, cloudUrl: '' });
      expect(text()).toContain('No cloud is set');
      expect(host.querySelector('input')).toBeNull();
      await click('Open the settings');
      expect(ran).toEqual([['settings']]);
    });

    it('when there are no projects: turn a folder into one', async () => {
      await show({});
      await click('Hide these steps');
      expect(text()).toContain('No projects yet');
      await act(async () => host.querySelector<HTMLElement>('section button')?.click());
      expect(ran).toEqual([['projects:create']]);
      await click('Show the first steps');
      expect(text()).toContain('Choose a project');
    });

    it('when the cloud does not answer: work on, or try again', async () => {
      await show({
        connection: 'offline',
        connectionMessage: 'The cloud at host can’t be reached.',
        projects: [project({ status: 'offline' })]
      });
      expect(text()).toContain('The cloud at host can’t be reached. You can go on working');
      expect(text()).toContain('Whales');
      await click('Try again');
      expect(model.calls).toEqual([['refresh']]);
    });

    it('when the cloud took the key no more: why, above the form', async () => {
      await show({
        connection: 'signed-out',
        connectionMessage: 'This API key was revoked.',
        account: null
      });
      expect(host.querySelector('form [role=alert]')?.textContent).toBe(
        'This API key was revoked.'
      );
    });

    it('when it can’t work: why, as an alert', async () => {
      await show({ connection: 'error', connectionMessage: 'The state can’t be read.' });
      expect(host.querySelector('[role=alert]')?.textContent).toContain('The state can’t be read.');
      expect(nameOf(button('Try again'))).toBe('Try again');
    });

    it('follows the model', async () => {
      await show({ connection: 'loading' });
      await act(async () => model.set({ connection: 'online', projects: [project()] }));
      expect(text()).toContain('Whales');
      expect(text()).not.toContain('Starting…');
    });
  });

  describe('the first steps', () => {
    const there = project({ localPath: null, status: 'not-linked' });
    const current = (): string | null | undefined =>
      host.querySelector('[aria-current=step]')?.textContent;
    const preview = report({
      dryRun: true,
      actions: [{ path: 'a.txt', side: 'cloud', kind: 'create', reason: 'new here', bytes: 2000 }]
    });

    it('begin with signing in, and say what is sent', async () => {
      await show({ connection: 'signed-out', account: null });
      expect(current()).toBe('1Sign in');
      expect(text()).toContain('No file is read or sent');
    });

    it('go from a folder over what its first sync would do to that sync', async () => {
      await show({ firstPreview: { path: 'work/whales', report: preview } });
      expect(current()).toBe('2Choose a project');
      person.answers = { askFolder: ['work/whales'] };
      await click('Choose a folder…');
      expect(current()).toBe('3First sync');
      expect(model.calls).toEqual([['previewFirst', { path: 'work/whales' }]]);
      expect(text()).toContain('The folder “work/whales” becomes the project “whales”');
      expect(text()).toContain('Goes up: 1 change, 2 kB');
      await click('Start the first sync');
      expect(model.calls.at(-1)).toEqual(['create', 'work/whales', undefined]);
      expect(selection.projectId).toBe('new');
      expect(selection.setup).toBeNull();
    });

    it('go from a project in the cloud to the folder that was told', async () => {
      await show({ projects: [there] });
      await click('Choose this project');
      expect(text()).toContain('comes to the folder “Projects/whales”');
      await click('Start the first sync');
      expect(model.calls).toEqual([
        ['previewFirst', { projectId: 'p1' }],
        ['open', 'p1', 'Projects/whales']
      ]);
    });

    it('can be gone back, left, and come back to', async () => {
      await show({ projects: [there] });
      await click('Choose this project');
      await act(async () => model.set({ connection: 'offline' }));
      expect(current()).toBeUndefined();
      await act(async () => model.set({ connection: 'online' }));
      expect(current()).toBe('3First sync');
      await click('Back');
      expect(current()).toBe('2Choose a project');
      expect(document.activeElement?.getAttribute('aria-label')).toBe('First steps');
    });

    it('start nothing where it could not be told what would happen, and say why', async () => {
      await show({ projects: [there] });
      model.failure = new ProjectsError('offline', 'The cloud does not answer.');
      await click('Choose this project');
      expect(host.querySelector('.jp-Projects-firstRun [role=alert]')?.textContent).toBe(
        'The cloud does not answer.'
      );
      expect(button('Start the first sync').disabled).toBe(true);
    });

    it('are over once a folder is tied to a project', async () => {
      await show({ projects: [project()] });
      expect(host.querySelector('.jp-Projects-firstRun')).toBeNull();
    });
  });

  describe('signed out', () => {
    async function submit(key: string): Promise<void> {
      const input = host.querySelector('input');
      if (input) {
        input.value = key;
      }
      await act(async () => button('Sign in').click());
    }

    it('hides what is typed, says where the key is kept, and signs in with it', async () => {
      await show({ connection: 'signed-out', account: null });
      expect(host.querySelector('input')?.type).toBe('password');
      expect(text()).toContain('kept in this browser only');
      await submit(' secret ');
      expect(model.calls).toEqual([['signIn', 'secret']]);
      expect(text()).toContain('Alice');
      expect(host.innerHTML).not.toContain('secret');
    });

    it('tells in the form why it did not work', async () => {
      await show({ connection: 'signed-out', account: null });
      model.failure = new ProjectsError('signed-out', 'The cloud does not know this key.');
      await submit('wrong');
      expect(host.querySelector('[role=alert]')?.textContent).toBe(
        'The cloud does not know this key.'
      );
      expect(button('Sign in').disabled).toBe(false);
    });

    it('does not ask the cloud without a key', async () => {
      await show({ connection: 'signed-out', account: null });
      await submit('');
      expect(model.calls).toEqual([]);
      expect(host.querySelector('[role=alert]')?.textContent).toContain('Type your API key');
    });
  });

  describe('a project', () => {
    it('tells its status in words, and can be synced and paused', async () => {
      await show({ projects: [project({ status: 'conflicts', conflicts: 2 })] });
      expect(text()).toContain('2 conflicts to resolve');
      expect(text()).toContain('you own it');
      await click('Sync now');
      await click('Pause');
      expect(model.calls).toEqual([
        ['sync', { projectId: 'p1' }],
        ['pause', 'p1']
      ]);
    });

    it('of the cloud only can be opened or linked', async () => {
      await show({
        projects: [project({ localPath: null, status: 'not-linked', owner: 'Bob', role: 'reader' })]
      });
      expect(text()).toContain('you can only read');
      expect(text()).toContain('of Bob');
      await click('Open here');
      await click('Link to a folder…');
      expect(ran).toEqual([
        ['projects:open', { projectId: 'p1' }],
        ['projects:link', { projectId: 'p1' }]
      ]);
    });

    it('that may only be found can’t be opened', async () => {
      await show({
        projects: [project({ localPath: null, status: 'not-linked', role: 'finder' })]
      });
      expect(button('Open here').disabled).toBe(true);
    });

    it('shows the progress of its sync, which can be cancelled', async () => {
      await show({ projects: [project({ status: 'syncing' })] });
      expect(host.querySelector('[role=progressbar]')).toBeNull();
      await act(async () =>
        model.set({
          progress: new Map([
            [
              'p1',
              { phase: 'transferring', filesDone: 1, filesTotal: 4, bytesDone: 0, bytesTotal: 0 }
            ]
          ])
        })
      );
      const bar = host.querySelector('[role=progressbar]');
      expect(bar?.getAttribute('aria-valuenow')).toBe('25');
      expect(bar?.getAttribute('aria-valuetext')).toBe('1 of 4 files');
      expect(button('Sync now').disabled).toBe(true);
      await click('Cancel');
      expect(model.calls).toEqual([['cancel', 'p1']]);
    });

    it('tells the person what a failed button did not do', async () => {
      await show({ projects: [project()] });
      model.failure = new ProjectsError('offline', 'The cloud does not answer.');
      await click('Sync now');
      expect(person.errors).toEqual([
        { title: '“Whales” could not be synced', error: model.failure }
      ]);
    });

    it('unfolds by a button that says so', async () => {
      await show({ projects: [project()] });
      expect(button('Whales').getAttribute('aria-expanded')).toBe('false');
      await click('Whales');
      expect(button('Whales').getAttribute('aria-expanded')).toBe('true');
      expect(text()).toContain('Projects/whales');
    });
  });

  describe('the list', () => {
    const several = [
      project(),
      project({ id: 'p2', name: 'bats', title: 'Bats', localPath: null, status: 'not-linked' }),
      project({
        id: 'p3',
        name: 'owls',
        title: 'Owls',
        localPath: null,
        status: 'not-linked',
        role: 'reader',
        owner: 'Bob'
      })
    ];
    const sections = (): string[] =>
      [...host.querySelectorAll('.jp-Projects-section')].map(section => section.textContent ?? '');
    const titles = (): string[] =>
      [...host.querySelectorAll('.jp-Projects-itemTitle')].map(each => each.textContent ?? '');
    const search = (text: string) =>
      act(async () => {
        const box = host.querySelector<HTMLInputElement>('input[type=search]');
        const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
        setValue?.call(box, text);
        box?.dispatchEvent(new Event('input', { bubbles: true }));
      });

    it('has each project once: on this server, one’s own, or shared', async () => {
      await show({ projects: several });
      expect(sections().map(text => text.slice(0, 17))).toEqual([
        'On this server 1W',
        'My projects 1Bats',
        'Shared with me 1O'
      ]);
    });

    it('folds a section, and remembers it', async () => {
      await show({ projects: several });
      await click('My projects 1');
      expect(button('My projects 1').getAttribute('aria-expanded')).toBe('false');
      expect(titles()).toEqual(['Whales', 'Owls']);
      expect(selection.toJSON().folded).toEqual(['mine']);
    });

    it.each([
      ['bat', ['Bats']],
      ['BOB', ['Owls']],
      ['Projects/wh', ['Whales']],
      ['nothing', []]
    ])('finds by “%s” what has it in title, name, owner or folder', async (text, found) => {
      await show({ projects: several });
      await click('My projects 1');
      await search(text);
      expect(titles()).toEqual(found);
    });

    it('finds files of the project that is unfolded; Escape ends it', async () => {
      const files = ['data/deep.csv', 'notes.txt'].map(path => ({
        path,
        status: 'synced' as const,
        reason: ''
      }));
      await show({ projects: several, files }, 'p1');
      await search('deep');
      expect(titles()).toEqual(['Whales']);
      const paths = [...host.querySelectorAll<HTMLElement>('[role=treeitem]')].map(
        row => row.dataset['path']
      );
      expect(paths).toEqual(['data', 'data/deep.csv']);
      await act(async () => {
        host
          .querySelector('input[type=search]')
          ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      });
      expect(titles()).toHaveLength(3);
    });
  });

  describe('an unfolded project', () => {
    const files = [
      { path: 'ok.txt', status: 'synced', reason: '' },
      { path: 'both.txt', status: 'conflict', reason: 'changed on both sides' },
      { path: 'bad:name', status: 'problem', reason: 'A colon can’t be in a name here.' },
      { path: 'mine.txt', status: 'local-change', reason: '' }
    ] as const;

    const rows = (): HTMLElement[] => [...host.querySelectorAll<HTMLElement>('[role=treeitem]')];
    const names = (): string[] => rows().map(row => row.getAttribute('aria-label') ?? '');
    const press = (key: string, more: KeyboardEventInit = {}) =>
      act(async () => {
        host
          .querySelector('[role=tree]')
          ?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
      });
    const activeRow = (): string | undefined => {
      const id = host.querySelector('[role=tree]')?.getAttribute('aria-activedescendant');
      return rows().find(row => row.id === id)?.dataset['path'];
    };

    it('shows its files as a tree, each with its status in words and as a letter', async () => {
      await show({ projects: [project()], files }, 'p1');
      expect(names()).toEqual([
        'bad:name, Problem. A colon can’t be in a name here.',
        'both.txt, Conflict. Changed on both sides.',
        'mine.txt, Changed here: goes up with the next sync',
        'ok.txt, Synced'
      ]);
      expect(rows().map(row => row.querySelector('.jp-Projects-rowLetter')?.textContent)).toEqual([
        'P',
        'C',
        'U',
        'S'
      ]);
    });

    it('shows only conflicts, or what goes up, by a button that counts them', async () => {
      await show({ projects: [project()], files }, 'p1');
      await click('Goes up 1');
      expect(button('Goes up 1').getAttribute('aria-pressed')).toBe('true');
      expect(rows().map(row => row.dataset['path'])).toEqual(['mine.txt']);
      await click('Goes up 1');
      expect(rows()).toHaveLength(4);
    });

    it('opens folders and files by the keyboard alone', async () => {
      const deep = ['data/a.csv', 'data/b.csv', 'notes.txt'].map(path => ({
        path,
        status: 'synced' as const,
        reason: ''
      }));
      await show({ projects: [project()], files: deep }, 'p1');
      expect(rows()).toHaveLength(2);
      await press('ArrowRight');
      expect(rows()).toHaveLength(4);
      expect(rows()[0]?.getAttribute('aria-expanded')).toBe('true');
      await press('ArrowDown');
      await press('ArrowDown');
      expect(activeRow()).toBe('data/b.csv');
      await press('Enter');
      expect(ran).toEqual([['open', 'Projects/whales/data/b.csv']]);
      await press('n');
      expect(activeRow()).toBe('notes.txt');
      await press('Home');
      await press('ArrowLeft');
      expect(rows()).toHaveLength(2);
      expect([...selection.openFolders('p1')]).toEqual([]);
    });

    it('has a menu of what can be done with a file', async () => {
      await show({ projects: [project()], files }, 'p1');
      await press('F10', { shiftKey: true });
      expect(menu.map(({ label }) => label)).toEqual([
        'Open',
        'Show in the File Browser',
        'Show Its History'
      ]);
      menu[2]?.run();
      expect(ran).toEqual([['projects:show-history', { projectId: 'p1', path: 'bad:name' }]]);
    });

    it('opens no file that is only in the cloud, and says so', async () => {
      const there = [
        { path: 'there.txt', status: 'cloud-change', reason: 'new', where: 'cloud' }
      ] as const;
      await show({ projects: [project()], files: there }, 'p1');
      expect(names()[0]).toContain('Only in the cloud: comes down with the next sync. New.');
      await press('Enter');
      expect(ran).toEqual([]);
      expect(person.told[0]?.text).toContain('only in the cloud');
    });

    it('has only the rows in sight of 10,000 files', async () => {
      const many = Array.from({ length: 10_000 }, (_, index) => ({
        path: `f${index}`,
        status: 'synced' as const,
        reason: ''
      }));
      await show({ projects: [project()], files: many }, 'p1');
      expect(rows().length).toBeLessThan(60);
      expect(rows()[0]?.getAttribute('aria-setsize')).toBe('10000');
      await press('End');
      expect(activeRow()).toBe('f9999');
    });

    it.each([
      ['Keep mine', 'keep-local'],
      ['Keep the cloud’s', 'keep-cloud'],
      ['Keep both', 'keep-both']
    ])('settles a conflict by “%s”', async (label, choice) => {
      await show({ projects: [project({ conflicts: 1 })], files }, 'p1');
      await click(label);
      expect(model.calls.at(-1)).toEqual(['resolveConflict', 'p1', 'both.txt', choice]);
      expect(document.activeElement?.getAttribute('aria-label')).toBe('Conflicts');
    });

    it('names the copy that the last sync made', async () => {
      const last = report({
        state: 'conflicts',
        conflicts: [{ path: 'both.txt', copy: 'both (conflict 1a2b3c4d).txt', reason: '' }]
      });
      await show({ projects: [project()], files, reports: new Map([['p1', last]]) }, 'p1');
      expect(text()).toContain('Your content is in “both (conflict 1a2b3c4d).txt”.');
    });

    it('says why its files could not be told', async () => {
      await show({ projects: [project()] });
      model.failure = new ProjectsError('offline', 'The cloud does not answer.');
      await click('Whales');
      expect(host.querySelector('.jp-Projects-details [role=alert]')?.textContent).toBe(
        'The cloud does not answer.'
      );
    });

    it('looks at the files again after a sync that changed something, and only then', async () => {
      await show({ projects: [project()], files }, 'p1');
      const looks = () => model.calls.filter(([name]) => name === 'status').length;
      expect(looks()).toBe(1);
      await act(async () => model.set({ reports: new Map([['p1', report()]]) }));
      expect(looks()).toBe(1);
      const changed = report({
        actions: [{ path: 'a', side: 'local', kind: 'create', reason: '', bytes: 1 }]
      });
      await act(async () => model.set({ reports: new Map([['p1', changed]]) }));
      expect(looks()).toBe(2);
    });

    it('tells what a sync would do, each with its reason', async () => {
      const preview = report({
        dryRun: true,
        actions: [
          { path: 'a.txt', side: 'cloud', kind: 'create', reason: 'new here', bytes: 2000 },
          {
            path: 'c.txt',
            from: 'b.txt',
            side: 'local',
            kind: 'move',
            reason: 'renamed in the cloud',
            bytes: 0
          }
        ]
      });
      await show({ projects: [project()], reports: new Map([['p1', preview]]) }, 'p1');
      await act(async () => {
        const fold = [...host.querySelectorAll('details')].find(one =>
          one.textContent?.includes('What would a sync do?')
        );
        if (fold) {
          fold.open = true;
          fold.dispatchEvent(new Event('toggle'));
        }
      });
      await click('Look');
      const groups = [...host.querySelectorAll('.jp-Projects-preview summary')];
      expect(groups.map(each => each.textContent)).toEqual([
        'Goes up: 1 change, 2 kB',
        'Comes down: 1 change'
      ]);
      const rows = [...host.querySelectorAll('.jp-Projects-actions li')].map(
        row => row.textContent
      );
      expect(rows).toEqual([
        'Upload a.txt (2 kB)new here',
        'Rename here b.txt → c.txt renamed in the cloud'
      ]);
      await act(async () =>
        model.set({ reports: new Map([['p1', { ...preview, dryRun: false }]]) })
      );
      expect(host.querySelector('.jp-Projects-actions')).toBeNull();
    });

    it('what a stopped sync would delete, with the two words to say to it', async () => {
      const stopped = report({
        state: 'stopped',
        stopReason: 'mass-delete',
        actions: [
          { path: 'a.txt', side: 'cloud', kind: 'delete', reason: 'deleted here', bytes: 0 },
          { path: 'b.txt', side: 'cloud', kind: 'create', reason: 'new here', bytes: 1 }
        ]
      });
      const state = {
        projects: [project({ status: 'stopped' as const })],
        reports: new Map([['p1', stopped]])
      };
      await show(state, 'p1');
      const section = host.querySelector('section[aria-label="Stopped for safety"]');
      expect(text()).toContain('it would have deleted most of the files on one side');
      const rows = [...(section?.querySelectorAll('li') ?? [])].map(row => row.textContent);
      expect(rows).toEqual(['Delete in the cloud a.txt deleted here']);
      expect(section?.textContent).toContain('Undoes the deletions');
      await click('Restore');
      await click('Approve');
      const said = model.calls.filter(([call]) => call === 'restore' || call === 'approve');
      expect(said).toEqual([
        ['restore', 'p1'],
        ['approve', 'p1']
      ]);
      const approve = button('Approve');
      await act(async () => model.set({ projects: [project({ status: 'syncing' })] }));
      await act(async () => model.set({ ...state, reports: new Map([['p1', { ...stopped }]]) }));
      expect(button('Approve')).toBe(approve);
      await act(async () =>
        model.set({ projects: [project()], reports: new Map([['p1', report()]]) })
      );
      expect(buttons().map(nameOf)).not.toContain('Approve');
    });

    it('has all of what a stopped sync would delete, of which only what is in sight is there', async () => {
      const actions = Array.from({ length: 5000 }, (_, index) => ({
        path: `f${index}`,
        side: 'cloud' as const,
        kind: 'delete' as const,
        reason: 'deleted here',
        bytes: 0
      }));
      const stopped = report({ state: 'stopped', stopReason: 'mass-delete', actions });
      await show(
        { projects: [project({ status: 'stopped' })], reports: new Map([['p1', stopped]]) },
        'p1'
      );
      expect(text()).toContain('Stopped: it would have deleted most of the files on one side');
      const fold = host.querySelector<HTMLDetailsElement>('.jp-Projects-stopped details');
      await act(async () => {
        if (fold) {
          fold.open = true;
          fold.dispatchEvent(new Event('toggle'));
        }
      });
      const items = host.querySelectorAll('.jp-Projects-stopped [role=listitem]');
      expect(items.length).toBeGreaterThan(5);
      expect(items.length).toBeLessThan(80);
      expect(items[0]?.getAttribute('aria-setsize')).toBe('5000');
      expect(items[0]?.textContent).toBe('Delete in the cloud f0deleted here');
    });

    it('why it could not be told what a stopped sync would delete', async () => {
      const stopped = report({ state: 'stopped', stopReason: 'mass-delete' });
      await show({
        projects: [project({ status: 'stopped' })],
        reports: new Map([['p1', stopped]])
      });
      model.failure = new ProjectsError('offline', 'The cloud does not answer.');
      await act(async () => selection.select('p1'));
      expect(text()).toContain('What was stopped could not be told. The cloud does not answer.');
      model.failure = null;
      await click('Look again');
      expect(buttons().map(nameOf)).toContain('Restore');
    });

    it('leads to its folder', async () => {
      await show({ projects: [project()] }, 'p1');
      await click('Projects/whales');
      expect(ran).toEqual([['reveal', 'Projects/whales']]);
    });
  });

  it('lists the activity, newest first, when it is unfolded', async () => {
    const activity = [
      {
        at: new Date(Date.now() - 120_000).toISOString(),
        projectId: 'p1',
        projectTitle: 'Whales',
        kind: 'action',
        path: 'a.txt',
        text: 'Uploaded: new here.'
      },
      {
        at: new Date(Date.now() - 7_200_000).toISOString(),
        projectId: 'p1',
        projectTitle: 'Whales',
        kind: 'run',
        path: null,
        text: 'Synced.'
      }
    ] as const;
    await show({ activity });
    expect(text()).not.toContain('Uploaded');
    await act(async () => selection.showActivity(true));
    const rows = [...host.querySelectorAll('.jp-Projects-activity li')].map(row => row.textContent);
    expect(rows).toEqual([
      'Uploaded: new here.a.txtWhales · 2 minutes ago',
      'Synced.Whales · 2 hours ago'
    ]);
  });

  it('brings back what a line of the activity took away, once the person is sure', async () => {
    const line = {
      at: '2026-03-01T12:00:00Z',
      projectId: 'p1',
      projectTitle: 'Whales',
      kind: 'action',
      path: 'a.txt',
      text: 'Deleted here: deleted in the cloud.',
      side: 'local',
      change: 'delete'
    } as const;
    const version = {
      versionId: 'v1',
      path: 'a.txt',
      size: 5,
      sha256: null,
      createdAt: '2026-02-01T00:00:00Z',
      author: null
    };
    await show({ projects: [project()], activity: [line], versions: [version] });
    await act(async () => selection.showActivity(true));
    person.answers = { confirm: [false, true] };
    await click('Undo…');
    expect(model.calls).toEqual([['history', 'p1', 'a.txt']]);
    await click('Undo…');
    expect(model.calls.at(-1)).toEqual(['restoreVersion', 'p1', 'a.txt', 'v1']);
    await act(async () => model.set({ versions: [] }));
    await click('Undo…');
    expect(person.told.at(-1)?.text).toContain('can’t be undone');
    await act(async () => model.set({ projects: [project({ localPath: null })] }));
    expect(buttons().map(nameOf)).not.toContain('Undo…');
  });

  it('says at its foot whether changes are seen at once, and why not', async () => {
    const foot = () => host.querySelector('.jp-Projects-helper')?.textContent ?? null;
    await show({});
    expect(foot()).toBeNull();
    await act(async () => model.set({ helper: { state: 'ready', reason: null } }));
    expect(foot()).toContain('seen at once');
    await act(async () => model.set({ helper: { state: 'off', reason: 'no-python' } }));
    expect(foot()).toContain('no Python kernel');
    expect(host.querySelector('[role=alert]')).toBeNull();
  });

  it('gives every button a name and tells the state of all politely', async () => {
    await show({ projects: [project({ conflicts: 1 })] }, 'p1');
    expect(buttons().filter(one => nameOf(one).trim() === '')).toEqual([]);
    expect(host.querySelector('[aria-live=polite]')?.textContent).toBe('Projects: 1 conflict');
  });
});
