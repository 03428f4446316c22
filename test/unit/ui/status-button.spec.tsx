/** @jest-environment jsdom */
import '../../support/jsdom-globals';

import { act } from 'react';
import { createRoot } from 'react-dom/client';

import { FakeProjects, project } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';
import { mockUiComponents } from '../../support/ui-components';

mockUiComponents();
const { StatusButton } = await import('../../../src/ui/components/status-button');

describe('the button in the status bar', () => {
  it('tells the state in words, and in its tooltip how changes are noticed', async () => {
    const model = new FakeProjects({ projects: [project()] });
    const clicks: number[] = [];
    const host = document.body.appendChild(document.createElement('div'));
    const root = createRoot(host);
    await act(async () =>
      root.render(
        <StatusButton projects={model} trans={plainTrans} onClick={() => clicks.push(1)} />
      )
    );
    const button = host.querySelector('button');
    expect(button?.textContent).toBe('Projects: synced');
    expect(button?.title).toBe('Show the Projects panel');
    await act(async () => model.set({ helper: { state: 'ready', reason: null } }));
    expect(button?.title.split('\n')).toEqual([
      'Show the Projects panel',
      'Changes are seen at once, by the helper kernel.'
    ]);
    await act(async () => model.set({ helper: { state: 'off', reason: 'disabled' } }));
    expect(button?.title).toContain('turned off in the settings');
    button?.click();
    expect(clicks).toEqual([1]);
    await act(async () => root.unmount());
    host.remove();
  });
});
