/** @jest-environment jsdom */
import '../../../support/jsdom-globals';

import { Signal } from '@lumino/signaling';
import { act } from 'react';
import { createRoot } from 'react-dom/client';

import { FakeProjects, project } from '../../../support/fake-projects';
import { plainTrans } from '../../../support/plain-trans';
import { mockUiComponents } from '../../../support/ui-components';

mockUiComponents();
const { SyncButton } = await import('../../../../src/ui/places/sync-button');

async function render(model: FakeProjects, path: string | null) {
  const place = { path };
  const moved = new Signal<object, void>(place);
  const synced: string[] = [];
  const host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  await act(async () =>
    root.render(
      <SyncButton
        projects={model}
        trans={plainTrans}
        path={() => place.path}
        pathChanged={moved}
        sync={id => synced.push(id)}
      />
    )
  );
  const button = () => host.querySelector('button');
  const move = (to: string) =>
    act(async () => {
      place.path = to;
      moved.emit();
    });
  return { button, move, synced };
}

describe('the sync button of a toolbar', () => {
  it('is there for a document that is in a project, with its state in words', async () => {
    const model = new FakeProjects({ projects: [project()] });
    const { button, move, synced } = await render(model, 'elsewhere/a.ipynb');
    expect(button()).toBeNull();
    await move('Projects/whales/a.ipynb');
    expect(button()?.getAttribute('aria-label')).toBe('Sync project “Whales” now: Synced');
    button()?.click();
    expect(synced).toEqual(['p1']);
  });

  it('says that a sync is under way, and starts no other', async () => {
    const model = new FakeProjects({ projects: [project({ status: 'syncing' })] });
    const { button, synced } = await render(model, 'Projects/whales');
    expect(button()?.getAttribute('aria-disabled')).toBe('true');
    button()?.click();
    expect(synced).toEqual([]);
  });
});
