/** @jest-environment jsdom */
import '../../../support/jsdom-globals';

import { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';

import { ProjectsError } from '../../../../src/tokens';
import type { Permission, Role } from '../../../../src/tokens';
import { FakeProjects, project } from '../../../support/fake-projects';
import { plainTrans } from '../../../support/plain-trans';
import { mockUiComponents } from '../../../support/ui-components';

mockUiComponents();
const { SharingView } = await import('../../../../src/ui/sharing/sharing-view');

const PERMISSIONS: readonly Permission[] = [
  { type: 'user_id', id: 'u1', relation: 'owner' },
  { type: 'user_id', id: 'u2', relation: 'reader' }
];

let root: Root;
let host: HTMLElement;
let copied: string[];

beforeEach(() => {
  copied = [];
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
});

async function show(role: Role | null, model = withRole(role)): Promise<FakeProjects> {
  await act(async () =>
    root.render(
      <SharingView
        projects={model}
        trans={plainTrans}
        projectId="p1"
        copy={text => copied.push(text)}
      />
    )
  );
  return model;
}

function withRole(role: Role | null): FakeProjects {
  return new FakeProjects({ projects: [project({ role })], permissions: PERMISSIONS });
}

function control<E extends HTMLElement>(name: string): E {
  const found = [...host.querySelectorAll<E>('select, input, button')].find(
    each => (each.getAttribute('aria-label') ?? each.textContent) === name
  );
  if (!found) {
    throw new Error(`There is no ${name}: ${host.textContent}`);
  }
  return found;
}

async function choose(name: string, value: string): Promise<void> {
  const select = control<HTMLSelectElement>(name);
  await act(async () => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

async function type(name: string, text: string): Promise<void> {
  const input = control<HTMLInputElement>(name);
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') ?? {};
  await act(async () => {
    set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const shares = (model: FakeProjects) => model.calls.filter(([name]) => name === 'share');
const status = () => host.querySelector('[role="status"]')?.textContent;

describe('the members of a project', () => {
  it('are changed, removed and added by an owner', async () => {
    const model = await show('owner');
    await choose('Role of u2', 'writer');
    expect(status()).toBe('The role of u2 is changed.');
    await act(async () => control('Remove u2').click());
    expect(status()).toBe('u2 has no role any more.');
    expect(document.activeElement?.textContent).toBe('Who has access');
    await type('Id of the person', 'u3');
    await choose('Role to give', 'writer');
    await act(async () => control('Give the role').click());
    await choose('With whom', 'organization');
    await type('Name of the organization', 'Reef Lab');
    await act(async () => control('Give the role').click());
    expect(shares(model)).toEqual([
      ['share', 'p1', 'user_id:u2', 'writer'],
      ['share', 'p1', 'user_id:u2', null],
      ['share', 'p1', 'user_id:u3', 'writer'],
      ['share', 'p1', 'org_name:Reef Lab', 'writer']
    ]);
    expect(control<HTMLInputElement>('Name of the organization').value).toBe('');
  });

  it('may be everybody', async () => {
    const model = await show('owner');
    await choose('What everybody may do', 'reader');
    await choose('What everybody may do', '');
    expect(shares(model)).toEqual([
      ['share', 'p1', '*', 'reader'],
      ['share', 'p1', '*', null]
    ]);
  });

  it('do not lock themselves out', async () => {
    await show('owner');
    expect(control<HTMLSelectElement>('Role of Alice (you)').disabled).toBe(true);
    expect(control<HTMLButtonElement>('Remove Alice (you)').disabled).toBe(true);
    expect(host.textContent).toContain('You can’t take your own role away: another owner can.');
  });

  it.each(['writer', 'reader'] as const)(
    'are seen by a %s, who is told why no more',
    async role => {
      const model = await show(role);
      expect(host.textContent).toContain('Only an owner can change who may.');
      expect(control<HTMLSelectElement>('Role of u2').disabled).toBe(true);
      expect(control<HTMLSelectElement>('Role of u2').title).toContain('Only an owner');
      expect(control<HTMLButtonElement>('Remove u2').disabled).toBe(true);
      expect(control<HTMLSelectElement>('What everybody may do').disabled).toBe(true);
      expect(host.querySelector('form')).toBeNull();
      expect(shares(model)).toEqual([]);
    }
  );

  it('are not asked for by a finder', async () => {
    const model = await show('finder');
    expect(model.calls).toEqual([]);
    expect(host.textContent).toContain('You can see that this project exists, and no more');
  });

  it('stay as they are when the cloud refuses, and it says why', async () => {
    const model = await show('owner');
    model.failure = new ProjectsError('invalid-arguments', '“u9” names nobody.');
    await type('Id of the person', 'u9');
    await act(async () => control('Give the role').click());
    expect(host.querySelector('[role="alert"]')?.textContent).toContain('“u9” names nobody.');
    expect(control<HTMLInputElement>('Id of the person').value).toBe('u9');
    expect(control<HTMLSelectElement>('Role of u2').value).toBe('reader');
  });

  it('are asked for again after a failure', async () => {
    const model = withRole('owner');
    model.failure = new ProjectsError('offline', 'The cloud does not answer.');
    await show('owner', model);
    expect(host.querySelector('[role="alert"]')?.textContent).toContain('does not answer');
    model.failure = null;
    await act(async () => control('Try again').click());
    expect(host.querySelector('[role="alert"]')).toBeNull();
    expect(control<HTMLSelectElement>('Role of u2').value).toBe('reader');
  });

  it('are told how to open the project, and their own id, by a copy', async () => {
    await show('reader');
    await act(async () => control('Copy how to open it').click());
    await act(async () => control('Copy my own id').click());
    expect(copied[0]).toContain('Project id: p1');
    expect(copied[1]).toBe('u1');
    expect(status()).toBe('Copied: your own id.');
  });
});
