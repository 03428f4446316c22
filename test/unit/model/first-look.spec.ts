import { Signal } from '@lumino/signaling';

import { RulesChanged } from '../../../src/cloud/shared-rules';
import { FirstLook } from '../../../src/model/first-look';
import { DEFAULT_SETTINGS } from '../../../src/model/settings';
import { createIgnores } from '../../../src/sync/ignore';
import type { ProjectChoice } from '../../../src/tokens';
import { MemoryReplica } from '../../support/memory-replica';

describe('FirstLook', () => {
  let local: MemoryReplica;
  let cloud: MemoryReplica;
  let patterns: string[];
  let asked: ProjectChoice[];
  let look: FirstLook;

  beforeEach(() => {
    local = new MemoryReplica({ side: 'local' });
    cloud = new MemoryReplica({ side: 'cloud' });
    patterns = [];
    asked = [];
    look = new FirstLook({
      linking: {
        place: async choice => {
          asked.push(choice);
          const path = choice.path ?? 'Projects/whales';
          return { id: choice.projectId ?? '', cloudUrl: '', name: 'whales', ownerId: '', path };
        }
      },
      syncing: { replicas: async () => ({ local, cloud }) },
      ignores: { of: () => createIgnores({ patterns, syncHidden: false, excluded: [] }) },
      settings: { current: DEFAULT_SETTINGS, changed: new Signal<object, void>({}) }
    });
  });

  const told = async (choice: ProjectChoice): Promise<string[]> =>
    (await look.preview(choice)).report.actions.map(
      ({ side, kind, path, bytes }) => `${side} ${kind} ${path} ${bytes}`
    );

  it('of a new project sends all of the folder, whatever any project in the cloud holds', async () => {
    local.write('a.txt', 'abc');
    cloud.write('other.txt', 'of another project');
    expect(await told({ path: 'work/whales' })).toEqual(['cloud create a.txt 3']);
    expect(asked).toEqual([{ path: 'work/whales' }]);
  });

  it('of a project brings what it holds to a folder that is not there yet', async () => {
    cloud.write('a.txt', 'abc');
    local.root = 'missing';
    const { path, report } = await look.preview({ projectId: 'p1' });
    expect(path).toBe('Projects/whales');
    expect(report).toMatchObject({ dryRun: true, state: 'synced', stopReason: null });
    expect(report.actions).toMatchObject([{ side: 'local', kind: 'create', path: 'a.txt' }]);
  });

  it('changes nothing on either side', async () => {
    local.write('a.txt', 'abc');
    cloud.write('b.txt', 'abc');
    await look.preview({ projectId: 'p1', path: 'work/whales' });
    expect([...local.files().keys()]).toEqual(['a.txt']);
    expect([...cloud.files().keys()]).toEqual(['b.txt']);
  });

  it('looks again with the rules that the cloud has by now', async () => {
    local.write('a.txt', 'abc');
    local.write('a.log', 'left out');
    const scan = cloud.scan.bind(cloud);
    cloud.scan = async (known, options) => {
      if (patterns.length === 0) {
        patterns = ['*.log'];
        throw new RulesChanged();
      }
      return scan(known, options);
    };
    expect(await told({ projectId: 'p1' })).toEqual(['cloud create a.txt 3']);
  });

  it('rejects with why it could not look', async () => {
    cloud.before = () => {
      throw new Error('The cloud does not answer.');
    };
    await expect(look.preview({ projectId: 'p1' })).rejects.toMatchObject({
      name: 'ProjectsError',
      message: 'The cloud does not answer.'
    });
  });
});
