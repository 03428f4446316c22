import { ContentsReplica } from '../../../src/local/contents-replica';
import type { Known, Scan } from '../../../src/sync/replica';
import { PlainJupyter } from '../../support/plain-jupyter';

const LONG_AGO = Date.parse('2026-01-01T00:00:00Z');

let jupyter: PlainJupyter;
let replica: ContentsReplica;
let known: Known;

const scan = (only?: readonly string[], ignores: (path: string) => boolean = () => false) =>
  replica.scan(known, { signal: new AbortController().signal, ignores, ...(only && { only }) });
const held = ({ entries }: Scan) =>
  Object.fromEntries([...entries].map(([path, { size }]) => [path, size]).sort());
/** What was asked since the last call, without what the clock asks. */
function asked(): string[] {
  return jupyter.requests
    .splice(0)
    .filter(request => request.includes('api/contents'))
    .map(request => request.replace(/^GET api\/contents\/p/, '').replace(/\?.*hash=1.*/, ' hash'))
    .map(request => (request.includes('content=1') ? `${request.split('?')[0]}/` : request))
    .map(request => request.split('?')[0] ?? '');
}

beforeEach(async () => {
  jupyter = new PlainJupyter();
  for (const path of ['a', 'b', 'd/c', 'd/e', 'd/f/g', 'h/i']) {
    jupyter.write(`p/${path}`, path);
  }
  jupyter.age(LONG_AGO);
  replica = new ContentsReplica({
    contents: jupyter.contents,
    serverSettings: jupyter.settings,
    root: 'p'
  });
  known = { entries: new Map(), cursor: null };
  known = await scan();
  asked();
});

it('should find what changed at a path, looking at nothing else', async () => {
  jupyter.write('p/d/c', 'longer');
  jupyter.write('p/b', 'not told');
  const seen = await scan(['d/c']);
  expect(held(seen)).toMatchObject({ 'd/c': 6, b: 1 });
  expect(asked()).toHaveLength(2);
  expect(held(seen)).toEqual({ ...held(await scan()), b: 1 });
});

it('should take nothing for gone but what its directory, listed, lacks', async () => {
  jupyter.remove('p/d/c');
  jupyter.remove('p/a');
  expect(Object.keys(held(await scan(['d/c'])))).toEqual([
    'a',
    'b',
    'd',
    'd/e',
    'd/f',
    'd/f/g',
    'h',
    'h/i'
  ]);
});

it('should find what is new, with the directories above and all below', async () => {
  jupyter.write('p/n/e/w', 'new');
  jupyter.write('p/n/other', 'new too');
  const seen = await scan(['n/e/w']);
  expect(held(seen)).toEqual(held(await scan()));
  expect(seen.entries.get('n/e')?.kind).toBe('directory');
});

it('should find that a directory went, with all that was below', async () => {
  jupyter.remove('p/d');
  const seen = await scan(['d/f/g', 'd/c']);
  expect(held(seen)).toEqual(held(await scan()));
  expect([...seen.entries.keys()].sort()).toEqual(['a', 'b', 'h', 'h/i']);
});

it('should follow a directory that was renamed, and one that took a file’s place', async () => {
  jupyter.remove('p/h');
  jupyter.write('p/moved/i', 'h/i');
  jupyter.remove('p/a');
  jupyter.write('p/a/inner', 'x');
  const seen = await scan(['h', 'moved', 'a']);
  expect(held(seen)).toEqual(held(await scan()));
  jupyter.remove('p/a');
  jupyter.write('p/a', 'a file again');
  known = seen;
  expect(held(await scan(['a']))).toEqual(held(await scan()));
});

it('should look once at a directory of which many paths are told', async () => {
  const paths = Array.from({ length: 20 }, (_, index) => `d/${index}`);
  paths.forEach(path => jupyter.write(`p/${path}`, path));
  expect(held(await scan(paths))).toEqual(held(await scan()));
  asked();
  known = await scan();
  asked();
  await scan(paths.slice(0, 10));
  expect(asked().filter(request => !request.includes('hash'))).toHaveLength(1);
});

it('should not take up a name that a listing does not show, nor what is ignored', async () => {
  jupyter.write('p/x.pyc', 'shown when asked for by name alone');
  jupyter.write('p/tmp/y', 'ignored');
  const seen = await scan(['tmp/y', 'tmp'], path => path === 'tmp');
  expect([...seen.entries.keys()]).not.toContain('tmp/y');
  expect(seen.ignored).toEqual(['tmp']);
});

it('should say that the root is gone', async () => {
  jupyter.remove('p');
  expect((await scan(['a'])).root).toBe('missing');
});

it('should scan everything where the server answers with an error', async () => {
  jupyter.write('p/b', 'seen by a scan alone');
  let refusals = 0;
  jupyter.before = request => {
    if (request.includes('p/a') && refusals === 0) {
      refusals += 1;
      return 500;
    }
    return undefined;
  };
  expect(held(await scan(['a']))).toMatchObject({ a: 1, b: 20 });
  expect(refusals).toBe(1);
});

it('should reject when the server is away', async () => {
  jupyter.before = () => {
    throw new TypeError('Failed to fetch');
  };
  await expect(scan(['a'])).rejects.toMatchObject({ code: 'offline' });
});

it('should look at nothing where it is told of nothing', async () => {
  const seen = await scan([]);
  expect(seen.entries).toEqual(known.entries);
  expect(jupyter.requests).toEqual([]);
});
