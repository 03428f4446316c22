import type { Activity, FileVersion } from '../../../../src/tokens';
import { filterActivity, kindOf } from '../../../../src/ui/activity/kinds';
import { mayBeUndone, versionBefore } from '../../../../src/ui/activity/undo';

const line = (traits: Partial<Activity>): Activity => ({
  at: '2026-03-01T12:00:00Z',
  projectId: 'p1',
  projectTitle: 'Whales',
  kind: 'action',
  path: 'data/a.csv',
  text: 'Updated here.',
  side: 'local',
  change: 'update',
  ...traits
});

const version = (versionId: string, createdAt: string, sha256: string): FileVersion => ({
  versionId,
  path: 'data/a.csv',
  size: 1,
  sha256,
  createdAt,
  author: null
});

describe('the log', () => {
  it('tells what went up from what came down, and both from what was deleted', () => {
    expect(kindOf(line({ side: 'cloud', change: 'create' }))).toBe('up');
    expect(kindOf(line({ side: 'local', change: 'move' }))).toBe('down');
    expect(kindOf(line({ side: 'cloud', change: 'delete' }))).toBe('deleted');
    expect(kindOf(line({ kind: 'problem' }))).toBe('problem');
    const { at, projectId, projectTitle, kind, path, text } = line({});
    expect(kindOf({ at, projectId, projectTitle, kind, path, text })).toBe('other');
  });

  it('is found by project, by a part of the path and by kind', () => {
    const lines = [
      line({}),
      line({ path: 'notes.txt' }),
      line({ path: null, kind: 'run' }),
      line({ projectId: 'p2' })
    ];
    const any = { projectId: null, text: '', kind: null };
    expect(filterActivity(lines, any)).toHaveLength(4);
    expect(filterActivity(lines, { ...any, projectId: 'p2' })).toEqual([lines[3]]);
    expect(filterActivity(lines, { ...any, text: ' NOTES' })).toEqual([lines[1]]);
    expect(filterActivity(lines, { ...any, kind: 'other' })).toEqual([lines[2]]);
  });
});

describe('undo', () => {
  const versions = [
    version('v4', '2026-03-02T00:00:00Z', 'dd'),
    version('v3', '2026-03-01T11:59:00Z', 'cc'),
    version('v2', '2026-02-01T00:00:00Z', 'cc'),
    version('v1', '2026-01-01T00:00:00Z', 'aa')
  ];

  it('is for what took a content away', () => {
    expect(mayBeUndone(line({}))).toBe(true);
    expect(mayBeUndone(line({ change: 'delete' }))).toBe(true);
    expect(mayBeUndone(line({ change: 'create' }))).toBe(false);
    expect(mayBeUndone(line({ kind: 'conflict' }))).toBe(false);
  });

  it('of a deletion is the last content by then', () => {
    expect(versionBefore(line({ change: 'delete' }), versions)?.versionId).toBe('v3');
  });

  it('of an update is the last other content before it', () => {
    expect(versionBefore(line({}), versions)?.versionId).toBe('v1');
  });

  it('is not there where the cloud keeps nothing from before', () => {
    expect(versionBefore(line({}), versions.slice(0, 2))).toBeNull();
    expect(versionBefore(line({ change: 'delete' }), [])).toBeNull();
  });
});
