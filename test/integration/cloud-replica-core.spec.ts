import { createHash } from 'node:crypto';

import { CloudClient } from '../../src/cloud/client';
import { CloudReplica } from '../../src/cloud/replica';
import type { Entry } from '../../src/sync/entry';
import type { Known, Operation, Outcome, Scan } from '../../src/sync/replica';
import type { CloudServer } from '../support/cloud-server';
import { startCloud } from '../support/cloud-server';
import { RawProject } from '../support/raw-project';

const ANY = { signal: new AbortController().signal, ignores: () => false };
const NOTHING: Known = { entries: new Map(), cursor: null };

const sha = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');
const put = (path: string, text: string, expected: Entry | null = null): Operation => ({
  op: 'put',
  path,
  content: new TextEncoder().encode(text),
  sha256: sha(text),
  expect: expected
});
const shape = (scan: Scan) =>
  Object.fromEntries([...scan.entries].map(([path, entry]) => [path, entry.sha256 ?? entry.kind]));
const statuses = (outcomes: readonly Outcome[]) =>
  outcomes.map(outcome => (outcome.status === 'failed' ? outcome.problem.code : outcome.status));

describe('CloudReplica over a cloud with the core only', () => {
  let cloud: CloudServer;
  let raw: RawProject;
  let replica: CloudReplica;
  let requests: string[];

  beforeAll(async () => {
    cloud = await startCloud({ coreOnly: true });
  }, 120_000);

  afterAll(async () => {
    await cloud?.stop();
  });

  beforeEach(async () => {
    raw = await RawProject.create(cloud.url, cloud.keys.alice);
    requests = [];
    const client = new CloudClient({
      baseUrl: cloud.url,
      token: () => cloud.keys.alice,
      fetch: async (input, init = {}) => {
        const { pathname } = new URL(String(input));
        requests.push(`${init.method} ${pathname.replace(`/api/projects/${raw.id}`, '')}`);
        return fetch(input, init);
      }
    });
    replica = new CloudReplica({ client, projectId: raw.id });
    await client.capabilities();
    requests.length = 0;
  });

  const scan = (known: Known = NOTHING, options = {}) =>
    replica.scan(known, { ...ANY, ...options });
  const entryAt = async (path: string) => (await scan()).entries.get(path)!;

  it('should learn hashes by reading, once, and directories from the files in them', async () => {
    await raw.write('d/e/one.txt', 'one');
    await raw.write('two.txt', 'two');
    const first = await scan();
    expect(first).toMatchObject({ root: 'present', cursor: null, unknown: [], problems: [] });
    expect(shape(first)).toEqual({
      d: 'directory',
      'd/e': 'directory',
      'd/e/one.txt': sha('one'),
      'two.txt': sha('two')
    });
    requests.length = 0;
    const second = await scan(first);
    expect(requests).toEqual(['GET /files']);
    expect(second.entries.get('two.txt')).toBe(first.entries.get('two.txt'));
    await raw.write('two.txt', 'TWO');
    requests.length = 0;
    expect(shape(await scan(second))['two.txt']).toBe(sha('TWO'));
    expect(requests.filter(each => each.startsWith('GET /files/'))).toEqual(['GET /files/two.txt']);
  });

  it('should read everything again when asked to verify', async () => {
    await raw.write('a.txt', 'a');
    const first = await scan();
    const wrong = { ...first.entries.get('a.txt')!, sha256: sha('something else') };
    const known = { entries: new Map([['a.txt', wrong]]), cursor: null };
    expect(shape(await scan(known))).toEqual({ 'a.txt': sha('something else') });
    expect(shape(await scan(known, { verify: true }))).toEqual({ 'a.txt': sha('a') });
  });

  it('should neither list nor read what is ignored', async () => {
    await raw.write('d/one.txt', 'one');
    await raw.write('two.log', 'two');
    const ignores = (path: string) => path === 'd' || path.endsWith('.log');
    expect(shape(await scan(NOTHING, { ignores }))).toEqual({});
    expect(requests).toEqual(['GET /files']);
  });

  it('should tell that the project is gone', async () => {
    await raw.removeRoot();
    expect((await scan()).root).toBe('missing');
  });

  it('should write what the next scan knows already', async () => {
    const outcomes = await replica.apply(
      [put('new/a.txt', 'a'), put('b 100% #1?.txt', ''), { op: 'mkdir', path: 'hollow' }],
      ANY
    );
    expect(statuses(outcomes)).toEqual(['applied', 'applied', 'applied']);
    expect(await raw.text('new/a.txt')).toBe('a');
    const entries = new Map<string, Entry>();
    for (const [index, path] of ['new/a.txt', 'b 100% #1?.txt', 'hollow'].entries()) {
      const outcome = outcomes[index]!;
      entries.set(path, (outcome.status === 'applied' && outcome.entry) as Entry);
    }
    requests.length = 0;
    const after = await scan({ entries, cursor: null });
    expect(requests).toEqual(['GET /files']);
    expect(shape(after)).toEqual({
      'b 100% #1?.txt': sha(''),
      hollow: 'directory',
      new: 'directory',
      'new/a.txt': sha('a')
    });
  });

  it('should overwrite and delete what is as expected', async () => {
    await raw.write('a.txt', 'old');
    await raw.write('b.txt', 'b');
    const { entries } = await scan();
    const outcomes = await replica.apply(
      [
        put('a.txt', 'new', entries.get('a.txt')!),
        { op: 'delete', path: 'b.txt', expect: entries.get('b.txt')! }
      ],
      ANY
    );
    expect(statuses(outcomes)).toEqual(['applied', 'applied']);
    expect(shape(await scan())).toEqual({ 'a.txt': sha('new') });
  });

  it('should change nothing that is not as expected', async () => {
    await raw.write('a.txt', 'old');
    await raw.write('b.txt', 'old');
    await raw.write('c.txt', 'old');
    await raw.write('d/inside.txt', 'inside');
    const { entries } = await scan();
    await raw.write('a.txt', 'EDT');
    await raw.write('b.txt', 'EDT');
    await raw.remove('c.txt');
    const outcomes = await replica.apply(
      [
        put('a.txt', 'new', entries.get('a.txt')!),
        { op: 'delete', path: 'b.txt', expect: entries.get('b.txt')! },
        put('c.txt', 'new', entries.get('c.txt')!),
        put('d', 'mine'),
        put('d/inside.txt/below', 'mine'),
        { op: 'delete', path: 'd', expect: entries.get('d')! },
        { op: 'mkdir', path: 'a.txt' },
        { op: 'mkdir', path: 'a.txt/below' },
        put('../out.txt', 'out')
      ],
      ANY
    );
    expect(statuses(outcomes)).toEqual([
      'changed',
      'changed',
      'changed',
      'changed',
      'changed',
      'not-empty',
      'failed',
      'failed',
      'invalid-name'
    ]);
    expect(shape(await scan())).toEqual({
      'a.txt': sha('EDT'),
      'b.txt': sha('EDT'),
      d: 'directory',
      'd/inside.txt': sha('inside')
    });
  });

  it('should take what is there already, or gone already, for done', async () => {
    await raw.write('a.txt', 'same');
    await raw.write('b.txt', 'b');
    const gone = await entryAt('b.txt');
    await raw.remove('b.txt');
    const outcomes = await replica.apply(
      [put('a.txt', 'same'), { op: 'delete', path: 'b.txt', expect: gone }],
      ANY
    );
    expect(statuses(outcomes)).toEqual(['applied', 'applied']);
    expect(requests.filter(each => each.startsWith('PUT') || each.startsWith('DELETE'))).toEqual(
      []
    );
  });

  it('should move files and directories', async () => {
    await raw.write('a.txt', 'a');
    await raw.write('d/one.txt', 'one');
    await raw.write('d/e/two.txt', 'two');
    await raw.write('taken.txt', 'taken');
    const { entries } = await scan();
    const move = (from: string, path: string): Operation => ({
      op: 'move',
      from,
      path,
      expect: entries.get(from)!
    });
    const outcomes = await replica.apply([move('a.txt', 'x/b.txt'), move('d', 'f')], ANY);
    expect(statuses(outcomes)).toEqual(['applied', 'applied']);
    expect(statuses(await replica.apply([move('taken.txt', 'f/one.txt')], ANY))).toEqual([
      'changed'
    ]);
    expect(shape(await scan())).toEqual({
      f: 'directory',
      'f/e': 'directory',
      'f/e/two.txt': sha('two'),
      'f/one.txt': sha('one'),
      'taken.txt': sha('taken'),
      x: 'directory',
      'x/b.txt': sha('a')
    });
  });

  it('should read a file, and tell when it is another or gone', async () => {
    await raw.write('a.txt', 'a');
    await raw.write('b.txt', 'b');
    await raw.write('c.txt', 'c');
    const { entries } = await scan();
    await raw.write('b.txt', 'B');
    await raw.remove('c.txt');
    const results = await replica.read(
      ['a.txt', 'b.txt', 'c.txt'].map(path => ({ path, entry: entries.get(path)! })),
      ANY
    );
    expect(results.map(result => result.status)).toEqual(['read', 'changed', 'changed']);
  });
});
