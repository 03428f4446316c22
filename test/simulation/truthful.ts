import type { Journal } from '../../src/sync/memory';
import type { Device } from './device';
import type { Proof } from './proof';
import { Violation } from './violation';

/** Checks that the base says nothing but what both sides did hold. */
export function truthful(journal: Journal, { disk, scene }: Device, proof: Proof): Journal {
  const { world, cloud } = scene;
  return {
    load: async () => {
      const memory = await journal.load();
      proof.knows(memory);
      return memory;
    },
    intend: async intents => {
      world.log(`   intends ${intents.map(({ path }) => path).join(', ')}`);
      await journal.intend(intents);
    },
    commit: async change => {
      if (change.settled && change.settled.length > 0) {
        world.log(`   settles ${change.settled.join(', ')}`);
      }
      for (const [path, node] of change.base ?? []) {
        const sha256 = node?.sha256 ?? null;
        if (sha256 === null) {
          continue;
        }
        const held = {
          local: disk.everHeld(sha256),
          cloud: await cloud.everHeld(sha256)
        };
        if (!held.local || !held.cloud) {
          const side = held.local ? 'the cloud' : 'the folder';
          world.log(`   base[${path}] = ${sha256.slice(0, 8)}`);
          throw new Violation('base-truth', `"${path}" is agreed on, but ${side} never held that`);
        }
      }
      await journal.commit(change);
    }
  };
}
