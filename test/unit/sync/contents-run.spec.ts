import { ContentsReplica } from '../../../src/local/contents-replica';
import { LocalReplicas } from '../../../src/local/local-replicas';
import { Engine } from '../../support/engine';
import type { MemoryReplica } from '../../support/memory-replica';
import { PlainJupyter } from '../../support/plain-jupyter';

const ROOT = 'project';
const MINUTE = 60_000;

let jupyter: PlainJupyter;
let engine: Engine;
let cloud: MemoryReplica;

/** One run, in a page that has just been opened. */
function sync() {
  const { contents, settings } = jupyter;
  const local = new ContentsReplica({ contents, serverSettings: settings, root: ROOT });
  return engine.sync({ replicas: { local, cloud } });
}

/** A project that is synced, holds these texts, and was written long ago. */
async function synced(texts: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    jupyter.write(`${ROOT}/${path}`, text);
  }
  jupyter.age(Date.now() + jupyter.skew - 10 * MINUTE);
  expect((await sync()).state).toBe('synced');
}

beforeEach(() => {
  jupyter = new PlainJupyter();
  jupyter.mkdir(ROOT);
  engine = new Engine();
  ({ cloud } = engine);
});

/** Changes a file so that its listing looks as before. */
function changeUnseen(path: string, text: string): void {
  jupyter.write(`${ROOT}/${path}`, text, jupyter.modified(`${ROOT}/${path}`));
}

describe('a file that changed though its size and time stamp did not', () => {
  it('should be looked at anew once an overwrite found it, and be in conflict', async () => {
    await synced({ 'n.txt': 'base', other: '1' });
    changeUnseen('n.txt', 'mine');
    cloud.write('n.txt', 'theirs');
    const report = await sync();
    expect(report).toMatchObject({ state: 'conflicts', problems: [] });
    expect(Object.values(jupyter.texts(ROOT)).sort()).toEqual(['1', 'mine', 'theirs']);
    expect(cloud.texts()).toEqual(jupyter.texts(ROOT));
  });

  it('should be looked at anew once a deletion found it, and come back', async () => {
    await synced({ 'n.txt': 'base', other: '1', third: '2' });
    changeUnseen('n.txt', 'mine');
    cloud.remove('n.txt');
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(cloud.texts()).toEqual({ 'n.txt': 'mine', other: '1', third: '2' });
  });

  it('should be looked at anew once a move found it, and go along with it', async () => {
    await synced({ 'n.txt': 'base', other: '1' });
    changeUnseen('n.txt', 'mine');
    cloud.rename('n.txt', 'moved.txt');
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(cloud.texts()).toEqual({ 'moved.txt': 'mine', other: '1' });
    expect(jupyter.texts(ROOT)).toEqual(cloud.texts());
  });

  it('should be looked at anew once it could not be read as known, and be sent', async () => {
    await synced({ 'n.txt': 'base', other: '1' });
    changeUnseen('n.txt', 'edit');
    jupyter.age(Date.now() - 5 * MINUTE);
    cloud.before = call =>
      call.call === 'apply'
        ? { path: 'n.txt', code: 'quota-exceeded', message: 'full' }
        : undefined;
    expect((await sync()).state).toBe('partial');
    cloud.before = null;
    changeUnseen('n.txt', 'mine');
    expect(await sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(cloud.texts()).toEqual({ 'n.txt': 'mine', other: '1' });
  });

  it('should be looked at anew where a crash may have cut a write short', async () => {
    await synced({ 'n.txt': 'base', other: '1' });
    cloud.write('n.txt', 'the whole content');
    jupyter.before = request => {
      if (request.startsWith('PUT')) {
        jupyter.write(`${ROOT}/n.txt`, 'the wh', Date.now() - 5 * MINUTE);
        throw new Error('killed');
      }
    };
    expect((await sync()).state).toBe('failed');
    jupyter.before = null;
    const failing = cloud;
    failing.before = call => (call.call === 'read' ? offlineFor('n.txt') : undefined);
    expect((await sync()).state).toBe('partial');
    failing.before = null;
    changeUnseen('n.txt', 'person');
    await sync();
    await sync();
    expect(Object.values(jupyter.texts(ROOT)).sort()).toEqual(['1', 'person', 'the whole content']);
  });
});

describe('a folder that is to go', () => {
  it('should not go once somebody put a file in its place, however late', async () => {
    await synced({ 'd/a': '1', other: '2' });
    cloud.remove('d');
    let looks = 0;
    jupyter.before = request => {
      if (/^GET api\/contents\/project\/d\?.*content=0/.test(request)) {
        looks += 1;
      } else if (looks > 0 && /^GET api\/contents\/project\/d\?/.test(request)) {
        looks = -100;
        jupyter.remove(`${ROOT}/d`);
        jupyter.write(`${ROOT}/d`, 'mine');
      }
    };
    await sync();
    jupyter.before = null;
    await sync();
    expect(looks).toBeLessThan(0);
    expect(jupyter.texts(ROOT)).toEqual({ d: 'mine', other: '2' });
    expect(cloud.texts()).toEqual({ d: 'mine', other: '2' });
  });
});

describe('the requests of a run', () => {
  it('should be one listing a folder where nothing changed, and nothing else', async () => {
    await synced({ a: '1', 'd/b': '2', 'd/e/c': '3' });
    await sync();
    jupyter.requests.length = 0;
    await sync();
    expect(jupyter.requests.sort()).toEqual([
      'GET api/contents/project/d/e?type=directory&content=1&hash=0',
      'GET api/contents/project/d?type=directory&content=1&hash=0',
      'GET api/contents/project?type=directory&content=1&hash=0'
    ]);
  });

  it('should ask for the clock once in the life of a page', async () => {
    const { contents, settings } = jupyter;
    const replicas = new LocalReplicas({
      contents,
      serverSettings: settings,
      stateFolder: 'state',
      projects: () => [],
      helper: () => null
    });
    for (let edits = 1; edits <= 3; edits += 1) {
      jupyter.write(`${ROOT}/a`, `edit ${edits}`);
      cloud.write('b', `edit ${edits}`);
      const report = await engine.sync({ replicas: { local: replicas.at(ROOT), cloud } });
      expect(report.state).toBe('synced');
    }
    expect(jupyter.requests.filter(request => request === 'GET api')).toHaveLength(1);
  });
});

describe.each([0, 3, -3])('a file seen just after it was written (server %d h ahead)', hours => {
  const hashed = () => jupyter.requests.filter(request => request.includes('hash=1')).length;

  it('should be hashed once more, and then never', async () => {
    jupyter.skew = hours * 60 * MINUTE;
    jupyter.write(`${ROOT}/a`, '1');
    cloud.write('b', '2');
    await sync();
    const first = hashed();
    jupyter.skew += MINUTE;
    await sync();
    expect(hashed()).toBe(first + 2);
    const { commits } = engine.journal;
    for (let again = 1; again <= 2; again += 1) {
      jupyter.skew += MINUTE;
      await sync();
    }
    expect(hashed()).toBe(first + 2);
    expect(engine.journal.commits).toBe(commits);
  });

  it('should tell an edit that the listing can not show', async () => {
    jupyter.skew = hours * 60 * MINUTE;
    jupyter.write(`${ROOT}/a`, '1');
    await sync();
    changeUnseen('a', '2');
    jupyter.skew += MINUTE;
    await sync();
    expect(cloud.texts()).toEqual({ a: '2' });
  });
});

describe('a run that breaks off', () => {
  it('should report what was written here before, and not what is not known', async () => {
    await synced({ other: '1' });
    for (let index = 10; index < 50; index += 1) {
      cloud.write(`f${index}`, `text ${index}`);
    }
    let written = 0;
    jupyter.before = request => {
      if (request.startsWith('PUT') && (written += 1) > 25) {
        throw new Error('gone');
      }
    };
    const report = await sync();
    const held = Object.keys(jupyter.texts(ROOT)).filter(path => path !== 'other');
    expect(report).toMatchObject({ state: 'failed', stopReason: 'offline' });
    expect(held).toHaveLength(25);
    const told = report.actions.map(({ path }) => path).sort();
    expect(told.length).toBeGreaterThan(10);
    expect(held).toEqual(expect.arrayContaining(told));
    expect([...engine.journal.memory.base.keys()].sort()).toEqual([...told, 'other']);
    jupyter.before = null;
    const next = await sync();
    expect(next.state).toBe('synced');
    expect(next.actions.map(({ path }) => path).filter(path => told.includes(path))).toEqual([]);
    expect(jupyter.texts(ROOT)).toEqual(cloud.texts());
  });
});

function offlineFor(path: string) {
  return { path, code: 'failed', message: 'not now' } as const;
}
