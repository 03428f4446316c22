import type { IPaletteItem } from '@jupyterlab/apputils';
import { DisposableDelegate } from '@lumino/disposable';

import { PaletteEntries } from '../../../src/plugins/palette-entries';
import { FakeProjects, project } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';

function setUp(model: FakeProjects) {
  const items = new Set<IPaletteItem>();
  let added = 0;
  const entries = new PaletteEntries({
    projects: model,
    trans: plainTrans,
    add: item => {
      items.add(item);
      added += 1;
      return new DisposableDelegate(() => items.delete(item));
    }
  });
  const shown = () => [...items].map(({ command, args }) => [command, args?.['projectId']]);
  return { entries, shown, items, added: () => added };
}

describe('PaletteEntries', () => {
  it('are of each project those that fit it', () => {
    const model = new FakeProjects({
      projects: [
        project({ role: null }),
        project({ id: 'p2', localPath: 'b', paused: true, lastSync: null }),
        project({ id: 'p3', localPath: null, role: 'writer' }),
        project({ id: 'p4', localPath: null, role: 'finder' })
      ]
    });
    expect(setUp(model).shown()).toEqual([
      ['projects:sync', 'p1'],
      ['projects:preview', 'p1'],
      ['projects:show', 'p1'],
      ['projects:pause', 'p1'],
      ['projects:sync', 'p2'],
      ['projects:preview', 'p2'],
      ['projects:show', 'p2'],
      ['projects:resume', 'p2'],
      ['projects:share', 'p2'],
      ['projects:open', 'p3'],
      ['projects:share', 'p3'],
      ['projects:share', 'p4']
    ]);
  });

  it('change with the projects, and only then', () => {
    const model = new FakeProjects({ projects: [project()] });
    const { shown, added, entries } = setUp(model);
    const before = added();
    model.set({ projects: [project({ status: 'syncing', lastSync: '2026-02-02T00:00:00Z' })] });
    expect(added()).toBe(before);
    model.set({ projects: [project({ paused: true })] });
    expect(shown()).toContainEqual(['projects:resume', 'p1']);
    expect(shown()).not.toContainEqual(['projects:pause', 'p1']);
    model.set({ projects: [] });
    expect(shown()).toEqual([]);
    model.set({ projects: [project()] });
    entries.dispose();
    expect(shown()).toEqual([]);
  });

  it('are of those at hand, where there are many', () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      project({ id: `c${index}`, localPath: null, role: 'reader' })
    );
    const model = new FakeProjects({ projects: [...many, project({ id: 'here' })] });
    const { shown } = setUp(model);
    expect(new Set(shown().map(([, id]) => id)).size).toBe(20);
    expect(shown()[0]).toEqual(['projects:sync', 'here']);
  });
});
