import { describeReplica } from '../../conformance/replica';
import { MemoryReplica } from '../../support/memory-replica';
import type { ReplicaUnderTest } from '../../conformance/replica';
import type { Side } from '../../../src/sync/entry';

function make(side: Side): ReplicaUnderTest {
  const replica = new MemoryReplica({ side });
  return {
    replica,
    outside: {
      write: (path, content) => replica.write(path, content),
      remove: path => replica.remove(path),
      mkdir: path => replica.mkdir(path),
      files: () => replica.files(),
      removeRoot: () => {
        replica.root = 'missing';
      }
    },
    hashed: () => replica.counts.hashed,
    dispose: () => undefined
  };
}

describeReplica('MemoryReplica of the local side', () => make('local'));
describeReplica('MemoryReplica of the cloud', () => make('cloud'));
