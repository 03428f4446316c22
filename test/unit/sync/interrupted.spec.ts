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
