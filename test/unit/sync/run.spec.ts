import { createHash } from 'node:crypto';

import { ReplicaError } from '../../../src/sync/problem';
import { Engine } from '../../support/engine';
import type { MemoryReplica } from '../../support/memory-replica';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const copyOf = (stem: string, extension: string, text: string) =>
  `${stem} (conflict ${sha(text).slice(0, 8)})${extension}`;

let engine: Engine;
let local: MemoryReplica;
let cloud: MemoryReplica;

beforeEach(() => {
  engine = new Engine();
  ({ local, cloud } = engine);
});

/** A project that is synced and holds these texts. */
async function synced(texts: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    local.write(path, text);
  }
  expect((await engine.sync()).state).toBe('synced');
}

describe('a run', () => {
  it('should carry what is new on either side to the other, empty folders too', async () => {
    local.write('here/a.txt', 'a');
    local.mkdir('empty/inner');
    cloud.write('there/b.txt', 'b');
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ 'here/a.txt': 'a', 'there/b.txt': 'b' });
    expect(local.directories()).toEqual(['empty', 'empty/inner', 'here', 'there']);
    expect(report).toMatchObject({ state: 'synced', stopReason: null, bytesUp: 1, bytesDown: 1 });
    expect(report.actions).toContainEqual({
      path: 'here/a.txt',
      side: 'cloud',
      kind: 'create',
      reason: 'new here',
      bytes: 1
    });
  });

  it('should write nothing, read nothing and save nothing the next time', async () => {
    await synced({ a: '1', 'd/b': '2' });
    cloud.write('c', '3');
    await engine.sync();
    const { commits } = engine.journal;
    const reads = [local.counts.reads, cloud.counts.reads];
    const hashed = [local.counts.hashed, cloud.counts.hashed];
    const report = await engine.sync();
    expect(report.actions).toEqual([]);
    expect([local.counts.reads, cloud.counts.reads]).toEqual(reads);
    expect([local.counts.hashed, cloud.counts.hashed]).toEqual(hashed);
    expect(engine.journal.commits).toBe(commits);
  });

  it('should carry edits and deletions both ways', async () => {
    await synced({ a: '1', b: '2', c: '3', 'd/e': '4', 'd/f': '5' });
    local.write('a', '1 here');
    cloud.write('b', '2 there');
    local.remove('c');
    cloud.remove('d');
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ a: '1 here', b: '2 there' });
    expect(report.actions.filter(action => action.kind === 'delete')).toHaveLength(4);
    expect(report.state).toBe('synced');
  });

  it('should adopt what is equal without moving a byte', async () => {
    for (const replica of [local, cloud]) {
      replica.write('a', 'same');
      replica.write('d/b', 'same too');
    }
    const report = await engine.sync();
    expect(report).toMatchObject({ actions: [], bytesUp: 0, bytesDown: 0, state: 'synced' });
    expect(engine.journal.memory.base.size).toBe(3);
    expect(local.counts.reads + cloud.counts.reads).toBe(0);
  });

  it('should keep both contents when both sides changed a file', async () => {
    await synced({ 'n.txt': 'base' });
    local.write('n.txt', 'mine');
    cloud.write('n.txt', 'theirs');
    const report = await engine.sync();
    const copy = copyOf('n', '.txt', 'mine');
    expect(engine.texts()).toEqual({ 'n.txt': 'theirs', [copy]: 'mine' });
    expect(report.state).toBe('conflicts');
    expect(report.conflicts).toEqual([
      { path: 'n.txt', copy, reason: 'changed here and in the cloud since the last sync' }
    ]);
    expect((await engine.sync()).conflicts).toHaveLength(1);
    expect(Object.keys(engine.texts())).toHaveLength(2);
  });

  it('should forget a conflict once its copy is gone', async () => {
    local.write('n.txt', 'mine');
    cloud.write('n.txt', 'theirs');
    await engine.sync();
    local.remove(copyOf('n', '.txt', 'mine'));
    expect(await engine.sync()).toMatchObject({ conflicts: [], state: 'synced' });
    expect(engine.journal.memory.conflicts).toEqual([]);
  });

  it('should let an edit win over a deletion, and say so', async () => {
    await synced({ a: '1', b: '2' });
    local.remove('a');
    cloud.write('a', '1 there');
    local.write('b', '2 here');
    cloud.remove('b');
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ a: '1 there', b: '2 here' });
    expect(report.actions.map(action => action.reason)).toEqual([
      'deleted here but changed in the cloud: the change is kept',
      'deleted in the cloud but changed here: the change is kept'
    ]);
  });

  it('should keep what is new or edited in a folder that the other side deleted, with its parents', async () => {
    await synced({ 'd/e/old': '1', 'd/e/edited': '2', 'd/gone/x': '3', keep: 'k' });
    local.remove('d');
    cloud.write('d/e/edited', '2 there');
    cloud.write('d/new', '4');
    await engine.sync();
    expect(engine.texts()).toEqual({ 'd/e/edited': '2 there', 'd/new': '4', keep: 'k' });
    expect(local.directories()).toEqual(['d', 'd/e']);
  });

  it.each(['local', 'cloud'] as const)(
    'should let the folder keep the name where the %s side has a file',
    async side => {
      const [file, folder] = side === 'local' ? [local, cloud] : [cloud, local];
      file.write('p.txt', 'a file');
      folder.write('p.txt/inner', 'in a folder');
      const report = await engine.sync();
      expect(engine.texts()).toEqual({
        'p.txt/inner': 'in a folder',
        [copyOf('p', '.txt', 'a file')]: 'a file'
      });
      expect(report.state).toBe('conflicts');
      expect((await engine.sync()).actions).toEqual([]);
    }
  );

  it('should carry a file that became a folder, and a folder that became a file', async () => {
    await synced({ a: '1', 'b/c': '2', keep: '3' });
    local.remove('a');
    local.write('a/inner', '1');
    local.remove('b');
    local.write('b', '2');
    await engine.sync();
    expect(engine.texts()).toEqual({ 'a/inner': '1', b: '2', keep: '3' });
  });

  it('should keep the folder when a file took its name and the other side edited inside', async () => {
    await synced({ 'b/c': '2', keep: '3' });
    local.remove('b');
    local.write('b', 'a file now');
    cloud.write('b/c', '2 there');
    await engine.sync();
    expect(engine.texts()).toEqual({
      'b/c': '2 there',
      keep: '3',
      [copyOf('b', '', 'a file now')]: 'a file now'
    });
  });

  it('should leave both sides and list the path when the policy is to ask', async () => {
    engine.policy = 'ask';
    local.write('n.txt', 'mine');
    cloud.write('n.txt', 'theirs');
    const report = await engine.sync();
    expect(report).toMatchObject({ actions: [], state: 'conflicts' });
    expect(report.conflicts).toMatchObject([{ path: 'n.txt', copy: null }]);
    expect(local.texts()).toEqual({ 'n.txt': 'mine' });
  });

  it('should change nothing in a dry run, and tell what it would do', async () => {
    local.write('a', '1');
    const report = await engine.sync({ dryRun: true });
    expect(report).toMatchObject({ dryRun: true, actions: [{ path: 'a', kind: 'create' }] });
    expect(cloud.texts()).toEqual({});
    expect(engine.journal.commits).toBe(0);
  });
});

describe('what is ignored', () => {
  it('should be neither carried nor deleted, and leave the base', async () => {
    await synced({ 'a.log': '1', b: '2' });
    engine.ignore = { patterns: ['*.log'], syncHidden: false };
    local.remove('a.log');
    cloud.write('.env', 'secret');
    cloud.write('x.log', 'new');
    expect((await engine.sync()).actions).toEqual([]);
    expect(cloud.texts()).toEqual({ '.env': 'secret', 'a.log': '1', b: '2', 'x.log': 'new' });
    expect([...engine.journal.memory.base.keys()]).toEqual(['b']);
  });

  it.each(['local', 'cloud'] as const)(
    'should keep its folder on the %s side when the other side deletes it, and not make it there again',
    async side => {
      const other = side === 'local' ? cloud : local;
      engine.ignore = { patterns: ['*.log'], syncHidden: false };
      await synced({ 'd/e/a.txt': '1', keep: '2' });
      engine[side].write('d/e/x.log', 'ignored');
      other.remove('d');
      const report = await engine.sync();
      expect(report.problems.map(({ path, code }) => [path, code])).toEqual([
        ['d/e', 'not-empty'],
        ['d', 'not-empty']
      ]);
      expect(engine[side].texts()).toEqual({ 'd/e/x.log': 'ignored', keep: '2' });
      expect(other.directories()).toEqual([]);
      expect(await engine.sync()).toMatchObject({ actions: [], problems: [], state: 'synced' });
      expect(other.directories()).toEqual([]);
      engine[side].write('d/new', 'synced again');
      await engine.sync();
      expect(other.texts()).toEqual({ 'd/new': 'synced again', keep: '2' });
    }
  );

  it.each([
    ['local', true],
    ['local', false],
    ['cloud', true],
    ['cloud', false]
  ] as const)(
    'should keep the name of its folder on the %s side from a file (known before: %s)',
    async (side, isKnown) => {
      const [folder, other] = [engine[side], side === 'local' ? cloud : local];
      engine.ignore = { patterns: ['*.log'], syncHidden: false };
      await synced({ keep: '1', ...(isKnown && { 'd/e/a.txt': '2' }) });
      folder.write('d/e/x.log', 'ignored');
      if (isKnown) {
        other.remove('d');
      }
      other.write('d', 'a file');
      const copy = copyOf('d', '', 'a file');
      expect(await engine.sync()).toMatchObject({ conflicts: [{ path: 'd', copy }] });
      expect(other.texts()).toEqual({ [copy]: 'a file', keep: '1' });
      expect(folder.texts()).toEqual({ [copy]: 'a file', 'd/e/x.log': 'ignored', keep: '1' });
      const next = await engine.sync();
      expect(next).toMatchObject({ actions: [], problems: [], state: 'conflicts' });
      expect(other.directories()).toEqual(['d']);
    }
  );

  it('should be merged as in a first sync once it is not ignored any more', async () => {
    engine.ignore = { patterns: ['*.log'], syncHidden: false };
    cloud.write('x.log', 'there');
    await engine.sync();
    engine.ignore = { patterns: [], syncHidden: false };
    await engine.sync();
    expect(engine.texts()).toEqual({ 'x.log': 'there' });
  });
});

describe('preconditions', () => {
  it('should not overwrite a local edit made while the run was on, and keep both', async () => {
    await synced({ 'n.txt': 'base' });
    cloud.write('n.txt', 'theirs');
    let edited = false;
    local.before = call => {
      if (call.call === 'apply' && !edited) {
        edited = true;
        local.write('n.txt', 'typed meanwhile');
      }
    };
    await engine.sync();
    expect(engine.texts()).toEqual({
      'n.txt': 'theirs',
      [copyOf('n', '.txt', 'typed meanwhile')]: 'typed meanwhile'
    });
  });

  it('should not delete in the cloud what a teammate changed while the run was on', async () => {
    await synced({ a: '1', b: '2' });
    local.remove('a');
    let edited = false;
    cloud.before = call => {
      if (call.call === 'apply' && !edited) {
        edited = true;
        cloud.write('a', 'changed meanwhile');
      }
    };
    await engine.sync();
    expect(engine.texts()).toEqual({ a: 'changed meanwhile', b: '2' });
  });

  it('should list a file that never stands still, and sync the others', async () => {
    await synced({ a: '0', b: '0' });
    let edits = 0;
    cloud.write('a', 'there');
    cloud.write('b', 'there');
    local.before = call => {
      if (call.call === 'apply' && call.operation.path === 'a') {
        local.write('a', `edit ${(edits += 1)}`);
      }
    };
    const report = await engine.sync();
    expect(report.state).toBe('partial');
    expect(report.problems.map(({ path, code }) => [path, code])).toContainEqual(['a', 'busy']);
    expect(local.texts().b).toBe('there');
  });

  it('should never take content away before its conflict copy is on both sides', async () => {
    await synced({ 'n.txt': 'base', other: '1' });
    local.write('n.txt', 'mine');
    cloud.write('n.txt', 'theirs');
    cloud.before = call =>
      call.call === 'apply' && call.operation.path.includes('conflict')
        ? { path: call.operation.path, code: 'quota-exceeded', message: 'full' }
        : undefined;
    const report = await engine.sync();
    expect(local.texts()['n.txt']).toBe('mine');
    expect(report.state).toBe('partial');
    cloud.before = null;
    await engine.sync();
    expect(Object.values(engine.texts()).sort()).toEqual(['1', 'mine', 'theirs']);
  });
});

describe('problems and failures', () => {
  it('should keep one failing path from blocking the others, and out of the base', async () => {
    for (const name of ['a', 'b', 'c']) {
      cloud.write(name, name);
    }
    local.before = call =>
      call.call === 'apply' && call.operation.path === 'b'
        ? { path: 'b', code: 'disk-full', message: 'The disk is full.' }
        : undefined;
    const report = await engine.sync();
    expect(report).toMatchObject({
      state: 'partial',
      problems: [{ path: 'b', code: 'disk-full', message: 'The disk is full.' }]
    });
    expect([...engine.journal.memory.base.keys()].sort()).toEqual(['a', 'c']);
    local.before = null;
    expect((await engine.sync()).actions.map(action => action.path)).toEqual(['b']);
    expect(engine.texts()).toEqual({ a: 'a', b: 'b', c: 'c' });
  });

  it('should conclude nothing from what could not be seen', async () => {
    await synced({ 'd/a': '1', 'd/b': '2', c: '3' });
    local.unknown.add('d');
    const report = await engine.sync();
    expect(report).toMatchObject({ actions: [], state: 'partial' });
    expect(Object.keys(cloud.texts())).toEqual(['c', 'd/a', 'd/b']);
  });

  it('should report a side that is out of reach, remember what was done, and go on the next time', async () => {
    local.write('a', '1');
    cloud.write('b', '2');
    cloud.before = call => {
      if (call.call === 'read') {
        throw new ReplicaError('offline', 'The cloud does not answer.');
      }
    };
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'failed', stopReason: 'offline' });
    expect(report.problems).toEqual([
      { path: '', code: 'offline', message: 'The cloud does not answer.' }
    ]);
    cloud.before = null;
    expect((await engine.sync()).state).toBe('synced');
    expect(engine.texts()).toEqual({ a: '1', b: '2' });
  });

  it('should stop where it is when it is cancelled, and lose nothing', async () => {
    local.write('a', '1');
    const controller = new AbortController();
    cloud.before = () => controller.abort();
    const report = await engine.sync({ signal: controller.signal });
    expect(report.problems).toMatchObject([{ code: 'cancelled' }]);
    cloud.before = null;
    await engine.sync();
    expect(engine.texts()).toEqual({ a: '1' });
  });

  it('should list names that a side can not hold, and delete nothing for them', async () => {
    engine.ignore = { patterns: [], syncHidden: true };
    const refusing = new Engine();
    refusing.local.refuses = path =>
      path.startsWith('.') ? { path, code: 'not-visible', message: 'hidden' } : null;
    refusing.ignore = engine.ignore;
    refusing.cloud.write('.env', 'secret');
    refusing.cloud.write('a', '1');
    expect((await refusing.sync()).problems).toEqual([
      { path: '.env', code: 'not-visible', message: 'hidden' }
    ]);
    await refusing.sync();
    expect(Object.keys(refusing.cloud.texts())).toEqual(['.env', 'a']);
  });
});

describe('intents', () => {
  it('should be saved before the first local write, and settled after', async () => {
    cloud.write('a', 'whole');
    let intendedBefore = 0;
    local.before = call => {
      if (call.call === 'apply') {
        intendedBefore = engine.journal.memory.intents.length;
      }
    };
    await engine.sync();
    expect(intendedBefore).toBe(1);
    expect(engine.journal.memory.intents).toEqual([]);
  });

  it.each(['', 'the wh'])('should write a file again that a crash left at %p', async part => {
    await synced({ a: 'before', b: '1' });
    cloud.write('a', 'the whole content');
    local.before = call => {
      if (call.call === 'apply') {
        local.write('a', part);
        throw new ReplicaError('offline', 'killed');
      }
    };
    await engine.sync();
    expect(local.texts().a).toBe(part);
    local.before = null;
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ a: 'the whole content', b: '1' });
    expect(report).toMatchObject({ conflicts: [], state: 'synced' });
    expect(engine.journal.memory.intents).toEqual([]);
  });

  it('should write again even what the cloud has replaced meanwhile, and then carry the newer', async () => {
    await synced({ a: 'before', b: '1' });
    cloud.write('a', 'the whole content');
    local.before = call => {
      if (call.call === 'apply') {
        local.write('a', 'the wh');
        throw new ReplicaError('offline', 'killed');
      }
    };
    await engine.sync();
    local.before = null;
    cloud.write('a', 'newer still');
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ a: 'newer still', b: '1' });
    expect(report).toMatchObject({ conflicts: [], state: 'synced' });
  });

  it('should take any other content for a person’s edit', async () => {
    await synced({ 'a.txt': 'before', b: '1' });
    cloud.write('a.txt', 'the whole content');
    local.before = call => {
      if (call.call === 'apply') {
        local.write('a.txt', 'typed');
        throw new ReplicaError('offline', 'killed');
      }
    };
    await engine.sync();
    local.before = null;
    await engine.sync();
    expect(Object.values(engine.texts()).sort()).toEqual(['1', 'the whole content', 'typed']);
  });

  it('should not take a half-written conflict copy for a file of its own', async () => {
    await synced({ 'n.txt': 'base', b: '1' });
    local.write('n.txt', 'my own content');
    cloud.write('n.txt', 'theirs');
    const copy = copyOf('n', '.txt', 'my own content');
    local.before = call => {
      if (call.call === 'apply' && call.operation.path === copy) {
        local.write(copy, 'my o');
        throw new ReplicaError('offline', 'killed');
      }
    };
    await engine.sync();
    local.before = null;
    await engine.sync();
    expect(engine.texts()).toEqual({ 'n.txt': 'theirs', [copy]: 'my own content', b: '1' });
  });
});

describe('guards', () => {
  const many = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`f${i}`, `${i}`]));

  it('should stop before deleting more than half of the files, and still create what is new', async () => {
    await synced(many);
    for (let i = 0; i < 6; i++) {
      local.remove(`f${i}`);
    }
    local.write('new', 'new');
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'stopped', stopReason: 'mass-delete' });
    expect(Object.keys(cloud.texts())).toHaveLength(11);
    expect(report.actions.map(action => action.path)).toEqual(['new']);
  });

  it('should let exactly half go', async () => {
    await synced(many);
    for (let i = 0; i < 5; i++) {
      local.remove(`f${i}`);
    }
    expect((await engine.sync()).state).toBe('synced');
    expect(Object.keys(cloud.texts())).toHaveLength(5);
  });

  /** Does this when the run first deletes in the cloud. */
  const onFirstDeletion = (act: () => void) => {
    let acted = false;
    cloud.before = call => {
      if (call.call === 'apply' && call.operation.op === 'delete' && !acted) {
        acted = true;
        act();
      }
    };
  };

  it('should count what its run deleted in former rounds', async () => {
    await synced(many);
    ['f0', 'f1', 'f2', 'f3'].forEach(path => local.remove(path));
    onFirstDeletion(() => {
      cloud.write('f3', 'edited meanwhile');
      ['f4', 'f5', 'f6'].forEach(path => local.remove(path));
    });
    expect(await engine.sync()).toMatchObject({ state: 'stopped', stopReason: 'mass-delete' });
    expect(Object.keys(cloud.texts())).toEqual(['f3', 'f4', 'f5', 'f6', 'f7', 'f8', 'f9']);
  });

  it('should let exactly half go over the rounds of a run', async () => {
    await synced(many);
    ['f0', 'f1', 'f2', 'f3'].forEach(path => local.remove(path));
    onFirstDeletion(() => {
      cloud.write('f3', 'edited meanwhile');
      ['f4', 'f5'].forEach(path => local.remove(path));
    });
    expect(await engine.sync()).toMatchObject({ state: 'synced' });
    expect(Object.keys(engine.texts())).toEqual(['f3', 'f6', 'f7', 'f8', 'f9']);
  });

  it('should stop when a root was emptied over the rounds of a run', async () => {
    await synced({ a: '1', b: '2', c: '3' });
    ['a', 'b'].forEach(path => local.remove(path));
    cloud.write('n', 'new');
    cloud.before = call => {
      if (call.call === 'read') {
        cloud.remove('n');
      } else if (call.call === 'apply') {
        local.remove('c');
      }
    };
    expect(await engine.sync()).toMatchObject({ state: 'stopped', stopReason: 'root-emptied' });
    expect(cloud.texts()).toEqual({ c: '3' });
  });

  it('should not take for emptied what could not be looked at', async () => {
    await synced({ 'd/a': '1', 'd/b': '2', c: '3' });
    local.unknown.add('d');
    local.remove('c');
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'partial', stopReason: null });
    expect(cloud.texts()).toEqual({ 'd/a': '1', 'd/b': '2' });
  });

  it('should not take for emptied a side that the run itself emptied', async () => {
    await synced({ a: '1', b: '2', c: '3' });
    cloud.remove('c');
    local.remove('a');
    local.remove('b');
    let acted = false;
    local.before = call => {
      if (call.call === 'apply' && !acted) {
        acted = true;
        local.write('c', 'edited meanwhile');
      }
    };
    expect(await engine.sync()).toMatchObject({ state: 'synced' });
    expect(engine.texts()).toEqual({ c: 'edited meanwhile' });
  });

  it('should stop when every file of ten changed on one side over the rounds of a run', async () => {
    await synced(many);
    ['f0', 'f1'].forEach(path => cloud.write(path, `encrypted ${path}`));
    local.remove('f9');
    onFirstDeletion(() => {
      Object.keys(many).forEach(path => cloud.write(path, `encrypted ${path}`));
    });
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'stopped', stopReason: 'all-changed' });
    expect(local.texts()).toMatchObject({ f2: '2', f8: '8' });
  });

  it('should not ask again of what was approved, in a later round', async () => {
    await synced(many);
    for (let i = 0; i < 6; i++) {
      local.remove(`f${i}`);
    }
    await engine.sync();
    onFirstDeletion(() => {
      cloud.write('f5', 'edited meanwhile');
      local.write('f9', 'edited too');
    });
    const word = { kind: 'approve', takings: engine.takings } as const;
    expect(await engine.sync({ word })).toMatchObject({ state: 'synced' });
    expect(engine.texts()).toEqual({
      f5: 'edited meanwhile',
      f6: '6',
      f7: '7',
      f8: '8',
      f9: 'edited too'
    });
  });

  it('should stop when a root is gone or emptied', async () => {
    await synced({ a: '1', b: '2' });
    local.root = 'missing';
    expect(await engine.sync()).toMatchObject({ state: 'stopped', stopReason: 'root-missing' });
    local.root = 'present';
    local.remove('a');
    local.remove('b');
    expect(await engine.sync()).toMatchObject({ state: 'stopped', stopReason: 'root-emptied' });
    expect(cloud.texts()).toEqual({ a: '1', b: '2' });
  });

  it('should stop when every file of ten changed on one side', async () => {
    await synced(many);
    for (const name of Object.keys(many)) {
      cloud.write(name, `encrypted ${name}`);
    }
    expect(await engine.sync()).toMatchObject({ state: 'stopped', stopReason: 'all-changed' });
    expect(local.texts()).toEqual(many);
  });

  it('should stop when the cloud is not the one that was known', async () => {
    await synced({ a: '1', b: '2' });
    cloud.root = 'restored';
    cloud.remove('a');
    expect(await engine.sync()).toMatchObject({ state: 'stopped', stopReason: 'cloud-restored' });
    expect(local.texts()).toEqual({ a: '1', b: '2' });
  });
});

describe('resolving a conflict', () => {
  beforeEach(async () => {
    await synced({ 'n.txt': 'base' });
    local.write('n.txt', 'mine');
    cloud.write('n.txt', 'theirs');
    await engine.sync();
  });

  it.each([
    ['keep-local', { 'n.txt': 'mine' }],
    ['keep-cloud', { 'n.txt': 'theirs' }],
    ['keep-both', { 'n.txt': 'theirs', [copyOf('n', '.txt', 'mine')]: 'mine' }]
  ] as const)('should do what %s says on both sides', async (choice, expected) => {
    const [conflict] = engine.journal.memory.conflicts;
    const report = await engine.sync({ resolution: { conflict: conflict!, choice } });
    expect(report).toMatchObject({ state: 'synced', conflicts: [] });
    expect(engine.texts()).toEqual(expected);
    expect(await engine.sync()).toMatchObject({ actions: [], conflicts: [], state: 'synced' });
  });

  it('should not take away what changed since', async () => {
    const [conflict] = engine.journal.memory.conflicts;
    local.write('n.txt', 'changed again');
    const report = await engine.sync({ resolution: { conflict: conflict!, choice: 'keep-local' } });
    expect(report.problems).toMatchObject([{ path: 'n.txt', code: 'busy' }]);
    expect(local.texts()['n.txt']).toBe('changed again');
  });

  it.each(['keep-local', 'keep-cloud'] as const)(
    'should say that a folder keeps its name, whoever chooses %s, and take nothing away',
    async choice => {
      cloud.write('p', 'a file');
      local.write('p/inner', 'in a folder');
      await engine.sync();
      const conflict = engine.journal.memory.conflicts.find(({ path }) => path === 'p');
      const before = engine.texts();
      const report = await engine.sync({ resolution: { conflict: conflict!, choice } });
      expect(report.problems).toMatchObject([{ path: 'p', code: 'failed' }]);
      expect(report.actions).toEqual([]);
      expect(engine.texts()).toEqual(before);
      await engine.sync({ resolution: { conflict: conflict!, choice: 'keep-both' } });
      expect(engine.journal.memory.conflicts.map(({ path }) => path)).toEqual(['n.txt']);
    }
  );
});
