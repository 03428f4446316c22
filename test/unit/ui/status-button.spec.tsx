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
        <StatusButton
          projects={model}
          trans={plainTrans}
          locale="en"
          onClick={() => clicks.push(1)}
        />
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

  it('tells how far a sync is, how fast it goes and how long it takes yet, and can cancel it', async () => {
    const model = new FakeProjects({ projects: [project({ status: 'syncing' })] });
    const host = document.body.appendChild(document.createElement('div'));
    const root = createRoot(host);
    await act(async () =>
      root.render(
        <StatusButton projects={model} trans={plainTrans} locale="en" onClick={() => undefined} />
      )
    );
    expect(host.textContent).toBe('Projects: syncing…');
    const progress = {
      phase: 'transferring',
      filesDone: 12,
      filesTotal: 200,
      bytesDone: 1e6,
      bytesTotal: 2e7,
      bytesPerSecond: 1.2e6,
      secondsLeft: 118
    } as const;
    await act(async () => model.set({ progress: new Map([['p1', progress]]) }));
    expect(host.textContent).toBe('Projects: syncing 12 of 200');
    expect(host.querySelector('button')?.title.split('\n')[0]).toBe(
      'Whales: 12 of 200 files, 1 MB of 20 MB, 1.2 MB/s, about 2 minutes left'
    );
    host.querySelector<HTMLButtonElement>('[aria-label="Cancel the sync"]')?.click();
    expect(model.calls).toEqual([['cancel', 'p1']]);
    await act(async () => root.unmount());
    host.remove();
  });
});
