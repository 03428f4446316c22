import { CloudReplica } from '../../../src/cloud/replica';
import { RulesChanged, SharedRules } from '../../../src/cloud/shared-rules';
import type { Known } from '../../../src/sync/replica';
import { json } from '../../support/fake-fetch';
import { ANY, EPOCH, fileAt, page, PROJECT, scripted } from './support';

const project = (revision: number | undefined, ...ignore: string[]) => ({
  id: PROJECT,
  name: 'one',
  metadata: { sync: { ignore } },
  owner: { type: 'user', id: EPOCH },
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  epoch: EPOCH,
  ...(revision !== undefined && { revision })
});

interface Cloud {
  revision: number;
  ignore: string[];
  /** Revisions of the files that the feed tells. */
  told: number[];
}

function following(cloud: Cloud, rules = new SharedRules()) {
  const { client, asked } = scripted({
    'GET /changes': () =>
      json({
        items: cloud.told.map(revision => fileAt(`${revision}.txt`, 'x', { revision })),
        revision: cloud.revision,
        has_more: false
      }),
    'GET /files': () => json(page([], { revision: cloud.revision, epoch: EPOCH })),
    'GET /': () => json(project(cloud.revision, ...cloud.ignore))
  });
  const replica = new CloudReplica({ client, projectId: PROJECT, rules });
  const scan = (since: number | null) => {
    const known: Known = {
      entries: new Map(),
      cursor: since === null ? null : `${EPOCH}:${since}`
    };
    return replica.scan(known, ANY);
  };
  return { scan, asked, rules };
}

it('should have the look begin anew when the rules are others than it began with', async () => {
  const { scan, rules } = following({ revision: 3, ignore: ['*.log'], told: [] });
  await expect(scan(null)).rejects.toBeInstanceOf(RulesChanged);
  expect(rules.patterns).toEqual(['*.log']);
  await expect(scan(null)).resolves.toMatchObject({ root: 'present' });
});

it.each([true, 'x', { ignore: 'x' }, { ignore: [1] }, null])(
  'should take %j, which is no list of patterns, for none',
  async sync => {
    const rules = new SharedRules();
    const { client } = scripted({
      'GET /files': json(page([], { revision: 1, epoch: EPOCH })),
      'GET /': json({ ...project(1), metadata: { sync } })
    });
    const replica = new CloudReplica({ client, projectId: PROJECT, rules });
    await replica.scan({ entries: new Map(), cursor: null }, ANY);
    expect(rules.patterns).toEqual([]);
  }
);

it('should ask the project once, and not while the feed explains each revision', async () => {
  const cloud: Cloud = { revision: 3, ignore: [], told: [] };
  const { scan, asked } = following(cloud);
  await scan(3);
  await scan(3);
  Object.assign(cloud, { revision: 5, told: [4, 5] });
  await scan(3);
  await scan(3);
  expect(asked().filter(each => each.trim() === 'GET')).toHaveLength(1);
});

it('should ask again when the feed leaves out a revision', async () => {
  const cloud: Cloud = { revision: 3, ignore: [], told: [] };
  const { scan, rules } = following(cloud);
  await scan(3);
  Object.assign(cloud, { revision: 5, told: [5], ignore: ['data/'] });
  await expect(scan(3)).rejects.toBeInstanceOf(RulesChanged);
  expect(rules.patterns).toEqual(['data/']);
  Object.assign(cloud, { revision: 6, told: [6] });
  await expect(scan(5)).resolves.toMatchObject({ root: 'present' });
});

it('should ask again when somebody else read the feed further than the rules are known for', async () => {
  const cloud: Cloud = { revision: 3, ignore: [], told: [] };
  const { scan } = following(cloud);
  await scan(3);
  Object.assign(cloud, { revision: 5, ignore: ['data/'] });
  await expect(scan(5)).rejects.toBeInstanceOf(RulesChanged);
});

it('should ask each time where the cloud has no revisions', async () => {
  const rules = new SharedRules();
  const told = [project(undefined), project(undefined, '*.csv')];
  const { client } = scripted(
    { 'GET /files': json(page([])), 'GET /': () => json(told.shift()) },
    null
  );
  const replica = new CloudReplica({ client, projectId: PROJECT, rules });
  const known: Known = { entries: new Map(), cursor: null };
  await replica.scan(known, ANY);
  await expect(replica.scan(known, ANY)).rejects.toBeInstanceOf(RulesChanged);
});
