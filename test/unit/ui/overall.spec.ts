import type { OverallSource } from '../../../src/ui/overall';
import { overall } from '../../../src/ui/overall';
import { project } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';

const calm: OverallSource = {
  connection: 'online',
  connectionMessage: '',
  cloudUrl: 'https://cloud.example/api/projects',
  projects: [project()]
};

const quiet = project({ id: 'p2', localPath: null, status: 'not-linked' });

describe('overall()', () => {
  it.each<[Partial<OverallSource>, string, string]>([
    [{}, 'synced', 'synced'],
    [{ projects: [] }, 'not-linked', 'none here yet'],
    [{ projects: [quiet] }, 'not-linked', 'none here yet'],
    [{ connection: 'loading' }, 'waiting', 'starting'],
    [{ cloudUrl: '' }, 'offline', 'no cloud is set'],
    [{ connection: 'signed-out' }, 'signed-out', 'signed out'],
    [{ connection: 'offline' }, 'offline', 'offline'],
    [{ connection: 'error' }, 'failed', 'needs attention'],
    [{ projects: [project({ status: 'syncing', conflicts: 1 })] }, 'syncing', 'syncing'],
    [
      { projects: [project(), project({ conflicts: 1 }), project({ conflicts: 1 })] },
      'conflicts',
      '2 conflicts'
    ],
    [{ projects: [project({ status: 'problems', problems: 1 })] }, 'problems', '1 problem'],
    [{ projects: [project({ status: 'stopped' })] }, 'stopped', 'stopped'],
    [{ projects: [project({ status: 'failed' })] }, 'failed', 'sync failed'],
    [{ projects: [project({ status: 'paused' })] }, 'paused', 'paused'],
    [{ projects: [project(), project({ status: 'paused' })] }, 'synced', 'synced'],
    [{ connection: 'offline', projects: [project({ conflicts: 1 })] }, 'conflicts', '1 conflict']
  ])('%#: %j', (change, status, words) => {
    const told = overall({ ...calm, ...change }, plainTrans);
    expect(told.status).toBe(status);
    expect(told.text).toContain(words);
  });
});
