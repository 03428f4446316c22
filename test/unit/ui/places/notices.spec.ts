import { DisposableDelegate } from '@lumino/disposable';

import type { Notice } from '../../../../src/ui/places/notices';
import { Notices } from '../../../../src/ui/places/notices';
import type { FakeState } from '../../../support/fake-projects';
import { FakeProjects, project, report } from '../../../support/fake-projects';
import { plainTrans } from '../../../support/plain-trans';

function setUp(state: Partial<FakeState> = { projects: [project()] }) {
  const model = new FakeProjects(state);
  const told: Notice[] = [];
  const open = new Set<Notice>();
  const notices = new Notices({
    projects: model,
    trans: plainTrans,
    tell: notice => {
      told.push(notice);
      open.add(notice);
      return new DisposableDelegate(() => open.delete(notice));
    }
  });
  return { model, told, open, notices };
}

const stopped: Partial<FakeState> = {
  projects: [project({ status: 'stopped' })],
  reports: new Map([['p1', report({ state: 'stopped', stopReason: 'mass-delete' })]])
};

function conflicts(count: number): Partial<FakeState> {
  const found = Array.from({ length: count }, (_, index) => ({
    path: `${index}.txt`,
    copy: null,
    reason: 'changed on both sides'
  }));
  return {
    projects: [project({ status: count > 0 ? 'conflicts' : 'synced', conflicts: count })],
    reports: new Map([['p1', report({ state: 'conflicts', conflicts: found })]])
  };
}

describe('Notices', () => {
  it('say nothing of ordinary syncs, failures that are tried again, and problems', () => {
    const { model, told } = setUp();
    for (const status of ['syncing', 'synced', 'failed', 'offline', 'problems'] as const) {
      model.set({ projects: [project({ status, problems: 2 })] });
    }
    model.set({ connection: 'offline', connectionMessage: 'The cloud does not answer.' });
    expect(told).toEqual([]);
  });

  it('tell once of a stopped sync, with what can be done about it', () => {
    const { model, told, open } = setUp();
    model.set(stopped);
    model.set(stopped);
    model.set({ projects: [project({ status: 'syncing' })] });
    model.set(stopped);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain('The sync of “Whales” was stopped');
    expect(told[0]?.actions.map(({ label, command }) => [label, command])).toEqual([
      ['Show', 'show'],
      ['Restore', 'restore'],
      ['Approve…', 'approve']
    ]);
    expect(told[0]?.actions[0]?.args).toEqual({ projectId: 'p1' });
    expect(open.size).toBe(1);
  });

  it('take it back when the sync goes on, and tell again when another is stopped', () => {
    const { model, told, open } = setUp();
    model.set(stopped);
    model.set({ projects: [project({ status: 'synced' })] });
    expect(open.size).toBe(0);
    model.set(stopped);
    expect(told).toHaveLength(2);
  });

  it('offer only what has an effect', () => {
    const { model, told } = setUp();
    model.set({
      ...stopped,
      reports: new Map([['p1', report({ state: 'stopped', stopReason: 'root-replaced' })]])
    });
    expect(told[0]?.actions.map(({ label }) => label)).toEqual(['Show']);
  });

  it('tell of conflicts that come up, not of those that were open before', () => {
    const { model, told, open } = setUp(conflicts(2));
    expect(told).toEqual([]);
    model.set(conflicts(2));
    model.set(conflicts(1));
    expect(told).toEqual([]);
    model.set(conflicts(3));
    expect(told.map(({ text }) => text)).toEqual([
      '“Whales” has 3 conflicts. Choose what to keep in the Projects panel.'
    ]);
    expect(open.size).toBe(1);
    model.set(conflicts(2));
    expect(open.size).toBe(0);
    expect(told).toHaveLength(1);
    model.set(conflicts(0));
    expect(open.size).toBe(0);
  });

  it('do not tell again of conflicts that a stopped sync did not count', () => {
    const { model, told } = setUp(conflicts(0));
    model.set(conflicts(1));
    model.set(stopped);
    model.set(conflicts(1));
    expect(told.filter(({ text }) => text.includes('conflict'))).toHaveLength(1);
  });

  it('tell once of a sign-in that is needed, not of one’s own sign-out', () => {
    const { model, told, open } = setUp();
    model.set({ connection: 'signed-out', connectionMessage: '' });
    expect(told).toEqual([]);
    model.set({ connection: 'signed-out', connectionMessage: 'The key is no longer valid.' });
    model.set({});
    expect(told).toHaveLength(1);
    expect(told[0]?.actions[0]?.command).toBe('sign-in');
    model.set({ connection: 'online', connectionMessage: '' });
    expect(open.size).toBe(0);
  });

  it('say nothing of a sign-in where no folder needs it', () => {
    const { told } = setUp({ connection: 'signed-out', connectionMessage: 'No.', projects: [] });
    expect(told).toEqual([]);
  });

  it('take all back when disposed of, and when a project is unlinked', () => {
    const { model, open, notices } = setUp();
    model.set(stopped);
    model.set({ projects: [project({ localPath: null, status: 'not-linked' })] });
    expect(open.size).toBe(0);
    model.set(stopped);
    notices.dispose();
    expect(open.size).toBe(0);
  });
});
