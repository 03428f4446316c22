import { createHash } from 'node:crypto';

import type { World } from './world';

/** The world's time and timers in place of the process's own. */
export function useWorld(world: World): () => void {
  const natives = {
    now: Date.now,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    getRandomValues: crypto.getRandomValues.bind(crypto)
  };
  Date.now = () => world.now + world.pageSkew;
  Object.assign(globalThis, { setTimeout: world.setTimeout, clearTimeout: world.clearTimeout });
  crypto.getRandomValues = array => {
    if (array instanceof Uint8Array) {
      array.forEach((_, index) => (array[index] = world.random.below(256)));
    }
    return array;
  };
  // The platform's own works beside the event loop, and ends when it likes.
  Object.defineProperty(crypto, 'subtle', {
    configurable: true,
    value: {
      digest: (_: string, bytes: Uint8Array<ArrayBuffer>) =>
        Promise.resolve(new Uint8Array(createHash('sha256').update(bytes).digest()).buffer)
    }
  });
  return () => {
    Reflect.deleteProperty(crypto, 'subtle');
    Date.now = natives.now;
    Object.assign(globalThis, {
      setTimeout: natives.setTimeout,
      clearTimeout: natives.clearTimeout
    });
    crypto.getRandomValues = natives.getRandomValues;
  };
}
