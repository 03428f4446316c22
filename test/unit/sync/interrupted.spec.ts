import { ReplicaError } from '../../../src/sync/problem';
import { Engine } from '../../support/engine';

const offline = () => {
  throw new ReplicaError('offline', 'away');
};

/** Seen by the simulation first. */
describe('a run after one that was interrupted', () => {
  it('should keep the intent of a write although an older one for the same path was settled', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    cloud.write('d', 'old');
    await engine.sync();

    cloud.write('d', 'new');
    local.after = offline;
    await engine.sync();
    local.after = null;
    local.write('d', 'edited by a person');

    local.before = call => {
      if (call.call === 'apply' && call.operation.op === 'put' && call.operation.path === 'd') {
        offline();
      }
    };
    expect((await engine.sync()).stopReason).toBe('offline');
    expect(engine.journal.memory.intents.map(({ path }) => path)).toContain('d');
  });

  it('should settle the intents once all is written', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    cloud.write('d', 'old');
    local.after = offline;
    await engine.sync();
    local.after = null;
    expect(engine.journal.memory.intents).toHaveLength(1);
    await engine.sync();
    expect(engine.journal.memory.intents).toEqual([]);
  });
});

describe('a file that was half written', () => {
  /** What is left when the server is killed in mid-write, and the next run's engine. */
  async function halfWritten(): Promise<Engine> {
    const engine = new Engine();
    const { local, cloud } = engine;
    cloud.write('f', 'old');
    await engine.sync();
    cloud.write('f', 'the new content');
    local.before = call => {
      if (call.call === 'apply') {
        local.write('f', 'the n');
        offline();
      }
    };
    expect((await engine.sync()).stopReason).toBe('offline');
    local.before = null;
    return engine;
  }

  it('should not be taken for an edit while it can not be written again', async () => {
    const engine = await halfWritten();
    const { local, cloud } = engine;
    local.before = call =>
      call.call === 'apply' ? { path: 'f', code: 'disk-full', message: 'full' } : undefined;
    const report = await engine.sync();
    expect(report.problems.map(({ path, code }) => [path, code])).toEqual([['f', 'disk-full']]);
    expect(cloud.texts()).toEqual({ f: 'the new content' });

    local.before = null;
    expect((await engine.sync()).state).toBe('synced');
    expect(engine.texts()).toEqual({ f: 'the new content' });
  });

  it('should not be forgotten while a scan can not look at it', async () => {
    const engine = await halfWritten();
    const { local, cloud } = engine;
    local.unknown.add('f');
    await engine.sync();
    local.unknown.clear();
    expect((await engine.sync()).state).toBe('synced');
    expect(engine.texts()).toEqual({ f: 'the new content' });
    expect(cloud.texts()).toEqual({ f: 'the new content' });
  });

  it('should not be taken for an edit while it can not be read', async () => {
    const engine = await halfWritten();
    const { local, cloud } = engine;
    local.before = call =>
      call.call === 'read' ? { path: 'f', code: 'unreadable', message: 'no' } : undefined;
    const report = await engine.sync();
    expect(report.problems.map(({ path, code }) => [path, code])).toEqual([['f', 'unreadable']]);
    expect(cloud.texts()).toEqual({ f: 'the new content' });

    local.before = null;
    expect((await engine.sync()).state).toBe('synced');
    expect(engine.texts()).toEqual({ f: 'the new content' });
  });
});

describe('a conflict copy that was half written', () => {
  it('should not be made again beside it where a folder took the file’s name', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    local.write('d/e', 'in the folder');
    cloud.write('d', 'the file');
    let copy = '';
    local.before = call => {
      if (call.call === 'apply' && call.operation.op === 'put') {
        copy = call.operation.path;
        local.write(copy, 'the f');
        offline();
      }
    };
    await engine.sync();
    local.before = call =>
      call.call === 'apply' ? { path: copy, code: 'disk-full', message: 'full' } : undefined;
    await engine.sync();
    local.before = null;
    await engine.sync();
    await engine.sync();
    expect(engine.texts()).toEqual({ 'd/e': 'in the folder', [copy]: 'the file' });
  });

  it('should be completed when the half came from a page that went, while this one made the copy', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    cloud.write('f', 'old');
    await engine.sync();
    local.write('f', 'the local content');
    cloud.write('f', 'the cloud’s');
    let copy = '';
    local.before = call => {
      if (call.call === 'apply' && call.operation.op === 'put' && copy === '') {
        copy = call.operation.path;
        local.write(copy, 'the loc');
      }
    };
    await engine.sync();
    await engine.sync();
    expect(copy).toContain('(conflict ');
    expect(engine.texts()).toEqual({ f: 'the cloud’s', [copy]: 'the local content' });
    expect(engine.journal.memory.intents).toEqual([]);
  });

  it('should be completed when the half of a new file came late, from a page that went', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    cloud.write('f', 'the new content');
    local.before = call => (call.call === 'apply' ? offline() : undefined);
    expect((await engine.sync()).stopReason).toBe('offline');
    // The page that tried it before has gone; what it sent is only now carried out.
    let isLate = false;
    local.before = call => {
      if (call.call === 'apply' && !isLate) {
        isLate = true;
        local.write('f', 'the n');
      }
    };
    await engine.sync();
    await engine.sync();
    expect(engine.texts()).toEqual({ f: 'the new content' });
    expect(engine.journal.memory.intents).toEqual([]);
  });

  it('should be written again from the cloud when its original was edited since', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    // A folder of files keeps nothing of what was.
    local.recall = () => Promise.resolve(null);
    cloud.write('f', 'old');
    await engine.sync();
    cloud.write('f', 'of the cloud');
    local.write('f', 'of this folder');
    let copy = '';
    const isMadeInCloud = new Promise<void>(resolve => {
      cloud.after = call => {
        if (call.call === 'apply') {
          resolve();
        }
      };
    });
    local.before = async call => {
      if (call.call === 'apply' && call.operation.op === 'put') {
        copy = call.operation.path;
        local.write(copy, 'of th');
        await isMadeInCloud;
        offline();
      }
    };
    await engine.sync();
    local.before = null;
    expect(copy).toContain('(conflict');
    local.write('f', 'edited');

    await engine.sync();
    expect(Object.values(engine.texts()).sort()).toEqual([
      'edited',
      'of the cloud',
      'of this folder'
    ]);
  });
});

describe('a file that may be cut short for good', () => {
  it('should be told although the run looks again for something else', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    local.recall = () => Promise.resolve(null);
    cloud.write('f', 'of the cloud');
    local.write('f', 'of this folder');
    let copy = '';
    cloud.before = call =>
      call.call === 'apply' ? { path: 'f', code: 'quota-exceeded', message: 'full' } : undefined;
    local.before = call => {
      if (call.call === 'apply') {
        copy = call.operation.path;
        local.write(copy, 'of th');
        offline();
      }
    };
    await engine.sync();
    cloud.before = null;
    local.before = null;
    local.write('f', 'edited');
    cloud.write('g', '1');
    let rounds = 0;
    local.before = call => {
      if (call.call === 'scan') {
        rounds += 1;
      } else if (call.call === 'apply' && call.operation.path === 'g' && rounds === 1) {
        local.write('g', '2');
      }
    };

    const report = await engine.sync();
    expect(rounds).toBeGreaterThan(1);
    expect(report.problems.map(({ path, code }) => [path, code])).toEqual([[copy, 'interrupted']]);
  });
});

describe('a side that was emptied, and is to be restored', () => {
  it('should get back what the other side has, moved and edited since', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    ['a', 'b', 'c'].forEach(name => local.write(name, `text of ${name}`));
    await engine.sync();
    local.remove('a');
    local.remove('b');
    local.remove('c');
    cloud.rename('b', 'moved');
    cloud.write('c', 'edited');
    expect((await engine.sync()).stopReason).toBe('root-emptied');
    const report = await engine.sync({ word: { kind: 'restore' } });
    expect(report.state).toBe('synced');
    expect(engine.texts()).toEqual({ a: 'text of a', moved: 'text of b', c: 'edited' });
  });
});

describe('a run that fails as a whole', () => {
  it('should leave no intent for a write that never began, so that a later edit is a person’s', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    local.write('n.txt', 'one\ntwo\n');
    local.write('keep', 'k');
    await engine.sync();
    cloud.write('n.txt', 'one\ntwo\nthree\n');
    cloud.before = call => {
      if (call.call === 'read') {
        offline();
      }
    };
    await engine.sync();
    expect(engine.journal.memory.intents).toEqual([]);
    cloud.before = null;
    local.write('n.txt', 'one\n');
    expect((await engine.sync()).state).toBe('conflicts');
    expect(Object.values(engine.texts()).sort()).toEqual(['k', 'one\n', 'one\ntwo\nthree\n']);
  });

  it('should begin nothing more in the other direction, and have ended all when it reports', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    local.write('up', '1');
    for (let index = 0; index < 450; index++) {
      cloud.write(`down${index}`, `${index}`);
    }
    cloud.before = call => {
      if (call.call === 'apply') {
        offline();
      }
    };
    const report = await engine.sync();
    expect(report.stopReason).toBe('offline');
    const written = local.files().size;
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(local.files().size).toBe(written);
    expect(written).toBeLessThan(450);
    const told = report.actions.filter(({ side }) => side === 'local').length;
    expect(told).toBe(written - 1);
  });

  it('should await the other side’s look before it reports', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    let ended = false;
    cloud.before = offline;
    local.before = async () => {
      await new Promise(resolve => setTimeout(resolve, 20));
      ended = true;
    };
    expect((await engine.sync()).stopReason).toBe('offline');
    expect(ended).toBe(true);
  });

  it('should not take what could not be seen for what was not half written', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    cloud.write('f', 'old');
    cloud.write('keep', 'k');
    await engine.sync();
    cloud.write('f', 'the new content');
    local.before = call => {
      if (call.call === 'apply') {
        local.write('f', 'the n');
        offline();
      }
    };
    await engine.sync();
    local.before = null;
    local.unknown.add('f');
    await engine.sync();
    local.unknown.delete('f');
    const report = await engine.sync();
    expect(engine.texts()).toEqual({ f: 'the new content', keep: 'k' });
    expect(report.conflicts).toEqual([]);
  });
});

describe('a conflict copy that was half written', () => {
  it('should not be made a second time under another name', async () => {
    const engine = new Engine();
    const { local, cloud } = engine;
    local.write('f', 'old');
    await engine.sync();
    local.write('f', 'mine, and longer');
    cloud.write('f', 'theirs');
    local.before = call => {
      if (call.call === 'apply' && call.operation.path.includes('(conflict')) {
        local.write(call.operation.path, 'mine');
        offline();
      }
    };
    expect((await engine.sync()).stopReason).toBe('offline');
    local.before = call =>
      call.call === 'apply'
        ? { path: call.operation.path, code: 'disk-full', message: 'full' }
        : undefined;
    await engine.sync();
    local.before = null;
    expect((await engine.sync()).state).toBe('conflicts');
    expect(Object.values(engine.texts()).sort()).toEqual(['mine, and longer', 'theirs']);
  });
});
