/** @jest-environment jsdom */
import '../../../support/jsdom-globals';

import { jest } from '@jest/globals';

import type { FileStatus } from '../../../../src/tokens';
import { FakeProjects, project } from '../../../support/fake-projects';
import { plainTrans } from '../../../support/plain-trans';
import { mockUiComponents } from '../../../support/ui-components';

mockUiComponents();
const { FileBadges } = await import('../../../../src/ui/places/file-badges');
const { paintBadge } = await import('../../../../src/ui/places/paint-badge');

const FILES: readonly FileStatus[] = [
  { path: 'calm.txt', status: 'synced', reason: '' },
  { path: 'data/deep/new.csv', status: 'local-change', reason: 'new here', where: 'local' },
  { path: 'data/deep/old.csv', status: 'synced', reason: '' },
  { path: 'data/far.csv', status: 'cloud-change', reason: 'new in the cloud', where: 'cloud' },
  { path: 'fight/a.txt', status: 'conflict', reason: 'changed on both sides' },
  { path: 'fight/b.txt', status: 'local-change', reason: 'changed here' },
  { path: 'junk', status: 'ignored', reason: 'matches an ignore rule', kind: 'directory' },
  { path: 'quiet/a.txt', status: 'synced', reason: '' }
];

function setUp(knownFiles: readonly FileStatus[] | null = FILES) {
  const model = new FakeProjects({ projects: [project()], knownFiles });
  const badges = new FileBadges({ projects: model, trans: plainTrans });
  const look = (path: string) => {
    const badge = badges.of(path);
    return badge && `${badge.letter}|${badge.text}`;
  };
  return { model, badges, look };
}

describe('FileBadges', () => {
  it('tells of a file its status by letter, and the reason in words', () => {
    const { look } = setUp();
    expect(look('Projects/whales/calm.txt')).toBe('S|Synced');
    expect(look('Projects/whales/data/deep/new.csv')).toBe(
      'U|Only here: goes up with the next sync. New here.'
    );
    expect(look('Projects/whales/fight/a.txt')).toBe('C|Conflict. Changed on both sides.');
  });

  it('tells of a folder what is to be said of the files in it, and the worst by its letter', () => {
    const { look } = setUp();
    expect(look('Projects/whales/data')).toBe('U|In this folder: 1 goes up, 1 comes down');
    expect(look('Projects/whales/data/deep')).toBe('U|In this folder: 1 goes up');
    expect(look('Projects/whales/fight')).toBe('C|In this folder: 1 conflict, 1 goes up');
    expect(look('Projects/whales/quiet')).toBe('S|In this folder: All synced');
  });

  it('marks the project’s own folder with the state of the project', () => {
    const { look, model, badges } = setUp();
    expect(look('Projects/whales')).toBe('|Project “Whales”: Synced');
    model.set({
      projects: [project({ status: 'stopped', message: 'Half of the files are gone.' })]
    });
    expect(look('Projects/whales')).toBe(
      '|Project “Whales”: Stopped for safety\nHalf of the files are gone.'
    );
    expect(badges.of('Projects/whales')?.tone).toBe('attention');
  });

  it('says nothing of what is in no project, or not known', () => {
    const { look } = setUp();
    expect(look('other.txt')).toBeNull();
    expect(look('Projects')).toBeNull();
    expect(look('Projects/whales and more/calm.txt')).toBeNull();
    expect(look('Projects/whales/unheard-of.txt')).toBeNull();
    expect(look('Projects/whales/empty')).toBeNull();
    expect(setUp(null).look('Projects/whales/calm.txt')).toBeNull();
  });

  it('takes what is in an ignored folder for ignored', () => {
    const { look } = setUp();
    expect(look('Projects/whales/junk')).toBe('I|Ignored. Matches an ignore rule.');
    expect(look('Projects/whales/junk/a/b.txt')).toBe('I|Ignored. Matches an ignore rule.');
  });

  it('asks the model for nothing but what it knows', () => {
    const { look, model } = setUp();
    look('Projects/whales/calm.txt');
    look('Projects/whales/data');
    expect(model.calls).toEqual([]);
  });

  it('marks a file that the helper saw change, until the next look', async () => {
    const { look, model, badges } = setUp();
    const changed = jest.fn();
    badges.changed.connect(changed);
    model.tellFilesChanged({ source: 'helper', paths: ['Projects/whales/quiet/a.txt'] });
    expect(changed).toHaveBeenCalledTimes(1);
    expect(look('Projects/whales/quiet/a.txt')).toBe(
      'U|Changed here: goes up with the next sync. Changed since the last look.'
    );
    expect(look('Projects/whales/quiet')).toBe('U|In this folder: 1 goes up');
    model.set({ files: FILES });
    await model.status({ projectId: 'p1' });
    expect(changed.mock.calls.length).toBeGreaterThan(1);
    expect(look('Projects/whales/quiet/a.txt')).toBe('S|Synced');
  });

  it('does not take what a sync wrote for a change of the person', () => {
    const { look, model } = setUp();
    model.tellFilesChanged({ source: 'sync', paths: ['Projects/whales/quiet/a.txt'] });
    model.tellFilesChanged({ source: 'server', paths: ['Projects/whales/quiet/a.txt'] });
    expect(look('Projects/whales/quiet/a.txt')).toBe('S|Synced');
  });

  it('is silent once disposed of', () => {
    const { badges, model } = setUp();
    const changed = jest.fn();
    badges.changed.connect(changed);
    badges.dispose();
    model.set({});
    expect(changed).not.toHaveBeenCalled();
  });
});

describe('paintBadge()', () => {
  it('adds letter, icon and words, describes the name with them, and takes them away', () => {
    const { badges } = setUp();
    const host = document.createElement('span');
    const name = host.appendChild(document.createElement('span'));
    paintBadge(host, badges.of('Projects/whales/fight/a.txt'), name);
    const node = host.querySelector('[role="img"]');
    expect(node?.getAttribute('aria-label')).toBe('Conflict. Changed on both sides.');
    expect(node?.getAttribute('title')).toBe('Conflict. Changed on both sides.');
    expect(node?.textContent).toBe('C');
    expect(node?.querySelector('[data-icon="jupyterlab-projects:conflict"]')).not.toBeNull();
    expect(node?.className).toContain('jp-mod-attention');
    expect(name.getAttribute('aria-describedby')).toBe(node?.id);

    paintBadge(host, badges.of('Projects/whales/calm.txt'), name);
    expect(host.querySelectorAll('[role="img"]')).toHaveLength(1);
    expect(host.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Synced');

    paintBadge(host, null, name);
    expect(host.querySelector('[role="img"]')).toBeNull();
    expect(name.hasAttribute('aria-describedby')).toBe(false);
  });
});
